/**
 * Stands in for the Electron calls that src-main/electron uses, with windows of a real Chromium.
 * Strict where Electron is: wrong order, unknown channels and values that cannot be copied throw.
 */
import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { chromium, type BrowserContext } from 'playwright';
import { chromiumArgs, chromiumPath } from '../chromium.ts';
import { handleInvoke, ipcMain } from './ipc-main.ts';
import { protocol, protocolIsReady } from './protocol.ts';
import { note } from './record.ts';
import { WebContents } from './web-contents.ts';

export { ipcMain, protocol };

const profileDir = mkdtempSync(join(tmpdir(), 'electron-stand-in-'));
let userData = join(profileDir, 'user-data');
let singleInstanceFile: string | null = null;

async function launch(): Promise<BrowserContext> {
  const executablePath = chromiumPath();
  return chromium.launchPersistentContext(profileDir, {
    args: [...chromiumArgs, '--remote-debugging-port=0'],
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

class App extends EventEmitter {
  readonly isPackaged = false;
  readonly #context = Promise.withResolvers<BrowserContext>();
  #isReady = false;
  #quitting = false;

  get context(): Promise<BrowserContext> {
    return this.#context.promise;
  }

  isReady(): boolean {
    return this.#isReady;
  }

  getLocale(): string {
    return 'en-GB';
  }

  setPath(name: string, path: string): void {
    if (name !== 'userData') throw new Error(`unknown path ${name}`);
    if (singleInstanceFile !== null) throw new Error('userData must be set before the lock');
    userData = path;
  }

  /** A second one wakes the first with a signal and gets no lock. */
  requestSingleInstanceLock(): boolean {
    mkdirSync(userData, { recursive: true });
    const file = join(userData, 'stand-in.pid');
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
    } catch {
      process.kill(Number(readFileSync(file, 'utf8')), 'SIGUSR2');
      return false;
    }
    singleInstanceFile = file;
    process.on('SIGUSR2', () => this.emit('second-instance', {}, [], ''));
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
    if (this.#quitting) return;
    this.#quitting = true;
    for (const window of BrowserWindow.getAllWindows()) window.close();
    let prevented = false;
    this.emit('will-quit', { preventDefault: () => (prevented = true) });
    if (!prevented) this.exit(0);
  }

  exit(code: number): void {
    void this.#end(code);
  }

  async #end(code: number): Promise<void> {
    if (this.#isReady) await (await this.context).close();
    if (singleInstanceFile !== null) rmSync(singleInstanceFile);
    // Chromium's last processes may still write there.
    rmSync(profileDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    note('exit', code);
    process.exit(code);
  }
}

export const app = new App();

interface Bounds {
  x: number;
  y: number;
  width: number;
  height: number;
}

interface WindowOptions {
  x?: number;
  y?: number;
  width: number;
  height: number;
  webPreferences: { preload: string; sandbox: boolean; contextIsolation: boolean };
}

export class BrowserWindow extends EventEmitter {
  static readonly #all = new Set<BrowserWindow>();
  static getAllWindows = (): BrowserWindow[] => [...BrowserWindow.#all];

  readonly webContents: WebContents;
  #bounds: Bounds;
  #maximised = false;
  #minimised = false;

  constructor(options: WindowOptions) {
    super();
    if (!app.isReady()) throw new Error('Cannot create BrowserWindow before app is ready');
    const { preload, sandbox, contextIsolation } = options.webPreferences;
    if (!sandbox || !contextIsolation) throw new Error('this stand-in has sandboxed pages only');
    const { x = 0, y = 0, width, height } = options;
    this.#bounds = { x, y, width, height };
    note('window', this.#bounds);
    this.webContents = new WebContents(app.context, preload);
    this.webContents.once('did-finish-load', () => this.emit('ready-to-show'));
    BrowserWindow.#all.add(this);
  }

  loadURL = (url: string): Promise<void> => this.webContents.loadURL(url);
  getNormalBounds = (): Bounds => this.#bounds;
  isMaximized = (): boolean => this.#maximised;
  isMinimized = (): boolean => this.#minimised;
  maximize = (): void => void (this.#maximised = true);
  minimize = (): void => void (this.#minimised = true);
  restore = (): void => void (this.#minimised = false);
  show = (): void => note('show', null);
  focus = (): void => note('focus', null);

  /** For tests: as if the owner had moved it. */
  setBounds(bounds: Bounds): void {
    this.#bounds = bounds;
  }

  close(): void {
    this.emit('close');
    BrowserWindow.#all.delete(this);
    void this.webContents.destroy();
    if (BrowserWindow.#all.size === 0) app.emit('window-all-closed');
  }
}

interface MenuItem {
  label?: string;
  role?: string;
  submenu?: MenuItem[];
}

export const Menu = {
  buildFromTemplate: (template: MenuItem[]): MenuItem[] => structuredCloneMenu(template),
  setApplicationMenu: (menu: MenuItem[]): void => note('menu', menu),
};

/** Functions (`click`) stay on the main side. */
const structuredCloneMenu = (items: MenuItem[]): MenuItem[] =>
  items.map(({ label, role, submenu }) => ({
    ...(label === undefined ? {} : { label }),
    ...(role === undefined ? {} : { role }),
    ...(submenu === undefined ? {} : { submenu: structuredCloneMenu(submenu) }),
  }));

export const screen = {
  getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }],
};

export const shell = {
  openExternal: (url: string): Promise<void> => Promise.resolve(note('openExternal', url)),
  openPath: (path: string): Promise<string> => {
    note('openPath', path);
    return Promise.resolve('');
  },
};

export const dialog = {
  showErrorBox: (title: string, content: string): void => note('errorBox', { title, content }),
};

const sealMark = Buffer.from('sealed:');

export const safeStorage = {
  isEncryptionAvailable: (): boolean => app.isReady(),
  getSelectedStorageBackend: (): string => 'gnome_libsecret',
  encryptString: (plain: string): Buffer =>
    Buffer.concat([sealMark, Buffer.from(plain).map((byte) => byte ^ 0x5a)]),
  decryptString(sealed: Buffer): string {
    if (!sealed.subarray(0, sealMark.length).equals(sealMark)) throw new Error('not sealed here');
    return Buffer.from(sealed.subarray(sealMark.length).map((byte) => byte ^ 0x5a)).toString();
  },
};

// A test that failed or was ended leaves nothing behind.
process.once('disconnect', () => app.exit(1));

/** Commands of the test that started this process. */
process.on('message', (message: { command: string; args: unknown[] }) => {
  const [window] = BrowserWindow.getAllWindows();
  if (message.command === 'quit') app.quit();
  if (message.command === 'minimize') window?.minimize();
  if (message.command === 'setBounds') window?.setBounds(message.args[0] as Bounds);
  if (message.command === 'invokeAs') {
    const [channel, url, request] = message.args as [string, string, unknown];
    const sender = window?.webContents;
    const event = { sender, senderFrame: url === '' ? null : { url } };
    Promise.resolve()
      .then(() => handleInvoke(channel, event, [request]))
      .then(
        () => note('invokedAs', 'answered'),
        (error: Error) => note('invokedAs', error.message),
      );
  }
});
