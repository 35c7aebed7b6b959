import type { Next } from 'koa';
import { basePathOf, withoutLastSlash } from '../src-shared/domain/public-url.ts';
import type { AnyContext } from './context.ts';
import type { PortalDeps } from './source.ts';

/**
 * Leaves in `ctx.state.base` what the addresses of a request's answer begin with: the path of the
 * public address if the request came by it, else ''. A proxy may pass the path on, which is then
 * taken off, or take it off itself: then the host, or the header that Traefik and our snippets
 * set, tells. A request can only choose between these two.
 */
export function createFindBase({ publicUrl }: Pick<PortalDeps, 'publicUrl'>) {
  return (ctx: AnyContext, next: Next): Promise<unknown> => {
    const url = publicUrl?.() ?? '';
    const base = basePathOf(url);
    const isUnder = ctx.path === base || ctx.path.startsWith(`${base}/`);
    ctx.state.base = base !== '' && (isUnder || cameBy(ctx, url, base)) ? base : '';
    if (base !== '' && isUnder) ctx.path = ctx.path.slice(base.length) || '/';
    return next();
  };
}

function cameBy(ctx: AnyContext, url: string, base: string): boolean {
  if (withoutLastSlash(lastOf(ctx.get('X-Forwarded-Prefix'))) === base) return true;
  const { host } = new URL(url);
  return [ctx.get('Host'), lastOf(ctx.get('X-Forwarded-Host'))].some(
    (name) => name.toLowerCase() === host,
  );
}

const lastOf = (header: string): string => header.split(',').at(-1)!.trim();
