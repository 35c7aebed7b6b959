import { linkTo, logoutPath, type Place } from '../../src-shared/domain/share-link.ts';
import type { PortalContext } from '../context.ts';
import { etagOf } from '../etag.ts';
import type { Pages } from '../pages/render.ts';
import { readRequest } from '../request.ts';
import type { PortalDeps } from '../source.ts';
import { codings, encodingFor, type Encoding } from './encodings.ts';
import { KeptModels } from './kept-models.ts';
import {
  cacheHeadersOf,
  keptPageOf,
  stampOf,
  type KeptPage,
  type KeptPages,
} from './kept-pages.ts';
import { answerNotFound } from './not-found.ts';

/** Other parameters change nothing, but a stranger could make up as many as it likes. */
const ownQuery = /^(?:(?:year|month|details)=\w{1,5}(?:&|$)){0,3}$/;

/** Answers with a page, to somebody who may see it: the last step of a request. */
export function createShowPage(
  { source, clock, texts }: PortalDeps,
  pages: Pages,
  kept: KeptPages,
) {
  const models = new KeptModels();
  return async (ctx: PortalContext): Promise<void> => {
    const { base, key, locale, projectId, share, version } = ctx.state;
    const isProtected = share.passwordHash !== null;
    const now = clock.now();
    const etag = isProtected
      ? null
      : etagOf({ share, version, now, locale, texts, url: base + ctx.url });
    ctx.set(cacheHeadersOf(etag));
    if (etag !== null) {
      ctx.status = 200;
      // `*` asks whether there is any page at all, which is not known yet.
      if (ctx.get('If-None-Match').trim() !== '*' && ctx.fresh) {
        ctx.status = 304;
        return;
      }
    }
    const encoding = encodingFor(ctx.get('Accept-Encoding'));
    const stamp = stampOf(version, now);
    const place = { base, url: ctx.originalUrl, encoding };
    const known = kept.find(stamp, place);
    if (known?.shareId === share.id) {
      send(ctx, known);
      return;
    }
    const request = readRequest(ctx.querystring, projectId ?? null);
    if (request === null) {
      answerNotFound(ctx, pages, locale);
      return;
    }
    const result = models.build(stamp, { share, source, now, request });
    if (result.kind === 'not-found') {
      answerNotFound(ctx, pages, locale);
      return;
    }
    const { month, details } = result;
    const shown: Place = { base, locale, key, projectId: request.projectId, month, details };
    if (result.kind === 'redirect') {
      ctx.remove('ETag');
      ctx.remove('Vary');
      ctx.redirect(linkTo(shown));
      return;
    }
    const bytes = pages.renderPortalPage({
      model: result.model,
      place: shown,
      logoutAction: isProtected ? logoutPath(shown) : null,
    });
    const body = await compress(bytes, encoding);
    const page = keptPageOf({ shareId: share.id, locale, etag, encoding, body });
    if (ownQuery.test(ctx.querystring)) kept.keep(stamp, place, page);
    send(ctx, page);
  };
}

const compress = (bytes: Buffer, encoding: Encoding): Promise<Buffer> | Buffer =>
  encoding === 'identity' ? bytes : codings[encoding].quick(bytes);

function send(ctx: PortalContext, { body, headers }: KeptPage): void {
  ctx.status = 200;
  ctx.set(headers);
  ctx.body = body;
}
