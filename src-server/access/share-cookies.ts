import { shareBase } from '../../src-shared/domain/share-link.ts';
import type { PortalContext } from '../context.ts';
import type { PortalDeps, PortalShare } from '../source.ts';
import { comesFromLoopback } from './client-address.ts';

/** Of one name in one request; more are not looked at. */
const maxValues = 20;

/** How long a browser keeps a cookie: until it is closed, for some seconds, or no longer. */
export type CookieLife = 'session' | 'ended' | { seconds: number };

export interface ShareCookies {
  /** Sends a cookie for all paths of the share: in `usualLocales`, this page's, and without one. */
  send(ctx: PortalContext, name: string, value: string, life: CookieLife): void;
  /** Locales under which a cookie is known without asking `resumeSession`. */
  usualLocales(share: PortalShare): string[];
}

/**
 * Cookies whose path is the share's link. As the locale stands first in it, the same cookie is
 * sent for the share's link in each usual language, and for the link without a locale, from
 * where `resumeSession` hands it to any other language.
 */
export function createShareCookies({
  trustedHeader,
  publicUrl,
}: Pick<PortalDeps, 'trustedHeader' | 'publicUrl'>): ShareCookies {
  /**
   * Few: a proxy answers 502 where the headers of an answer are larger than one page of memory
   * (nginx, 4 KiB), and two cookies for ten paths are. All others get theirs by `resumeSession`.
   */
  const usualLocales = (share: PortalShare): string[] => [
    ...new Set([share.options.locale, 'de', 'en']),
  ];

  return {
    usualLocales,
    send(ctx, name, value, life) {
      const { base, key, locale, share } = ctx.state;
      const ofShare = shareBase(key);
      const locales = new Set([...usualLocales(share), locale]);
      const secure = isHttps(ctx, trustedHeader(), publicUrl?.() ?? '');
      for (const path of [ofShare, ...[...locales].map((code) => `/${code}${ofShare}`)]) {
        const parts = [`${name}=${value}`, `Path=${base}${path}`, 'HttpOnly', 'SameSite=Lax'];
        if (life === 'ended') parts.push('Max-Age=0');
        else if (life !== 'session') parts.push(`Max-Age=${life.seconds}`);
        if (secure) parts.push('Secure');
        ctx.append('Set-Cookie', parts.join('; '));
      }
    },
  };
}

/**
 * All values that a request has for a cookie's name, in its order: a cookie of another path, or
 * one that another site under the same host name has set, may stand before the right one.
 */
export function cookieValues(ctx: PortalContext, name: string): string[] {
  const values: string[] = [];
  for (const pair of ctx.get('Cookie').split(';')) {
    const equals = pair.indexOf('=');
    if (equals === -1 || pair.slice(0, equals).trim() !== name) continue;
    values.push(pair.slice(equals + 1).trim());
    if (values.length === maxValues) break;
  }
  return values;
}

/**
 * Whether the client came by https: to us, or to a hop on this computer that says so, or by the
 * public address that the owner entered. Saying so wrongly costs only the client its own session.
 */
function isHttps(ctx: PortalContext, trustedHeader: string, publicUrl: string): boolean {
  if (ctx.secure) return true;
  const isPublicHost =
    URL.canParse(publicUrl) &&
    new URL(publicUrl).protocol === 'https:' &&
    new URL(publicUrl).host === ctx.get('Host').toLowerCase();
  if (isPublicHost) return true;
  const isForwarded = trustedHeader === '' || ctx.get(trustedHeader) !== '';
  return (
    isForwarded &&
    comesFromLoopback(ctx.req) &&
    ctx.get('X-Forwarded-Proto').split(',').at(-1)?.trim().toLowerCase() === 'https'
  );
}
