import type {
  BrowserWindow as ElectronWindow,
  BrowserWindowConstructorOptions,
  Rectangle,
} from 'electron';
import { EventEmitter } from 'node:events';
import { app } from './app.ts';
import { note } from './record.ts';
import { WebContents } from './web-contents.ts';

type Used =
  | 'close'
  | 'focus'
  | 'getNormalBounds'
  | 'isDestroyed'
  | 'isMaximized'
  | 'isMinimized'
  | 'loadURL'
  | 'maximize'
  | 'minimize'
  | 'restore'
  | 'setBounds'
  | 'setProgressBar'
  | 'show';

export class BrowserWindow extends EventEmitter implements Pick<ElectronWindow, Used> {
  static readonly #all = new Set<BrowserWindow>();
  /** Whether the owner looks at the window; a test says. */
  static isFocused = true;
  static getAllWindows = (): BrowserWindow[] => [...BrowserWindow.#all];
  static getFocusedWindow = (): BrowserWindow | null =>
    BrowserWindow.isFocused ? (BrowserWindow.getAllWindows()[0] ?? null) : null;
  static fromWebContents = (contents: unknown): BrowserWindow | null =>
    BrowserWindow.getAllWindows().find(({ webContents }) => webContents === contents) ?? null;

  readonly webContents: WebContents;
  #bounds: Rectangle;
  #maximised = false;
  #minimised = false;

  constructor(options: BrowserWindowConstructorOptions) {
    super();
    if (!app.isReady()) throw new Error('Cannot create BrowserWindow before app is ready');
    const { preload, sandbox, contextIsolation, nodeIntegration } = options.webPreferences ?? {};
    if (sandbox !== true || contextIsolation !== true || nodeIntegration !== false) {
      throw new Error('this stand-in has sandboxed pages only');
    }
    const { x = 0, y = 0, width = 800, height = 600 } = options;
    this.#bounds = { x, y, width, height };
    note('window', this.#bounds);
    note('windowOptions', {
      backgroundColor: options.backgroundColor,
      spellcheck: options.webPreferences?.spellcheck,
      icon: options.icon,
    });
    this.webContents = new WebContents(app.context, preload!);
    this.webContents.once('did-finish-load', () => this.emit('ready-to-show'));
    BrowserWindow.#all.add(this);
    app.windows.add(this);
    app.emit('browser-window-created', {}, this);
  }

  loadURL = (url: string): Promise<void> => this.webContents.loadURL(url);
  isDestroyed = (): boolean => !BrowserWindow.#all.has(this);
  getNormalBounds = (): Rectangle => this.#bounds;
  isMaximized = (): boolean => this.#maximised;
  isMinimized = (): boolean => this.#minimised;
  maximize = (): void => void (this.#maximised = true);
  minimize = (): void => void (this.#minimised = true);
  restore = (): void => void (this.#minimised = false);
  focus = (): void => note('focus', null);
  setProgressBar = (progress: number): void => note('progress', progress);

  show(): void {
    note('show', null);
    this.emit('show');
  }

  /** For tests too: as if the owner had moved it. */
  setBounds(bounds: Partial<Rectangle>): void {
    this.#bounds = { ...this.#bounds, ...bounds };
  }

  close(): void {
    void this.closeNow();
  }

  async closeNow(): Promise<boolean> {
    let prevented = false;
    this.emit('close', { preventDefault: () => (prevented = true) });
    if (prevented || !(await this.webContents.close())) return false;
    BrowserWindow.#all.delete(this);
    app.windows.delete(this);
    this.emit('closed');
    note('closed', null);
    if (BrowserWindow.#all.size === 0 && !app.isQuitting) app.emit('window-all-closed');
    return true;
  }
}
