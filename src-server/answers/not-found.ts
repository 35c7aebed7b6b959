import type { AnyContext } from '../context.ts';
import type { Pages } from '../pages/render.ts';

export function answerNotFound(
  ctx: AnyContext,
  pages: Pick<Pages, 'renderNotFound'>,
  locale: string,
): void {
  for (const name of ['ETag', 'Vary']) ctx.remove(name);
  ctx.status = 404;
  ctx.type = 'text/html; charset=utf-8';
  ctx.body = pages.renderNotFound(locale, ctx.state.base ?? '');
}
