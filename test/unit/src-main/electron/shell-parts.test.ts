/** Parts of the desktop shell that are right or wrong without a window. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { MenuItemConstructorOptions } from 'electron';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Presence } from '../../../../src-main/app.ts';
import { translatorFor } from '../../../../src-main/program/texts.ts';
import { loadTexts } from '../../../support/texts.ts';

const electron = vi.hoisted(() => ({
  loginItem: [] as unknown[],
  module: {} as Record<string, unknown>,
}));
vi.mock('electron', () => ({
  app: {
    setLoginItemSettings: (settings: unknown) => electron.loginItem.push(settings),
    getLoginItemSettings: () => ({ openAtLogin: electron.loginItem.length > 0 }),
  },
  clipboard: {},
  dialog: {},
  Menu: {},
  nativeImage: {},
  BrowserWindow: {},
  Notification: {},
  Tray: {},
}));

const { contextMenuTemplate } = await import('../../../../src-main/electron/context-menu.ts');
const { createCrashBudget, healthyMs } = await import('../../../../src-main/electron/health.ts');
const { createLoginItem } = await import('../../../../src-main/electron/login-item.ts');
const { menuTemplate } = await import('../../../../src-main/electron/menu.ts');
const { newsText } = await import('../../../../src-main/electron/notifications.ts');
const { exportsIn } = await import('../../../../src-main/electron/open-files.ts');
const { trayTemplate } = await import('../../../../src-main/electron/tray.ts');
const { findNewerVersion } = await import('../../../../src-main/electron/updates.ts');

const texts = loadTexts();
const t = translatorFor(texts, 'en');
type Item = MenuItemConstructorOptions;
const platforms = ['linux', 'win32', 'darwin'] as const;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'shell parts '));
});
afterEach(() => rmSync(dir, { recursive: true }));

const all = (items: readonly Item[]): Item[] =>
  items.flatMap((item) => [item, ...all((item.submenu as Item[] | undefined) ?? [])]);

describe('the menu', () => {
  const actions = { showDataFolder: vi.fn(), showSettings: vi.fn() };

  it.each(['en', 'de'])('has words in %s, on every platform', (locale) => {
    for (const platform of platforms) {
      const items = all(menuTemplate(translatorFor(texts, locale), platform, actions));
      for (const item of items) expect(item.label ?? item.type).toBeTruthy();
      expect(items.filter(({ role }) => role === 'quit')).toHaveLength(1);
      expect(items.filter(({ role }) => role === 'about')).toHaveLength(1);
      const zoom = items.filter(({ role }) => role === 'zoomIn');
      expect(zoom.map(({ accelerator, visible }) => [accelerator, visible])).toEqual([
        [undefined, undefined],
        ['CommandOrControl+=', false],
      ]);
    }
  });

  it('is a Mac’s on macOS: window, help, zoom, front, and the settings in the program’s own', () => {
    const [program, ...others] = menuTemplate(t, 'darwin', actions);
    const settings = all([program!]).find(
      ({ accelerator }) => accelerator === 'CommandOrControl+,',
    );
    (settings!.click as () => void)();
    expect(actions.showSettings).toHaveBeenCalledOnce();
    const roles = all(others).map(({ role }) => role);
    for (const role of ['window', 'help', 'zoom', 'front', 'minimize'])
      expect(roles).toContain(role);
  });

  it('leads to settings and data folder on Linux and Windows', () => {
    const items = all(menuTemplate(translatorFor(texts, 'de'), 'win32', actions));
    (items.find(({ label }) => label === 'Datenordner anzeigen')!.click as () => void)();
    expect(actions.showDataFolder).toHaveBeenCalledOnce();
    expect(items.map(({ label }) => label)).toContain('Einstellungen …');
  });
});

describe('a right click', () => {
  const editFlags = { canCut: true, canCopy: true, canPaste: false, canSelectAll: true } as never;
  const on = (clicked: object, copied: (text: string) => void = () => undefined): Item[] =>
    contextMenuTemplate(
      translatorFor(texts, 'de'),
      { isEditable: false, selectionText: '', linkURL: '', editFlags, ...clicked },
      copied,
    );

  it('edits a field, copies what is selected, copies a link, else offers nothing', () => {
    expect(on({ isEditable: true }).map(({ label, enabled }) => [label, enabled])).toEqual([
      ['Ausschneiden', true],
      ['Kopieren', true],
      ['Einfügen', false],
      ['Alles auswählen', true],
    ]);
    expect(on({ selectionText: 'words' }).map(({ role }) => role)).toEqual(['copy']);
    const copied = vi.fn();
    const [link] = on({ linkURL: 'https://portal.example/x' }, copied);
    expect(link!.label).toBe('Link kopieren');
    (link!.click as () => void)();
    expect(copied).toHaveBeenCalledWith('https://portal.example/x');
    expect(on({})).toEqual([]);
    expect(on({ linkURL: 'javascript:alert(1)' })).toEqual([]);
  });
});

describe('beside the clock', () => {
  const presence: Presence = {
    portal: 'online',
    viewsToday: 3,
    importing: null,
    settings: {
      ...{ stayOnline: true, keepAwake: true, notifyImports: true, notifyFirstView: false },
      checkForUpdates: false,
    },
  };
  const actions = { open: vi.fn(), setPages: vi.fn(), quit: vi.fn() };

  it('stand state and actions', () => {
    const links = [{ label: 'Harbour', url: 'https://portal.example/x' }];
    const items = trayTemplate(t, presence, links, actions);
    expect(items.map(({ label }) => label)).toEqual([
      'Online · 3 views today',
      undefined,
      'Open Customer Portal',
      'Copy link',
      'Pause all pages',
      undefined,
      'Quit Customer Portal',
    ]);
    (items[4]!.click as () => void)();
    expect(actions.setPages).toHaveBeenCalledWith('paused');
  });

  it('nothing can be copied that may not be seen, and pages go on again', () => {
    const items = trayTemplate(t, { ...presence, portal: 'stopped' }, [], actions);
    expect(items.map(({ label }) => label)).not.toContain('Copy link');
    const resume = items.find(({ label }) => label === 'Put pages online');
    (resume!.click as () => void)();
    expect(actions.setPages).toHaveBeenLastCalledWith('online');
  });

  it('news have no names while the app is locked, and none that nobody wants', () => {
    const { settings } = presence;
    const view = { kind: 'first_view', shareId: 7, label: 'Harbour' } as const;
    expect(newsText(t, view, settings, false)).toBeNull();
    const wanted = { ...settings, notifyFirstView: true };
    expect(newsText(t, view, wanted, false)).toMatchObject({ body: 'Harbour' });
    expect(newsText(t, view, wanted, true)).toMatchObject({ body: '' });
    const changed = { kind: 'imported', fileName: 'a.csv', inserted: 0, updated: 2 } as const;
    expect(newsText(t, changed, settings, false)!.title).toBe('2 records changed by an import');
    expect(newsText(t, changed, { ...settings, notifyImports: false }, false)).toBeNull();
  });
});

it('a page that was well for a minute may crash three times again', () => {
  let now = 0;
  const budget = createCrashBudget({ now: () => new Date(now) });
  const crash = (): boolean => {
    now += 1000;
    return budget.mayReload();
  };
  expect([crash(), crash(), crash(), crash()]).toEqual([true, true, true, false]);
  now += healthyMs;
  expect([crash(), crash(), crash(), crash()]).toEqual([true, true, true, false]);
});

describe('starting at login', () => {
  const command = {
    executable: '/opt/My "Apps"/$portal',
    args: ['--hidden', '--data', '/home/a b/100%'],
  };

  it('is an autostart file on Linux, quoted as the specification wants', () => {
    const item = createLoginItem(command, { platform: 'linux', env: { XDG_CONFIG_HOME: dir } });
    expect(item.isOn()).toBe(false);
    item.set(true);
    expect(item.isOn()).toBe(true);
    item.set(false);
    expect(item.isOn()).toBe(false);
  });

  it('says so where the system refuses', () => {
    writeFileSync(join(dir, 'autostart'), '');
    const item = createLoginItem(command, { platform: 'linux', env: { XDG_CONFIG_HOME: dir } });
    expect(() => item.set(true)).toThrow('start_at_login_refused');
  });

  it('is the system’s own list on Windows and macOS', () => {
    electron.loginItem.length = 0;
    createLoginItem(
      { executable: 'C:\\p.exe', args: ['--data', 'C:\\My data'] },
      {
        platform: 'win32',
        env: {},
      },
    ).set(true);
    createLoginItem(command, { platform: 'darwin', env: {} }).set(true);
    expect(electron.loginItem).toEqual([
      { path: 'C:\\p.exe', args: ['--data', '"C:\\My data"'], openAtLogin: true },
      { openAtLogin: true },
    ]);
  });
});

it('only exports that are there are opened, by path or by a file’s address', () => {
  const csv = join(dir, 'an export.csv');
  const xlsx = join(dir, 'B.XLSX');
  for (const file of [csv, xlsx, join(dir, 'c.txt')]) writeFileSync(file, '');
  mkdirSync(join(dir, 'folder.csv'));
  const words = [
    '--data',
    pathToFileURL(csv).href,
    'B.XLSX',
    'c.txt',
    'gone.csv',
    'folder.csv',
    'file://elsewhere/x.csv',
    '-x.csv',
  ];
  expect(exportsIn(words, dir)).toEqual([csv, xlsx]);
});

describe('a newer version', () => {
  const answer = (body: string, status = 200) => {
    const asked: [string, RequestInit][] = [];
    const fetchPage = (url: string, init: RequestInit): Promise<Response> => {
      asked.push([url, init]);
      return Promise.resolve(new Response(body, { status }));
    };
    return {
      asked,
      find: () => findNewerVersion(fetchPage, 'https://forge.example/latest', '0.9.2'),
    };
  };

  it.each([
    ['{"tag_name":"v0.10.0","body":"…"}', 200, '0.10.0'],
    ['{"tag_name":"0.9.2"}', 200, null],
    ['{"tag_name":"v0.9.1"}', 200, null],
    ['{"tag_name":"<b>9.9.9</b>"}', 200, null],
    ['<html>', 200, null],
    ['{"tag_name":"v9.0.0"}', 404, null],
    [`{"tag_name":"v9.0.0","body":"${'x'.repeat(2 ** 21)}"}`, 200, null],
  ])('%s (%i) is %s', async (body, status, found) => {
    const { find, asked } = answer(body, status);
    expect(await find()).toBe(found);
    expect(asked.map(([url, { credentials }]) => [url, credentials])).toEqual([
      ['https://forge.example/latest', 'omit'],
    ]);
  });

  it('is none while there is no network', async () => {
    const offline = (): Promise<Response> => Promise.reject(new Error('offline'));
    expect(await findNewerVersion(offline, 'https://forge.example/', '0.1.0')).toBeNull();
  });
});
