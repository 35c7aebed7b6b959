/** Chromium without Electron knows no scheme of ours: `app://x/…` lies at `https://x.app.invalid/…`. */
export const toPageUrl = (url: string): string =>
  url.replace(/^app:\/\/([^/]+)\//, 'https://$1.app.invalid/');

export const toAppUrl = (url: string): string =>
  url.replace(/^https:\/\/([^/]+)\.app\.invalid\//, 'app://$1/');

type Handler = (request: Request) => Response | Promise<Response>;

const privileged = new Set<string>();
const handlers = new Map<string, Handler>();
let ready = false;

export function protocolIsReady(): void {
  ready = true;
}

export const protocol = {
  registerSchemesAsPrivileged(schemes: { scheme: string; privileges: { standard?: boolean } }[]) {
    if (ready) throw new Error('registerSchemesAsPrivileged must be called before ready');
    for (const { scheme, privileges } of schemes) {
      if (privileges.standard === true) privileged.add(scheme);
    }
  },
  handle(scheme: string, handler: Handler) {
    if (!ready) throw new Error('protocol.handle needs ready');
    // Without the privilege relative addresses and an origin of its own would not work.
    if (!privileged.has(scheme)) throw new Error(`${scheme} is no standard scheme`);
    handlers.set(scheme, handler);
  },
};

/** The program's answer to a page's request; null if it is for the network. */
export async function answerOf(pageUrl: string): Promise<Response | null> {
  const url = toAppUrl(pageUrl);
  const handler = handlers.get(new URL(url).protocol.slice(0, -1));
  return handler === undefined ? null : await handler(new Request(url));
}
