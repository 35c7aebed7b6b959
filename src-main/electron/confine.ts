import { shell, type WebContents } from 'electron';
import type { Log } from '../log.ts';
import { isSamePage } from './ipc.ts';

export interface ConfineOptions {
  log: Log;
  pageUrl: string;
  /** Base addresses of the portal, which may be `http:`. */
  portalUrls(contentsId: number): Promise<string[]>;
}

/** For "copy address"; there is no use for any other right. */
const granted = 'clipboard-sanitized-write';

/** The page stays where it is: links open in the default browser, and only harmless ones. */
export function confine(contents: WebContents, { pageUrl, portalUrls, log }: ConfineOptions): void {
  const openIfAllowed = async (url: string): Promise<void> => {
    if (isOutsideAllowed(url, await portalUrls(contents.id))) await shell.openExternal(url);
  };
  const openOutside = (url: string): void => {
    openIfAllowed(url).catch((error: unknown) => log.error('a link could not be opened', error));
  };
  contents.setWindowOpenHandler(({ url }) => {
    openOutside(url);
    return { action: 'deny' };
  });
  contents.on('will-navigate', (event) => {
    if (isSamePage(event.url, pageUrl)) return;
    event.preventDefault();
    openOutside(event.url);
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  const { session } = contents;
  session.setPermissionRequestHandler((_contents, permission, decide) =>
    decide(permission === granted),
  );
  // Without this one Electron says yes to whatever a page merely checks.
  session.setPermissionCheckHandler((_contents, permission) => permission === granted);
  session.setDevicePermissionHandler(() => false);
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
