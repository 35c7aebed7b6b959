import cors from '@koa/cors';
import type { Next } from 'koa';
import type { PortalContext } from '../context.ts';
import { AppError } from '../../src-shared/errors.ts';
import { readDataRequest } from '../request.ts';
import type { PortalDeps } from '../source.ts';
import { buildPageModel } from '../view-model/build.ts';
import { toJson } from '../view-model/page-json.ts';
import { dataLinkTo } from '../../src-shared/domain/share-link.ts';
import type { CheckAccess } from './check-access.ts';

/**
 * `…/{key}/data.json`: what the page shows, for the client's own tools. Off unless the share
 * says so (404); a password counts here too (401 without a session); `year`, `month` and `details`
 * as on the page, `project` for one project. Browsers of other sites may read it if the owner
 * lists their origin, and never with cookies: `allowOrigins` comes before whatever answers, since
 * a browser follows no redirect that does not allow its origin.
 */
export function createDataJson(
  { source, clock }: Pick<PortalDeps, 'source' | 'clock'>,
  { answerBot, isAdmitted }: Pick<CheckAccess, 'answerBot' | 'isAdmitted'>,
) {
  const allowListed = cors({
    origin: (ctx) => {
      const origin = ctx.get('Origin');
      const { share } = ctx.state;
      // '' adds no header at all.
      return share.options.corsOrigins.includes(origin) ? origin : '';
    },
    allowMethods: 'GET',
    maxAge: 600,
  });

  function dataJson(ctx: PortalContext): void {
    const { base, key, locale, share } = ctx.state;
    if (answerBot(ctx)) return;
    if (!isAdmitted(ctx)) {
      ctx.status = 401;
      ctx.body = { error: 'not_signed_in' };
      return;
    }
    const request = readDataRequest(ctx.querystring);
    if (request === null) throw new AppError('not_found');
    const result = buildPageModel({ share, source, now: clock.now(), request });
    if (result.kind === 'not-found') throw new AppError('not_found');
    if (result.kind === 'redirect') {
      const { month, details } = result;
      const { projectId } = request;
      ctx.redirect(dataLinkTo({ base, locale, key, projectId, month, details }));
      return;
    }
    ctx.body = toJson(result.model);
  }

  return {
    dataJson,
    allowOrigins(ctx: PortalContext, next: Next): Promise<void> {
      const { share } = ctx.state;
      if (!share.options.json) throw new AppError('not_found');
      return allowListed(ctx, next) as Promise<void>;
    },
  };
}
