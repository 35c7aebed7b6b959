/** Links of the page that a request asked for. */
import { sharePath } from '../../src-shared/domain/share-link.ts';
import type { PortalContext } from '../context.ts';

/** What follows the key: the project and the query. */
export function placeIn({ state: { projectId }, search }: PortalContext): string {
  const project = projectId === undefined ? '' : `/p/${encodeURIComponent(projectId)}`;
  return `${project}${search}`;
}

/** The page that was asked for, in a language. */
export const linkIn = (ctx: PortalContext, locale: string): string =>
  `${ctx.state.base}${sharePath(locale, ctx.state.key)}${placeIn(ctx)}`;
