import Router from 'koa-router';
import Koa, { type Context, type Middleware, type Next } from 'koa';
import { createDeliveryErrors } from '../src-shared/client-resets.ts';
import { findAsset } from './assets/assets.ts';
import { etagOf } from './etag.ts';
import { findLocale, lastLocale, negotiateLocale } from './locale.ts';
import type { Pages } from './pages/render.ts';
import { readRequest } from './request.ts';
import type { PortalDeps, PortalShare } from './source.ts';
import { buildPageModel } from './view-model/build.ts';
import { addressOf, type Place } from './view-model/links.ts';

/** What the middlewares before a page leave in `ctx.state`. */
export interface PortalState {
  /** Kimai's code. */
  locale: string;
  /** The address has no locale of Kimai's: it is redirected once the share is known. */
  localeMissing: boolean;
  share: PortalShare;
}

/** Who may see a page: what src-server/access gives to the routes. */
export interface Access {
  /** Outermost: turns what is thrown into a page that tells nothing. */
  errorBoundary: Middleware;
  securityHeaders: Middleware;
  /** Sets `ctx.state.share`, or answers 404 for what is unknown, paused or expired. */
  loadShare: Middleware;
  /** Goes on if the client may see the share, else answers (password page, page for bots). */
  checkAccess: Middleware;
  /** A posted password. */
  logIn: Middleware;
  logOut: Middleware;
  /** Hands a session to the address in another language. */
  resumeSession: Middleware;
  /** Lets the listed origins read `…/data.json`, or throws `not_found`. */
  allowOrigins: Middleware;
  /** The page's data for the client's own tools; checks access itself. */
  dataJson: Middleware;
}

const share = '/:locale/auth/customer-portal/:key';
const shareFolder = '/auth/customer-portal/';
const shareWithoutLocale = '/auth/customer-portal/:key';
const oneYearS = 31_536_000;

/**
 * The public portal as a Koa app that binds no port. A page is made in one order: errors →
 * security headers → locale → share → access → scope → rows → view model → page.
 */
export function buildPortalApp(deps: PortalDeps, pages: Pages, access: Access): Koa {
  const showPage = createShowPage(deps, pages);
  const router = new Router();

  router.get('/assets/:name', serveAsset);
  // Browsers ask for it; there is none, and a page about that would only be slow.
  router.get('/favicon.ico', (ctx) => {
    ctx.status = 204;
    ctx.set('Cache-Control', `public, max-age=${oneYearS}`);
  });
  const known = [readLocale, access.loadShare, redirectToLocale] as const;
  for (const base of [shareWithoutLocale, share]) {
    for (const page of [base, `${base}/p/:projectId`]) {
      router.get(page, ...known, access.checkAccess, showPage);
      router.post(page, ...known, access.logIn);
    }
    const data = [readLocale, access.loadShare, access.allowOrigins, redirectToLocale] as const;
    router.get(`${base}/data.json`, ...data, access.dataJson);
    router.options(`${base}/data.json`, ...data, access.dataJson);
    router.post(`${base}/logout`, ...known, access.logOut);
  }
  const session = `${shareWithoutLocale}/session/:locale`;
  for (const target of [session, `${session}/p/:projectId`]) {
    router.get(target, readLocale, access.loadShare, access.resumeSession);
  }

  const app = new Koa();
  // Broken connections and the like; koa's own listener would print them.
  app.on('error', createDeliveryErrors(deps, 'an answer of the portal was not delivered'));
  app.use(access.errorBoundary);
  app.use(access.securityHeaders);
  app.use(router.routes());
  app.use((ctx) => {
    answerNotFound(ctx, pages, negotiateLocale(ctx.get('Accept-Language')) ?? lastLocale);
  });
  return app;
}

/** The locale of the address, else the best match of what the browser asks for. */
function readLocale(ctx: Context, next: Next): Promise<unknown> {
  const code = (ctx.params as { locale?: string }).locale;
  const found = code === undefined ? null : findLocale(code);
  ctx.state.localeMissing = found === null;
  ctx.state.locale = found?.code ?? negotiateLocale(ctx.get('Accept-Language')) ?? lastLocale;
  return next();
}

/**
 * Sends an address without a locale, or in other letters than ours (`/Auth/…`), to the same page
 * in its own spelling, where its cookies are; the share's locale is the fallback.
 */
async function redirectToLocale(ctx: Context, next: Next): Promise<void> {
  const state = ctx.state as PortalState;
  const locale = state.localeMissing
    ? (negotiateLocale(ctx.get('Accept-Language')) ??
      findLocale(state.share.options.locale)?.code ??
      lastLocale)
    : state.locale;
  const at = ctx.path.toLowerCase().indexOf(shareFolder) + shareFolder.length;
  // Only the key is more than our own words and numbers.
  const [key, ...rest] = ctx.path.slice(at).split('/');
  const path = `/${locale}${shareFolder}${[key, ...rest.map((word) => word.toLowerCase())].join('/')}`;
  if (path === ctx.path) {
    await next();
    return;
  }
  ctx.vary('Accept-Language');
  ctx.set('Cache-Control', 'private, no-cache');
  ctx.redirect(`${path}${ctx.search}`);
}

function createShowPage({ source, clock }: PortalDeps, pages: Pages) {
  return (ctx: Context): void => {
    const { locale, share } = ctx.state as PortalState;
    const isProtected = share.passwordHash !== null;
    ctx.set('Cache-Control', isProtected ? 'no-store' : 'private, no-cache');
    const now = clock.now();
    if (!isProtected) {
      ctx.status = 200;
      ctx.set('ETag', etagOf({ share, version: source.version(), now, locale, url: ctx.url }));
      // `*` asks whether there is any page at all, which is not known yet.
      if (ctx.get('If-None-Match').trim() !== '*' && ctx.fresh) {
        ctx.status = 304;
        return;
      }
    }
    const { key, projectId } = ctx.params as { key: string; projectId?: string };
    const request = readRequest(ctx.querystring, projectId ?? null);
    if (request === null) {
      answerNotFound(ctx, pages, locale);
      return;
    }
    const result = buildPageModel({ share, source, now, request });
    if (result.kind === 'not-found') {
      answerNotFound(ctx, pages, locale);
      return;
    }
    const { month, details } = result;
    const place: Place = { locale, key, projectId: request.projectId, month, details };
    if (result.kind === 'redirect') {
      ctx.remove('ETag');
      ctx.redirect(addressOf(place));
      return;
    }
    ctx.type = 'text/html; charset=utf-8';
    ctx.body = pages.renderPortalPage({
      model: result.model,
      place,
      logoutAction: isProtected ? logoutPath(place) : null,
    });
  };
}

const logoutPath = ({ locale, key }: Place): string =>
  `/${locale}/auth/customer-portal/${encodeURIComponent(key)}/logout`;

function answerNotFound(ctx: Context, pages: Pages, locale: string): void {
  ctx.remove('ETag');
  ctx.status = 404;
  ctx.type = 'text/html; charset=utf-8';
  ctx.body = pages.renderNotFound(locale);
}

async function serveAsset(ctx: Context, next: Next): Promise<void> {
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
