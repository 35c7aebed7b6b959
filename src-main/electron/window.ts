import { BrowserWindow, dialog, screen, shell, type WebContents } from 'electron';
import type { Log } from '../log.ts';
import type { Translate } from '../program/texts.ts';
import { defaultSize, isReachable, readBounds, writeBounds } from './bounds.ts';
import { isSamePage } from './ipc.ts';

export interface WindowOptions {
  pageUrl: string;
  preload: string;
  /** Where size and place are kept. */
  boundsFile: string;
  log: Log;
  /** In the owner's language as it is now. */
  translate(): Translate;
  /** Base addresses of the portal, which may be `http:`. */
  portalUrls(contentsId: number): Promise<string[]>;
}

/** A page that crashes at once each time is not loaded for ever. */
const maxCrashes = 3;

/** The owner's window, as it was left, with a page that has no rights but the preload's two. */
export function openWindow(options: WindowOptions): BrowserWindow {
  const kept = readBounds(options.boundsFile);
  const workAreas = screen.getAllDisplays().map((display) => display.workArea);
  const { maximised, ...bounds } = kept ?? { maximised: false, ...defaultSize };
  const window = new BrowserWindow({
    ...(kept !== null && isReachable(kept, workAreas) ? bounds : defaultSize),
    minWidth: 360,
    minHeight: 360,
    show: false,
    title: 'Customer Portal',
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
    },
  });
  if (maximised) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => {
    // The normal ones: a maximised window goes back to its own size later.
    writeBounds(options.boundsFile, {
      ...window.getNormalBounds(),
      maximised: window.isMaximized(),
    });
  });
  askBeforeLosing(window, options);
  confine(window.webContents, options);
  reloadAfterCrash(window.webContents, options.log);
  void window.loadURL(options.pageUrl);
  return window;
}

/** A page with unsaved changes holds its window; Electron asks nobody by itself. */
function askBeforeLosing(window: BrowserWindow, { translate }: WindowOptions): void {
  window.webContents.on('will-prevent-unload', (event) => {
    const t = translate();
    const answer = dialog.showMessageBoxSync(window, {
      message: t('app.leave.title'),
      detail: t('app.leave.text'),
      buttons: [t('app.leave.stay'), t('app.leave.leave')],
      defaultId: 0,
      cancelId: 0,
    });
    if (answer === 1) event.preventDefault();
  });
}

/** The page stays where it is: links open in the default browser, and only harmless ones. */
function confine(contents: WebContents, { pageUrl, portalUrls }: WindowOptions): void {
  const openOutside = async (url: string): Promise<void> => {
    if (isOutsideAllowed(url, await portalUrls(contents.id))) await shell.openExternal(url);
  };
  contents.setWindowOpenHandler(({ url }) => {
    void openOutside(url);
    return { action: 'deny' };
  });
  contents.on('will-navigate', (event) => {
    if (isSamePage(event.url, pageUrl)) return;
    event.preventDefault();
    void openOutside(event.url);
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.session.setPermissionRequestHandler((_contents, permission, decide) => {
    // For "copy address"; there is no use for any other right.
    decide(permission === 'clipboard-sanitized-write');
  });
}

/** `https:` addresses, and pages of our own portal, which has no certificate of its own. */
export function isOutsideAllowed(url: string, portalUrls: readonly string[]): boolean {
  const parsed = URL.parse(url);
  if (parsed === null) return false;
  return (
    parsed.protocol === 'https:' ||
    portalUrls.some((portal) => parsed.origin === URL.parse(portal)?.origin)
  );
}

/** What the owner had not saved is lost, but the program goes on and the portal stays online. */
function reloadAfterCrash(contents: WebContents, log: Log): void {
  let crashes = 0;
  contents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    crashes++;
    log.error(`the owner's page ended: ${reason}`);
    if (crashes <= maxCrashes) contents.reload();
  });
}
