/** The desktop app while nobody looks at it: beside the clock, asleep or awake, and at its ends. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Input, MethodName, Output } from '../../src-shared/contract.ts';
import { copyBuilt } from '../support/built-program.ts';
import { oneTimeAddress, runScript } from '../support/run-script.ts';
import { startStandIn, withTray, type StandInShell } from '../support/electron/shell.ts';
import { exportFile } from '../support/import-files.ts';

const root = join(import.meta.dirname, '../..');
/** Chromium and the program are started once or twice; the limit only ends a hang. */
const startsMs = 180_000;
const tray = { PATH: `${withTray}${delimiter}${process.env.PATH ?? ''}` };

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'life-'));
});
afterAll(() => rmSync(dir, { recursive: true, maxRetries: 10, retryDelay: 100 }));

/** A call of the contract, made by the page. Throws the error's code. */
async function call<M extends MethodName>(
  page: Page,
  method: M,
  input: Input<M>,
): Promise<Output<M>> {
  const reply = await page.evaluate(
    (request) =>
      (
        globalThis as unknown as {
          customerPortal: { invoke(request: unknown): Promise<Record<string, unknown>> };
        }
      ).customerPortal.invoke(request),
    { method, input },
  );
  if (reply.ok !== true) throw new Error(JSON.stringify(reply.error));
  return reply.value as Output<M>;
}

const notes = (shell: StandInShell, type: string): unknown[] =>
  shell.notes.filter((note) => note.type === type).map(({ value }) => value);
const last = (shell: StandInShell, type: string): unknown => notes(shell, type).at(-1);
const menuText = (shell: StandInShell): string => JSON.stringify(last(shell, 'trayMenu'));

/** Three records, and a share of them that is online; returns the link. */
async function publish(page: Page): Promise<string> {
  const base64 = Buffer.from(exportFile(3)).toString('base64');
  const { uploadId } = await call(page, 'uploads.begin', {
    fileName: 'first.csv',
    size: Buffer.from(base64, 'base64').length,
  });
  await call(page, 'uploads.append', { uploadId, offset: 0, base64 });
  const { jobId } = await call(page, 'imports.open', { uploadId, auto: true });
  const isDone = async (): Promise<boolean> =>
    (await call(page, 'imports.job', { jobId })).state === 'done';
  await vi.waitUntil(isDone, { timeout: startsMs });
  const [customer] = await call(page, 'customers.list', {});
  const share = await call(page, 'shares.create', {
    customerId: customer!.id,
    label: 'Harbour & Co',
  });
  await call(page, 'publish.set', { enabled: true, reach: 'loopback', port: 0 });
  const { urls } = await call(page, 'publish.status', {});
  return urls[0] + share.path;
}

describe('with a place beside the clock', { timeout: startsMs }, () => {
  let shell: StandInShell;
  let page: Page;
  let link: string;
  const dataDir = (): string => join(dir, 'tray');
  const config = (): string => join(dir, 'config');

  beforeAll(async () => {
    shell = startStandIn(['--data', dataDir()], { ...tray, XDG_CONFIG_HOME: config() });
    page = await shell.page();
    link = await publish(page);
  }, startsMs);
  afterAll(() => shell.quit());

  it('the icon says what is online, and the computer stays awake for it', async () => {
    await expect.poll(() => menuText(shell)).toContain('Online · no views today');
    expect(last(shell, 'trayTip')).toBe('Customer Portal – Online · no views today');
    await expect.poll(() => last(shell, 'awake')).toBe('prevent-app-suspension');
    await call(page, 'desktop.set', { keepAwake: false });
    await expect.poll(() => last(shell, 'awake')).toBeNull();
    await call(page, 'desktop.set', { keepAwake: true });
    await expect.poll(() => last(shell, 'awake')).toBe('prevent-app-suspension');
  });

  it('a client who opens the page first is told, if the owner wants that', async () => {
    shell.command('look', false);
    await call(page, 'desktop.set', { notifyFirstView: true });
    const headers = { 'User-Agent': 'Mozilla/5.0 (X11; Linux) Firefox/140.0' };
    expect((await fetch(link, { headers })).status).toBe(200);
    expect(await shell.noted('notification')).toEqual({
      title: 'A client opened the page for the first time',
      body: 'Harbour & Co',
    });
    await expect.poll(() => menuText(shell)).toContain('Online · 1 view today');
    await fetch(link, { headers });
    await expect.poll(() => menuText(shell)).toContain('Online · 2 views today');
    expect(notes(shell, 'notification')).toHaveLength(1);
  });

  it('copies a link', async () => {
    shell.command('choose', 'trayMenu', 'Harbour && Co');
    expect(await shell.noted('copied')).toBe(link);
  });

  it('watches the folder that the system’s dialog gave, and tells what came of it', async () => {
    const folder = mkdtempSync(join(dir, 'watched-'));
    shell.command('answer', folder);
    const { folderToken } = await call(page, 'desktop.chooseFolder', {});
    await call(page, 'watch.set', { folderToken: folderToken!, enabled: true });
    writeFileSync(join(folder, 'second.csv'), exportFile(6));
    expect(
      await shell.noted('notification', (one) => JSON.stringify(one).includes('second.csv')),
    ).toEqual({ title: '3 new records imported', body: 'second.csv' });
    writeFileSync(join(folder, 'mine.csv'), 'When,Whom,What\n2026-11-02,Acme,Site\n');
    await shell.noted('notification', (one) => JSON.stringify(one).includes('An import waits'));
    // It runs in the task bar, and then it is over.
    expect(notes(shell, 'progress').some((part) => (part as number) > 0)).toBe(true);
    await expect.poll(() => last(shell, 'progress')).toBe(-1);
    // A click leads there.
    shell.command('clickNotification');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await expect.poll(() => page.url()).toContain('#/imports/job/');
  });

  it('opens a file that the desktop gives it, at once or by a second start', async () => {
    const file = join(dir, 'opened.csv');
    writeFileSync(file, exportFile(9));
    const before = page.url();
    shell.command('openFile', file);
    await page.getByText('opened.csv').first().waitFor();
    await expect.poll(() => page.url()).not.toBe(before);
    const other = join(dir, 'by second start.csv');
    writeFileSync(other, exportFile(12));
    const second = startStandIn(['--data', dataDir(), new URL(`file://${other}`).href]);
    expect(await second.exited).toBe(0);
    await page.getByText('by second start.csv').first().waitFor();
  });

  it('starts at login, by a file that the desktop reads', async () => {
    const file = join(config(), 'autostart/org.customerportal.app.desktop');
    expect(await call(page, 'desktop.get', {})).toMatchObject({
      startAtLogin: false,
      hasTray: true,
    });
    await call(page, 'desktop.set', { startAtLogin: true });
    expect(readFileSync(file, 'utf8')).toContain(`"--hidden" "--data" "${dataDir()}"`);
    expect(await call(page, 'desktop.get', {})).toMatchObject({ startAtLogin: true });
    // As the desktop's own settings switch it off.
    writeFileSync(file, readFileSync(file, 'utf8').replace('enabled=true', 'enabled=false'));
    expect(await call(page, 'desktop.get', {})).toMatchObject({ startAtLogin: false });
    await call(page, 'desktop.set', { startAtLogin: false });
    expect(existsSync(file)).toBe(false);
  });

  it('the window closes, the pages stay online: explained once', async () => {
    shell.command('close');
    expect(await shell.noted('messageBox')).toMatchObject({
      message: 'Your portal stays online',
      detail: expect.stringContaining('beside the clock') as string,
      buttons: ['Close the window', 'Quit and go offline', 'Cancel'],
      noLink: true,
    });
    shell.command('answer', 0);
    await shell.noted('closed');
    expect((await fetch(link)).status).toBe(200);

    // The dock, and whatever else brings the window back.
    const opened = notes(shell, 'window').length;
    shell.command('activate');
    page = await shell.page(page);
    expect(notes(shell, 'window')).toHaveLength(opened + 1);
    shell.command('close');
    await expect.poll(() => notes(shell, 'closed')).toHaveLength(2);
    expect(notes(shell, 'messageBox')).toHaveLength(1);
  });

  it('comes back by the icon, the command line and a second start', async () => {
    shell.command('choose', 'trayMenu', 'Open Customer Portal');
    page = await shell.page(page);
    shell.command('close');
    await expect.poll(() => notes(shell, 'closed')).toHaveLength(3);
    const second = startStandIn(['--data', dataDir()]);
    expect(await second.exited).toBe(0);
    page = await shell.page(page);
    expect(await call(page, 'app.status', {})).toMatchObject({ host: 'electron' });
  });

  it('all pages pause and go on by the icon', async () => {
    shell.command('choose', 'trayMenu', 'Pause all pages');
    await expect.poll(() => menuText(shell)).toContain('Paused');
    // Clients are answered: they read that it is paused.
    expect((await fetch(link)).status).toBe(503);
    shell.command('choose', 'trayMenu', 'Put pages online');
    await expect.poll(() => menuText(shell)).toContain('Online · ');
    expect((await fetch(link)).status).toBe(200);
    await call(page, 'publish.set', { enabled: false });
    await expect.poll(() => last(shell, 'awake')).toBeNull();
    await expect(fetch(link)).rejects.toThrow();
    // Offline and with a window nothing needs the icon.
    await expect.poll(() => last(shell, 'tray')).toBe(false);
    await call(page, 'publish.set', { enabled: true });
    await expect.poll(() => last(shell, 'tray')).toBe(true);
    expect(await shell.quit()).toBe(0);
  });

  it('started by the login it shows no window until somebody asks for one', async () => {
    shell = startStandIn(['--hidden', '--data', dataDir()], tray);
    await expect.poll(() => menuText(shell)).toContain('Online · ');
    expect(notes(shell, 'window')).toEqual([]);
    // A start without Electron reaches it over the control address, as a second start does.
    const other = runScript(['out/main/browser-host.js', '--data', dataDir(), '--no-open'], root);
    expect(await other.ended).toBe(0);
    expect(other.text()).toContain('brought to the front');
    expect(await call(await shell.page(), 'app.status', {})).toMatchObject({ host: 'electron' });
  });
});

describe('without a place beside the clock', { timeout: startsMs }, () => {
  it('the owner is asked each time, and a second start brings the window back', async () => {
    const args = ['--data', join(dir, 'no tray')];
    const shell = startStandIn(args);
    const page = await shell.page();
    const link = await publish(page);
    shell.command('answer', 2);
    shell.command('close');
    expect(await shell.noted('messageBox')).toMatchObject({
      detail: expect.stringContaining('Start Customer Portal again') as string,
    });
    expect(notes(shell, 'closed')).toEqual([]);
    shell.command('answer', 0);
    shell.command('close');
    await shell.noted('closed');
    expect((await fetch(link)).status).toBe(200);
    expect(await startStandIn(args).exited).toBe(0);
    await shell.page(page);
    shell.command('answer', 1);
    shell.command('close');
    expect(await shell.exited).toBe(0);
    await expect(fetch(link)).rejects.toThrow();
    expect(notes(shell, 'messageBox')).toHaveLength(3);
  });

  it('a key ring that refuses is told to the owner; one that opens again gives all back', async () => {
    const dataDir = join(dir, 'no tray');
    const args = ['--data', dataDir];
    // Electron's own password, which is in its source, is no key ring.
    for (const keyRing of ['basic_text', 'refuses']) {
      const refused = startStandIn(args, { STAND_IN_KEY_RING: keyRing });
      const page = await refused.page();
      await page.getByText('The key ring of your computer did not open').waitFor();
      await refused.quit();
      const { rings } = JSON.parse(readFileSync(join(dataDir, 'secrets.json'), 'utf8')) as {
        rings: { sealed: boolean }[];
      };
      // What it would have sealed is a file that only its owner reads.
      expect(rings.map(({ sealed }) => sealed)).toEqual([true, false]);
    }
    const opened = startStandIn(args);
    expect(await call(await opened.page(), 'app.status', {})).toMatchObject({ someSealed: false });
    await opened.quit();
  });
});

it(
  'a newer version is looked for only if the owner wants that',
  { timeout: startsMs },
  async () => {
    const releasesUrl = 'https://forge.example/latest';
    const program = copyBuilt(join(dir, 'knows where'));
    const file = join(program, 'package.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as object;
    writeFileSync(file, JSON.stringify({ ...manifest, releasesUrl }));
    const shell = startStandIn(['--data', join(dir, 'updates')], {}, program);
    const page = await shell.page();
    expect(await call(page, 'desktop.get', {})).toMatchObject({
      ...{ checkForUpdates: false, updatesFrom: 'forge.example', newerVersion: null },
    });
    // The menu is made anew by whatever looks for a version.
    await call(page, 'settings.set', { locale: 'de' });
    await shell.noted('menu', (menu) => JSON.stringify(menu).includes('Datenordner anzeigen'));
    expect(notes(shell, 'netFetch')).toEqual([]);
    await call(page, 'desktop.set', { checkForUpdates: true });
    expect(await shell.noted('netFetch')).toBe(releasesUrl);
    await expect
      .poll(async () => (await call(page, 'desktop.get', {}))?.newerVersion)
      .toBe('99.0.0');
    expect(await shell.quit()).toBe(0);
  },
);

describe('at its ends', { timeout: startsMs }, () => {
  it('errors that nobody caught end nothing, and nothing that was typed goes', async () => {
    const dataDir = join(dir, 'goes on');
    const shell = startStandIn(['--data', dataDir]);
    const page = await shell.page();
    await page.goto(new URL('/#/profiles', page.url()).href);
    await page.getByRole('button', { name: /^Edit/ }).click();
    const name = page.getByRole('dialog').getByLabel('Name', { exact: true });
    await name.fill('Half a name');
    const unexpected = async (): Promise<number> => (await call(page, 'app.status', {})).unexpected;
    for (const [before, how] of ['throwLater', 'rejectLater'].entries()) {
      shell.command(how);
      await expect.poll(unexpected).toBe(before + 1);
    }
    await page.getByText('Something unexpected went wrong in the program.').first().waitFor();
    expect(await name.inputValue()).toBe('Half a name');
    expect(notes(shell, 'errorBox')).toEqual([]);
    const log = readFileSync(join(dataDir, 'electron/customer-portal.log'), 'utf8');
    expect(log.match(/the program goes on: Error\n\s+at /g)).toHaveLength(2);
    await page.keyboard.press('Escape');
    expect(await shell.quit()).toBe(0);
    // In order: the folder is free, and nobody thinks the program runs.
    expect(existsSync(join(dataDir, 'runtime.json'))).toBe(false);
  });

  it('a folder that cannot be used is told in a box', async () => {
    const file = join(dir, 'a file');
    writeFileSync(file, '');
    const shell = startStandIn(['--data', join(file, 'inside')]);
    expect(await shell.noted('errorBox')).toMatchObject({
      content: expect.stringContaining('cannot be written to') as string,
    });
    expect(await shell.exited).toBe(1);
  });

  it('a folder that the browser host holds: the address of that one is opened', async () => {
    const dataDir = join(dir, 'held');
    const host = runScript(['out/main/browser-host.js', '--data', dataDir, '--no-open'], root);
    await host.printed(oneTimeAddress);
    const shell = startStandIn(['--data', dataDir]);
    const page = (await shell.noted('openExternal')) as string;
    // Not in an argument, which everybody on the computer can read.
    expect(page).toMatch(/^file:.*open\.html$/);
    const [address] = oneTimeAddress.exec(readFileSync(fileURLToPath(page), 'utf8'))!;
    expect((await fetch(address, { redirect: 'manual' })).status).toBe(303);
    expect(await shell.exited).toBe(0);
    expect(notes(shell, 'errorBox')).toEqual([]);
    expect(await host.stop('SIGTERM')).toBe(0);
  });

  it('a page that hangs or crashes again and again is asked about', async () => {
    const shell = startStandIn(['--data', join(dir, 'trouble')]);
    await shell.page();
    shell.command('hang');
    expect(await shell.noted('messageBox')).toMatchObject({
      message: 'This window does not answer',
      buttons: ['Wait', 'Load again', 'Quit'],
    });
    shell.command('answer', 0);
    for (let crashes = 1; crashes <= 3; crashes++) {
      shell.command('crash');
      await expect.poll(() => notes(shell, 'reload')).toHaveLength(crashes);
    }
    shell.command('crash');
    await shell.noted('messageBox', (box) => JSON.stringify(box).includes('crashed several times'));
    expect(notes(shell, 'reload')).toHaveLength(3);
    shell.command('answer', 1);
    expect(await shell.exited).toBe(0);
  });
});
