import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// @ts-expect-error: a script without types
import { electronBinary, hasScreen } from '../../scripts/start/electron.js';
import { lockDataFolder } from '../../src-main/store/data-folder.ts';
import { exportFile } from '../support/import-files.ts';
import { openToOthers } from '../support/open-files.ts';
import {
  endOfSecondElectron,
  startElectron,
  startStandIn,
  type Shell,
  type StandInShell,
} from '../support/electron/shell.ts';

const root = resolve(import.meta.dirname, '../..');
const binary = (electronBinary as (root: string) => string | null)(root);
const realElectron = binary !== null && (hasScreen as () => boolean)();

/** What the page can see of the main side. */
interface Exposed {
  customerPortal: {
    invoke(request: unknown): Promise<{ ok: boolean; value: never }>;
    onChanged(listener: (topics: string[]) => void): () => void;
  };
}

/** A call of the contract, made by the page. */
const invoke = (page: Page, method: string, input: object = {}): Promise<unknown> =>
  page.evaluate((request) => (globalThis as unknown as Exposed).customerPortal.invoke(request), {
    method,
    input,
  });

const newDataDir = (): string => mkdtempSync(join(tmpdir(), 'shell-'));

/** Chromium and the program are started once or twice; the limit only ends a hang. */
const startsMs = 180_000;

// The second is skipped, and says so, where there is no Electron binary.
describe.each([
  { kind: 'stand-in', available: true },
  { kind: 'real Electron', available: realElectron },
])('the built shell on $kind', ({ kind, available }) => {
  describe.skipIf(!available)('started', { timeout: startsMs }, () => {
    const dataDir = newDataDir();
    let shell: Shell;
    let page: Page;

    async function start(): Promise<void> {
      const args = ['--data', dataDir];
      shell = kind === 'stand-in' ? startStandIn(args) : await startElectron(binary!, args);
      page = await shell.page();
    }
    beforeAll(start, startsMs);
    afterAll(async () => {
      await shell.quit();
      rmSync(dataDir, { recursive: true });
    });

    it('shows the owner their page, which calls the main side', async () => {
      expect(await page.title()).toContain('Customer Portal');
      expect(await invoke(page, 'app.status')).toMatchObject({
        ok: true,
        value: { host: 'electron', dataDir },
      });
    });

    it('gives the page two functions and nothing of Node or Electron', async () => {
      const seen = await page.evaluate(() => {
        const names = ['require', 'process', 'module', 'Buffer', 'ipcRenderer', 'contextBridge'];
        return {
          exposed: Object.keys((globalThis as unknown as Exposed).customerPortal).sort(),
          leaked: names.filter((name) => name in globalThis),
        };
      });
      expect(seen).toEqual({ exposed: ['invoke', 'onChanged'], leaked: [] });
    });

    it('tells the page what changed, until it stops listening', async () => {
      const heard = await page.evaluate(async () => {
        const { invoke: call, onChanged } = (globalThis as unknown as Exposed).customerPortal;
        const changeTo = async (theme: string): Promise<void> => {
          const changed = new Promise<unknown>((resolveChange) => {
            const end = onChanged((topics) => {
              end();
              resolveChange(topics);
            });
          });
          await call({ method: 'settings.set', input: { theme } });
          await changed;
        };
        const topics: string[] = [];
        const stop = onChanged((changed) => topics.push(...changed));
        await changeTo('dark');
        stop();
        await changeTo('light');
        return topics;
      });
      expect(heard).toEqual(['settings']);
    });

    it('refuses what cannot be copied and what is no method', async () => {
      const outcomes = await page.evaluate(async () => {
        const { invoke: call } = (globalThis as unknown as Exposed).customerPortal;
        const outcomeOf = (input: unknown): Promise<string> =>
          new Promise((done) => done(call({ method: 'app.status', input }))).then(
            () => 'answered',
            () => 'refused',
          );
        return Promise.all([outcomeOf(Symbol()), outcomeOf(new Proxy({}, {})), outcomeOf({})]);
      });
      expect(outcomes).toEqual(['refused', 'refused', 'answered']);
      expect(await invoke(page, 'constructor')).toEqual({
        ok: false,
        error: { code: 'unknown_method', params: {} },
      });
    });

    it('a second start ends, and the first goes on', async () => {
      const args = ['--data', dataDir];
      const ended =
        kind === 'stand-in' ? startStandIn(args).exited : endOfSecondElectron(binary!, args);
      expect(await ended).toBe(0);
      expect(await invoke(page, 'app.status')).toMatchObject({ ok: true });
    });

    it('quits cleanly and starts again on the same data', async () => {
      await invoke(page, 'settings.set', { idleLockMinutes: 42 });
      expect(await shell.quit()).toBe(0);
      await start();
      expect(await invoke(page, 'app.status')).toMatchObject({
        value: { settings: { idleLockMinutes: 42 } },
      });
    });
  });
});

describe('what only the stand-in can show', { timeout: startsMs }, () => {
  const dataDir = newDataDir();
  let shell: StandInShell;
  let page: Page;

  async function start(): Promise<void> {
    chmodSync(dataDir, 0o755);
    process.umask(0o022);
    shell = startStandIn(['--data', dataDir]);
    page = await shell.page();
  }
  const values = (type: string): unknown[] =>
    shell.notes.filter((note) => note.type === type).map(({ value }) => value);

  beforeAll(start, startsMs);
  afterAll(async () => {
    await shell.quit();
    rmSync(dataDir, { recursive: true });
  });

  it('nothing goes wrong in the page or its policy', () => {
    expect(values('pageError')).toEqual([]);
  });

  it('others on this computer may read none of its files', () => {
    expect(readdirSync(dataDir)).toContain('portal.sqlite');
    expect(openToOthers(dataDir)).toEqual([]);
  });

  it('the page may copy, and nothing else; nobody else’s dictionary is fetched for it', async () => {
    const others = ['media', 'geolocation', 'notifications', 'clipboard-read', 'openExternal'];
    for (const name of ['clipboard-sanitized-write', ...others]) shell.command('permission', name);
    await expect
      .poll(() => values('permission'))
      .toEqual([
        { requested: true, checked: true, device: false },
        ...others.map(() => ({ requested: false, checked: false, device: false })),
      ]);
    expect(values('windowOptions')).toEqual([
      {
        spellcheck: false,
        backgroundColor: '#f5f6f4',
        icon: expect.stringMatching(/icons.256x256\.png$/) as string,
      },
    ]);
  });

  it('says what it is, and under which licence', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      version: string;
    };
    expect(await shell.noted('aboutPanel')).toEqual({
      applicationName: 'Customer Portal',
      applicationVersion: version,
      copyright: 'AGPL-3.0-or-later',
      iconPath: expect.stringMatching(/256x256\.png$/) as string,
    });
  });

  it("secrets are sealed by the operating system's store", () => {
    const file = readFileSync(join(dataDir, 'secrets.json'), 'utf8');
    const { rings } = JSON.parse(file) as { rings: { sealed: boolean; data: string }[] };
    expect(rings).toHaveLength(1);
    expect(rings[0]?.sealed).toBe(true);
    expect(Buffer.from(rings[0]?.data ?? '', 'base64').toString()).toMatch(/^sealed:/);
  });

  it('other frames and pages get no answer', async () => {
    const urls = ['about:srcdoc', 'http://evil.example/', 'app://evil/', ''];
    for (const url of urls) {
      shell.command('invokeAs', 'customer-portal:invoke', url, { method: 'app.status' });
    }
    await expect.poll(() => values('invokedAs')).toEqual(urls.map(() => 'not from our page'));
  });

  it('the menu has words, German ones after the language was changed', async () => {
    expect(JSON.stringify(await shell.noted('menu'))).toContain('Show data folder');
    await invoke(page, 'settings.set', { locale: 'de' });
    await shell.noted('menu', (menu) => JSON.stringify(menu).includes('Datenordner anzeigen'));
    await invoke(page, 'settings.set', { locale: 'en' });
  });

  it('links open in the default browser, harmless ones only', async () => {
    await page.evaluate(() => {
      for (const url of ['file:///etc/passwd', 'http://evil.example/', 'https://kimai.example/']) {
        window.open(url);
      }
    });
    expect(await shell.noted('openExternal')).toBe('https://kimai.example/');
    expect(values('openExternal')).toHaveLength(1);
    expect(values('windowOpen').map((value) => (value as { action: string }).action)).toEqual(
      values('windowOpen').map(() => 'deny'),
    );
  });

  it('the page cannot be led away', async () => {
    await page.evaluate(() => void (location.href = 'http://evil.example/'));
    expect(await shell.noted('willNavigate')).toMatchObject({ prevented: true });
    expect(await invoke(page, 'app.status')).toMatchObject({ ok: true });
  });

  it('a second start focuses the first and ends', async () => {
    shell.command('minimize');
    const second = startStandIn(['--data', dataDir]);
    expect(await second.exited).toBe(0);
    await shell.noted('focus');
    expect(second.notes.some(({ type }) => type === 'window')).toBe(false);
  });

  it('the page comes back after a crash and works on', async () => {
    const crashed = page.waitForEvent('crash', { timeout: startsMs });
    // Never answers: that is the point.
    page.goto('chrome://crash').catch(() => undefined);
    await crashed;
    await shell.noted('reload');
    page = await shell.page();
    expect(await invoke(page, 'app.status')).toMatchObject({ ok: true });
  });

  it('the window comes back where it was left, unless that place is gone', async () => {
    expect(await shell.noted('window')).toMatchObject({ width: 1280, height: 860 });
    shell.command('setBounds', { x: 300, y: 200, width: 900, height: 700 });
    await invoke(page, 'settings.set', { theme: 'dark' });
    await shell.noted('theme', (theme) => theme === 'dark');
    await shell.quit();
    await start();
    // Dark before the page has painted anything, so that it does not begin white.
    expect(await shell.noted('windowOptions')).toMatchObject({ backgroundColor: '#111618' });
    expect(await shell.noted('window')).toEqual({ x: 300, y: 200, width: 900, height: 700 });

    shell.command('setBounds', { x: 5000, y: 200, width: 900, height: 700 });
    await shell.quit();
    await start();
    expect(await shell.noted('window')).toMatchObject({ x: 0, width: 1280 });
  });
});

it('a folder that another program holds is told in a box', { timeout: startsMs }, async () => {
  const dataDir = newDataDir();
  const unlock = lockDataFolder(dataDir);
  const shell = startStandIn(['--data', dataDir]);
  expect(await shell.noted('errorBox')).toMatchObject({
    content: expect.stringContaining('Another Customer Portal') as string,
  });
  expect(await shell.exited).toBe(1);
  unlock();
  rmSync(dataDir, { recursive: true });
});

describe('a first start', { timeout: startsMs }, () => {
  it('opens the file it was given, and speaks the language that the system prefers', async () => {
    const dataDir = newDataDir();
    const file = join(dataDir, 'opened first.csv');
    writeFileSync(file, exportFile(3));
    const shell = startStandIn([file, '--data', dataDir], { STAND_IN_LANGUAGES: 'de-AT en' });
    const page = await shell.page();
    await page.getByRole('heading', { level: 1, name: 'opened first.csv' }).waitFor();
    expect(JSON.stringify(await shell.noted('menu'))).toContain('Datenordner anzeigen');
    expect(await shell.quit()).toBe(0);
    rmSync(dataDir, { recursive: true });
  });

  it('goes on without a menu if there can be none, and with a window if nothing is online', async () => {
    const dataDir = newDataDir();
    const shell = startStandIn(['--hidden', '--data', dataDir], { STAND_IN_MENU: 'fails' });
    const page = await shell.page();
    expect(await invoke(page, 'app.status')).toMatchObject({ ok: true });
    const log = join(dataDir, 'electron/customer-portal.log');
    await expect.poll(() => readFileSync(log, 'utf8')).toContain('the menu failed');
    expect(shell.notes.some(({ type }) => type === 'errorBox')).toBe(false);
    expect(await shell.quit()).toBe(0);
    rmSync(dataDir, { recursive: true });
  });

  it('on Windows names the app by which its windows and notifications are grouped', async () => {
    const dataDir = newDataDir();
    const shell = startStandIn(['--data', dataDir], { STAND_IN_PLATFORM: 'win32' });
    const { appId } = JSON.parse(readFileSync(join(root, 'electron-builder.json'), 'utf8')) as {
      appId: string;
    };
    expect(await shell.noted('appUserModelId')).toBe(appId);
    await shell.page();
    expect(await shell.quit()).toBe(0);
    rmSync(dataDir, { recursive: true });
  });

  it('on macOS the program outlives its window, which the dock brings back', async () => {
    const dataDir = newDataDir();
    const shell = startStandIn(['--data', dataDir], { STAND_IN_PLATFORM: 'darwin' });
    const page = await shell.page();
    // The app has its own icon there.
    expect(await shell.noted('windowOptions')).not.toHaveProperty('icon');
    shell.command('close');
    await shell.noted('closed');
    shell.command('activate');
    expect(await invoke(await shell.page(page), 'app.status')).toMatchObject({ ok: true });
    expect(await shell.quit()).toBe(0);
    expect(shell.notes.some(({ type }) => type === 'messageBox')).toBe(false);
    rmSync(dataDir, { recursive: true });
  });
});
