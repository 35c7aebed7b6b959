import { app, protocol } from 'electron';
import { loadRendererFiles } from '../program/renderer-files.ts';

const scheme = 'app';
const host = 'customer-portal';

/** Before `ready`: the owner's page has an origin of its own, and none of a file's rights. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built renderer; returns the address of its page. `npm run dev` has its own server. */
export function servePage(rendererDir: string): string {
  const devServer = process.env.ELECTRON_RENDERER_URL;
  if (!app.isPackaged && devServer !== undefined) return devServer;
  const files = loadRendererFiles(rendererDir);
  protocol.handle(scheme, (request) => {
    const url = new URL(request.url);
    const file = url.host === host ? files.get(url.pathname) : undefined;
    if (file === undefined) return new Response('no such file', { status: 404 });
    return new Response(new Uint8Array(file.body), { headers: file.headers });
  });
  return `${scheme}://${host}/index.html`;
}
