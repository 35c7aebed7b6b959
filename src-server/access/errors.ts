import type { Next } from 'koa';
import { errorKinds, toWireError, type ErrorCode } from '../../src-shared/errors.ts';
import type { AnyContext } from '../context.ts';
import { lastLocale, negotiateLocale } from '../locale.ts';
import type { Pages } from '../pages/render.ts';
import type { PortalDeps } from '../source.ts';

/**
 * Turns whatever is thrown below into a page in the client's language that tells nothing: no
 * message, no stack, no address. Only unexpected errors are logged, by code and stack.
 */
export function createErrorBoundary(pages: Pages, log: PortalDeps['log']) {
  return async (ctx: AnyContext, next: Next): Promise<void> => {
    try {
      await next();
    } catch (error) {
      const code = codeOf(error);
      if (code === 'internal') log.error('a portal page failed', error);
      answer(ctx, pages, code);
    }
  };
}

/** An address that koa cannot even decode does not exist. */
function codeOf(error: unknown): ErrorCode {
  const { status } = error as { status?: unknown };
  if (typeof status === 'number' && status >= 400 && status < 500) return 'not_found';
  return toWireError(error).code;
}

function answer(ctx: AnyContext, pages: Pages, code: ErrorCode): void {
  const locale = ctx.state.locale ?? negotiateLocale(ctx.get('Accept-Language')) ?? lastLocale;
  for (const name of ['ETag', 'Set-Cookie', 'Content-Encoding', 'Vary']) ctx.remove(name);
  ctx.set('Cache-Control', 'no-store');
  const { status } = errorKinds[code];
  ctx.status = status;
  ctx.type = 'text/html; charset=utf-8';
  const base = ctx.state.base ?? '';
  ctx.body =
    status === 404 ? pages.renderNotFound(locale, base) : pages.renderUnavailable(locale, base);
}
