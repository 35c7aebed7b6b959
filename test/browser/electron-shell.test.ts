import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// @ts-expect-error: a script without types
import { electronBinary, hasScreen } from '../../scripts/start/electron.js';
import { lockDataFolder } from '../../src-main/store/data-folder.ts';
import { openToOthers } from '../support/open-files.ts';
import {
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
    await shell.quit();
    await start();
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
