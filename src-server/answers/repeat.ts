import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Access } from '../access/access.ts';
import { botName } from '../access/visitors.ts';
import { baseOf } from '../base-path.ts';
import type { PortalDeps } from '../source.ts';
import { encodingFor } from './encodings.ts';
import { stampOf, type KeptPage, type KeptPages } from './kept-pages.ts';

/**
 * Sends a page of a share without a password again, or tells a browser that its copy is still
 * right, in a tenth of the time that Koa needs. It repeats what Koa answered to the same address
 * at the same moment (`KeptPages`): the share was there, and its page open to everybody. False:
 * the request is Koa's. So are all from bots, and all while the portal is paused.
 */
export function createRepeat(
  { source, clock, publicUrl, paused }: PortalDeps,
  kept: KeptPages,
  { countView }: Pick<Access, 'countView'>,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  function find({ headers, method, url = '' }: IncomingMessage): KeptPage | null {
    if (method !== 'GET' || (paused?.() ?? null) !== null) return null;
    const path = url.split('?', 1)[0]!;
    const base = baseOf({ path, headers }, publicUrl?.() ?? '');
    const encoding = encodingFor(String(headers['accept-encoding'] ?? ''));
    const page = kept.find(stampOf(source.version(), clock.now()), { base, url, encoding });
    const isOpen = page !== null && page.etag !== null;
    return isOpen && botName(headers['user-agent'] ?? '') === null ? page : null;
  }

  /** What cannot be read, Koa cannot read either: it has a page for that, and a line in the log. */
  function findSafely(request: IncomingMessage): KeptPage | null {
    try {
      return find(request);
    } catch {
      return null;
    }
  }

  return (request, response) => {
    const page = findSafely(request);
    if (page === null) return false;
    const { 'if-none-match': known, 'cache-control': wish = '' } = request.headers;
    // A browser that has another copy, or names several, is asked by Koa which it has.
    if (known !== undefined && known !== page.etag) return false;
    if (known === undefined || wish.includes('no-cache')) {
      response.writeHead(200, page.headers).end(page.body);
    } else {
      response.writeHead(304, page.unchangedHeaders).end();
    }
    countView({ shareId: page.shareId, locale: page.locale, headers: request.headers });
    return true;
  };
}
