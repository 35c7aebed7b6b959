import { BrowserWindow, dialog, screen } from 'electron';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Translate } from '../program/texts.ts';
import { defaultSize, isReachable, readBounds, writeBounds } from './bounds.ts';
import { confine, type ConfineOptions } from './confine.ts';
import { addContextMenu } from './context-menu.ts';
import { keepAlive } from './health.ts';

export interface WindowOptions extends ConfineOptions {
  preload: string;
  /** A PNG for the task bar; macOS has the app's own. */
  icon: string;
  /** Where size and place are kept. */
  boundsFile: string;
  clock: Clock;
  /** In the owner's language as it is now. */
  translate(): Translate;
  /** Before the page has painted anything, so that a dark window does not begin white. */
  background(): string;
  /** Before the window closes; false: it stays open for now. */
  mayClose(window: BrowserWindow): boolean;
  /** The owner keeps the window for what is not saved: the program does not end either. */
  stayed(): void;
}

export interface Windows {
  /** Opens the owner's window, or brings it to the front; there at that place, such as `/settings`. */
  show(place?: string): BrowserWindow;
  current(): BrowserWindow | null;
  /** Whose calls those of a menu outside of the window are: whoever is at the window. */
  sessionId(): string;
}

/** The one way to the owner's window: start, second start, dock, tray, command line, notifications. */
export function createWindows(options: WindowOptions): Windows {
  let lastContentsId = 0;
  const current = (): BrowserWindow | null => BrowserWindow.getAllWindows()[0] ?? null;
  return {
    current,
    sessionId: () => sessionOf(lastContentsId),
    show(place) {
      const url = place === undefined ? options.pageUrl : `${options.pageUrl}#${place}`;
      const open = current();
      if (open === null) {
        const window = openWindow(options, url);
        lastContentsId = window.webContents.id;
        return window;
      }
      if (open.isMinimized()) open.restore();
      open.show();
      open.focus();
      // Another fragment only: the page stays, and may ask about what is not saved.
      if (place !== undefined) load(open, url, options.log);
      return open;
    },
  };
}

export const sessionOf = (contentsId: number): string => `window-${contentsId}`;

/** As it was left, with a page that has no rights but the preload's two. */
function openWindow(options: WindowOptions, url: string): BrowserWindow {
  const kept = readBounds(options.boundsFile);
  const workAreas = screen.getAllDisplays().map((display) => display.workArea);
  const { maximised, ...bounds } = kept ?? { maximised: false, ...defaultSize };
  const window = new BrowserWindow({
    ...(kept !== null && isReachable(kept, workAreas) ? bounds : defaultSize),
    minWidth: 360,
    minHeight: 360,
    show: false,
    title: 'Customer Portal',
    backgroundColor: options.background(),
    ...(process.platform === 'darwin' ? {} : { icon: options.icon }),
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      // Its dictionaries would be fetched from somebody else's server.
      spellcheck: false,
    },
  });
  if (maximised) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', (event) => {
    // The normal ones: a maximised window goes back to its own size later.
    writeBounds(options.boundsFile, {
      ...window.getNormalBounds(),
      maximised: window.isMaximized(),
    });
    if (!options.mayClose(window)) event.preventDefault();
  });
  askBeforeLosing(window, options);
  confine(window.webContents, options);
  addContextMenu(window.webContents, options.translate);
  keepAlive(window, options);
  load(window, url, options.log);
  return window;
}

/** A window that closes meanwhile breaks it off, which is no fault of the program. */
function load(window: BrowserWindow, url: string, log: Log): void {
  window.loadURL(url).catch((error: unknown) => log.error('the page could not be loaded', error));
}

/** A page with unsaved changes holds its window; Electron asks nobody by itself. */
function askBeforeLosing(window: BrowserWindow, { translate, stayed }: WindowOptions): void {
  window.webContents.on('will-prevent-unload', (event) => {
    const t = translate();
    const answer = dialog.showMessageBoxSync(window, {
      type: 'question',
      noLink: true,
      message: t('app.leave.title'),
      detail: t('app.leave.text'),
      buttons: [t('app.leave.stay'), t('app.leave.leave')],
      defaultId: 0,
      cancelId: 0,
    });
    if (answer === 1) event.preventDefault();
    else stayed();
  });
}
