import type { RequestListener } from 'node:http';
import Router from 'koa-router';
import Koa, { type Next } from 'koa';
import { createDeliveryErrors } from '../src-shared/client-resets.ts';
import { createAccess, type Access } from './access/access.ts';
import { KeptPages } from './answers/kept-pages.ts';
import { answerNotFound } from './answers/not-found.ts';
import { createRepeat } from './answers/repeat.ts';
import { createShowPage } from './answers/show-page.ts';
import { findAsset } from './assets/assets.ts';
import { createFindBase } from './base-path.ts';
import type { AnyContext, PortalContext, PortalState } from './context.ts';
import { findLocale, lastLocale, negotiateLocale } from './locale.ts';
import { createPages, type Pages } from './pages/render.ts';
import { createAnswerPaused } from './presence.ts';
import type { PortalDeps } from './source.ts';
import { checkPath, sharePattern, ownSpelling } from '../src-shared/domain/share-link.ts';

const share = `/:locale${sharePattern}`;
const shareWithoutLocale = sharePattern;
const oneYearS = 31_536_000;

/**
 * The public portal as a listener that binds no port. A page is made in one order: errors →
 * security headers → locale → share → access → scope → rows → view model → page, by Koa; the same
 * page for the same open share is sent again without it. `access`: who
 * may see what; tests of pages let everybody in.
 */
export function createPortal(
  deps: PortalDeps,
  pages: Pages = createPages(deps.texts),
  access: Access = createAccess(deps, pages),
): RequestListener {
  const kept = new KeptPages(deps.log);
  const showPage = createShowPage(deps, pages, kept);
  const router = new Router<PortalState>();

  router.get('/assets/:name', serveAsset);
  // Browsers ask for it; there is none, and a page about that would only be slow.
  router.get('/favicon.ico', (ctx) => {
    ctx.status = 204;
    ctx.set('Cache-Control', `public, max-age=${oneYearS}`);
  });
  const known = [readAddress, access.loadShare, redirectToLocale] as const;
  for (const base of [shareWithoutLocale, share]) {
    for (const page of [base, `${base}/p/:projectId`]) {
      router.get(page, ...known, access.checkAccess, showPage);
      router.post(page, ...known, access.logIn);
    }
    const data = [readAddress, access.loadShare, access.allowOrigins, redirectToLocale] as const;
    router.get(`${base}/data.json`, ...data, access.dataJson);
    router.options(`${base}/data.json`, ...data, access.dataJson);
    router.post(`${base}/logout`, ...known, access.logOut);
  }
  const session = `${shareWithoutLocale}/session/:locale`;
  for (const target of [session, `${session}/p/:projectId`]) {
    router.get(target, readAddress, access.loadShare, access.resumeSession);
  }

  const app = new Koa<PortalState>();
  // Broken connections and the like; koa's own listener would print them.
  app.on('error', createDeliveryErrors(deps, 'an answer of the portal was not delivered'));
  app.use(createFindBase(deps));
  app.use(access.errorBoundary);
  app.use(access.securityHeaders);
  app.use(createAnswerCheck(deps));
  app.use(createAnswerPaused(deps, pages));
  app.use(router.routes());
  app.use((ctx) => {
    answerNotFound(ctx, pages, negotiateLocale(ctx.get('Accept-Language')) ?? lastLocale);
  });
  const handle = app.callback();
  const repeat = createRepeat(deps, kept, access);
  return (request, response) => {
    if (!repeat(request, response)) void handle(request, response);
  };
}

/** Reads the path. The locale is that of the address, else the best match of what the browser asks for. */
function readAddress(
  ctx: PortalContext & Router.IRouterParamContext,
  next: Next,
): Promise<unknown> {
  const { locale: code, key = '', projectId } = ctx.params;
  ctx.state.key = key;
  ctx.state.projectId = projectId;
  const found = code === undefined ? null : findLocale(code);
  ctx.state.localeMissing = found === null;
  ctx.state.locale = found?.code ?? negotiateLocale(ctx.get('Accept-Language')) ?? lastLocale;
  return next();
}

/**
 * Sends an address without a locale, or in other letters than ours (`/Auth/…`), to the same page
 * in its own spelling, where its cookies are; the share's locale is the fallback.
 */
async function redirectToLocale(ctx: PortalContext, next: Next): Promise<void> {
  const { localeMissing, share } = ctx.state;
  const locale = localeMissing
    ? (negotiateLocale(ctx.get('Accept-Language')) ??
      findLocale(share.options.locale)?.code ??
      lastLocale)
    : ctx.state.locale;
  const path = ownSpelling(ctx.path, locale);
  if (path === ctx.path) {
    await next();
    return;
  }
  ctx.vary('Accept-Language');
  ctx.set('Cache-Control', 'private, no-cache');
  ctx.redirect(`${ctx.state.base}${path}${ctx.search}`);
}

/** The program looks whether its own portal is what clients reach; nobody else gets an answer. */
function createAnswerCheck({ answerCheck }: Pick<PortalDeps, 'answerCheck'>) {
  return async (ctx: AnyContext, next: Next): Promise<void> => {
    const question = ctx.path.startsWith(checkPath) ? ctx.path.slice(checkPath.length) : null;
    const answer = question === null ? null : (answerCheck?.(question) ?? null);
    if (answer === null) await next();
    // With the base that links would begin with: a page with dead links is not well.
    else ctx.body = { answer, base: ctx.state.base };
  };
}

async function serveAsset(ctx: AnyContext, next: Next): Promise<void> {
  const asset = findAsset(ctx.path);
  if (asset === null) {
    await next();
    return;
  }
  ctx.set('Cache-Control', `public, max-age=${oneYearS}, immutable`);
  ctx.vary('Accept-Encoding');
  ctx.type = asset.type;
  if (ctx.acceptsEncodings('gzip', 'identity') === 'gzip') {
    ctx.set('Content-Encoding', 'gzip');
    ctx.body = asset.gzipped;
  } else {
    ctx.body = asset.bytes;
  }
}
