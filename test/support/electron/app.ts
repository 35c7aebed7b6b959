import type { App as ElectronApp } from 'electron';
import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { chromium, type BrowserContext } from 'playwright';
import { chromiumArgs, chromiumEnv, chromiumPath } from '../chromium.ts';
import { protocolIsReady } from './protocol.ts';
import { note } from './record.ts';

const profileDir = mkdtempSync(join(tmpdir(), 'electron-stand-in-'));
let userData = join(profileDir, 'user-data');
let singleInstanceFile: string | null = null;

async function launch(): Promise<BrowserContext> {
  const executablePath = chromiumPath();
  return chromium.launchPersistentContext(profileDir, {
    args: [...chromiumArgs, '--remote-debugging-port=0'],
    env: chromiumEnv(),
    viewport: null,
    ...(executablePath === undefined ? {} : { executablePath }),
  });
}

/** Chromium writes it down, sometimes a moment after it has begun to answer. */
async function debuggingPort(): Promise<number> {
  const file = join(profileDir, 'DevToolsActivePort');
  for (;;) {
    const port = existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : 0;
    if (port > 0) return port;
    await setTimeout(20);
  }
}

interface Closable {
  /** Resolves with whether it is closed; its page may hold it. */
  closeNow(): Promise<boolean>;
}

type Used =
  | 'exit'
  | 'getAppPath'
  | 'getLocale'
  | 'getLoginItemSettings'
  | 'getPreferredSystemLanguages'
  | 'isPackaged'
  | 'isReady'
  | 'quit'
  | 'requestSingleInstanceLock'
  | 'setAboutPanelOptions'
  | 'setAppUserModelId'
  | 'setLoginItemSettings'
  | 'setPath'
  | 'whenReady';

class App extends EventEmitter implements Pick<ElectronApp, Used> {
  readonly isPackaged = false;
  readonly windows = new Set<Closable>();
  readonly #context = Promise.withResolvers<BrowserContext>();
  #isReady = false;
  #isQuitting = false;

  get context(): Promise<BrowserContext> {
    return this.#context.promise;
  }

  get isQuitting(): boolean {
    return this.#isQuitting;
  }

  isReady = (): boolean => this.#isReady;
  getAppPath = (): string => process.cwd();
  getLocale = (): string => 'en-GB';
  getPreferredSystemLanguages = (): string[] =>
    (process.env.STAND_IN_LANGUAGES ?? 'en-GB').split(' ');
  setAppUserModelId = (id: string): void => note('appUserModelId', id);
  setAboutPanelOptions = (options: Electron.AboutPanelOptionsOptions): void =>
    note('aboutPanel', options);
  setLoginItemSettings = (settings: Electron.Settings): void => note('loginItem', settings);
  getLoginItemSettings = (): Electron.LoginItemSettings =>
    ({ openAtLogin: false, wasOpenedAtLogin: false }) as Electron.LoginItemSettings;

  setPath(name: string, path: string): void {
    if (name !== 'userData') throw new Error(`unknown path ${name}`);
    if (singleInstanceFile !== null) throw new Error('userData must be set before the lock');
    userData = path;
  }

  /** A second one wakes the first with a signal and gets no lock. */
  requestSingleInstanceLock(additionalData: Record<string, unknown> = {}): boolean {
    mkdirSync(userData, { recursive: true });
    const file = join(userData, 'stand-in.pid');
    const messageFile = join(userData, 'stand-in.message');
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
    } catch {
      const message = { words: process.argv, folder: process.cwd(), data: additionalData };
      writeFileSync(messageFile, JSON.stringify(message));
      process.kill(Number(readFileSync(file, 'utf8')), 'SIGUSR2');
      return false;
    }
    singleInstanceFile = file;
    process.on('SIGUSR2', () => {
      const { words, folder, data } = JSON.parse(readFileSync(messageFile, 'utf8')) as {
        words: string[];
        folder: string;
        data: unknown;
      };
      this.emit('second-instance', {}, words, folder, data);
    });
    return true;
  }

  async whenReady(): Promise<void> {
    const context = await launch();
    this.#isReady = true;
    protocolIsReady();
    this.#context.resolve(context);
    note('ready', await debuggingPort());
  }

  quit(): void {
    void this.#quit();
  }

  /** Windows first, and one of them may stay; `window-all-closed` is not sent. */
  async #quit(): Promise<void> {
    if (this.#isQuitting) return;
    this.#isQuitting = true;
    this.emit('before-quit', { preventDefault: () => undefined });
    for (const window of this.windows) {
      if (!(await window.closeNow())) {
        this.#isQuitting = false;
        return;
      }
    }
    let prevented = false;
    this.emit('will-quit', { preventDefault: () => (prevented = true) });
    if (!prevented) this.exit(0);
  }

  exit(code = 0): void {
    void this.#end(code);
  }

  async #end(code: number): Promise<void> {
    if (this.#isReady) await (await this.context).close();
    if (singleInstanceFile !== null) rmSync(singleInstanceFile, { force: true });
    // Chromium's last processes may still write there.
    rmSync(profileDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    note('exit', code);
    process.exit(code);
  }
}

export const app = new App();
