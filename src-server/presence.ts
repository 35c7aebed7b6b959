import type { Next } from 'koa';
import type { AnyContext } from './context.ts';
import { findLocale, lastLocale, negotiateLocale } from './locale.ts';
import type { Pages } from './pages/render.ts';
import type { PortalDeps } from './source.ts';

/**
 * While the owner has paused the portal, every address answers with the same page, which says when
 * the portal is back if that is known. It does not tell which addresses are there.
 */
export function createAnswerPaused(
  { paused, clock }: Pick<PortalDeps, 'paused' | 'clock'>,
  pages: Pick<Pages, 'renderPaused'>,
) {
  return async (ctx: AnyContext, next: Next): Promise<void> => {
    const pause = paused?.() ?? null;
    if (pause === null || ctx.path.startsWith('/assets/')) {
      await next();
      return;
    }
    const named = findLocale(ctx.path.split('/')[1] ?? '')?.code;
    const locale = named ?? negotiateLocale(ctx.get('Accept-Language')) ?? lastLocale;
    ctx.status = 503;
    if (pause.backAt !== null) {
      const waitMs = pause.backAt.getTime() - clock.now().getTime();
      ctx.set('Retry-After', String(Math.max(1, Math.ceil(waitMs / 1000))));
    }
    ctx.vary('Accept-Language');
    ctx.type = 'text/html; charset=utf-8';
    ctx.body = pages.renderPaused(locale, ctx.state.base ?? '', pause.backAt);
  };
}
