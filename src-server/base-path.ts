import type { IncomingHttpHeaders } from 'node:http';
import type { Next } from 'koa';
import { basePathOf, withoutLastSlash } from '../src-shared/domain/public-url.ts';
import { remember } from '../src-shared/remember.ts';
import type { AnyContext } from './context.ts';
import type { PortalDeps } from './source.ts';

/**
 * What the addresses of a request's answer begin with: the path of the public address if the
 * request came by it, else ''. A proxy may pass the path on, or take it off itself: then the host,
 * or the header that Traefik and our snippets set, tells. A request can only choose between these
 * two. `path`: as the request has it.
 */
export function baseOf(
  { path, headers }: { path: string; headers: IncomingHttpHeaders },
  publicUrl: string,
): string {
  const base = rememberedBase(publicUrl);
  return base !== '' && (isUnder(path, base) || cameBy(headers, publicUrl, base)) ? base : '';
}

/** Asked for each request; an owner changes it now and then. */
const rememberedBase = remember(10, basePathOf);

const isUnder = (path: string, base: string): boolean =>
  path === base || path.startsWith(`${base}/`);

/** Leaves the base in `ctx.state.base`, and takes it off the path if it is there. */
export function createFindBase({ publicUrl }: Pick<PortalDeps, 'publicUrl'>) {
  return (ctx: AnyContext, next: Next): Promise<unknown> => {
    const url = publicUrl?.() ?? '';
    const base = rememberedBase(url);
    ctx.state.base = baseOf({ path: ctx.path, headers: ctx.headers }, url);
    if (base !== '' && isUnder(ctx.path, base)) ctx.path = ctx.path.slice(base.length) || '/';
    return next();
  };
}

function cameBy(headers: IncomingHttpHeaders, url: string, base: string): boolean {
  if (withoutLastSlash(lastOf(headers['x-forwarded-prefix'])) === base) return true;
  const { host } = new URL(url);
  return [headers.host ?? '', lastOf(headers['x-forwarded-host'])].some(
    (name) => name.toLowerCase() === host,
  );
}

/** Node joins headers that come more than once with commas. */
const lastOf = (header: string | string[] | undefined): string =>
  String(header ?? '')
    .split(',')
    .at(-1)!
    .trim();
