import type { PortalContext } from '../context.ts';

/**
 * Whether a page of another site made the visitor's browser post. Browsers say so themselves in
 * `Sec-Fetch-Site`, but not to plain http; there the origin of the page must have the host that
 * was called. A proxy may call us by another name: then the name it was called by counts, or the
 * public address that the owner entered. A page can set none of these headers. Programs that are
 * no browsers send neither, and have nobody's cookies.
 */
export function isForeignPost(ctx: PortalContext, publicUrl: string): boolean {
  const site = ctx.get('Sec-Fetch-Site');
  if (site !== '') return site !== 'same-origin' && site !== 'none';
  const origin = ctx.get('Origin');
  if (origin === '') return false;
  if (!URL.canParse(origin)) return true;
  const { host } = new URL(origin);
  const own = [ctx.get('Host'), ctx.get('X-Forwarded-Host'), hostOf(publicUrl)];
  return !own.some((name) => name !== '' && name.toLowerCase() === host);
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : '');
