import type { Next } from 'koa';
import { shareBase } from '../../src-shared/domain/share-link.ts';
import type { PortalContext } from '../context.ts';
import type { Pages } from '../pages/render.ts';
import { visitorOf, type VisitLog } from './log-visit.ts';
import { linkIn, placeIn } from './page-link.ts';
import type { PasswordPage } from './password-page.ts';
import type { SessionCookies } from './session-cookie.ts';
import { cookieValues, type ShareCookies } from './share-cookies.ts';
import { botName } from './visitors.ts';

/** Of somebody whose program looked like a bot, and who pressed the button for people. */
export const personCookie = 'portal_person';

export interface CheckAccess {
  /** Whether the request may see the share; a session that was used is prolonged. */
  isAdmitted(ctx: PortalContext): boolean;
  /** Search and preview bots get a page without data, whatever the share is; people a way on. */
  answerBot(ctx: PortalContext): boolean;
  /** Lets a request through to the page, or answers with a page without data. Counts views. */
  checkAccess(ctx: PortalContext, next: Next): Promise<void>;
}

export function createCheckAccess({
  pages,
  shareCookies,
  sessions,
  passwordPage,
  visits,
}: {
  pages: Pick<Pages, 'renderBotPage'>;
  shareCookies: Pick<ShareCookies, 'usualLocales'>;
  sessions: Pick<SessionCookies, 'read' | 'isDue' | 'send'>;
  passwordPage: Pick<PasswordPage, 'ask'>;
  visits: VisitLog;
}): CheckAccess {
  function isAdmitted(ctx: PortalContext): boolean {
    const { share } = ctx.state;
    if (share.passwordHash === null) return true;
    const session = sessions.read(ctx, share);
    if (session === null) return false;
    if (sessions.isDue(session)) sessions.send(ctx, session);
    return true;
  }

  function answerBot(ctx: PortalContext): boolean {
    const bot = botName(ctx.get('User-Agent'));
    if (bot === null || cookieValues(ctx, personCookie).includes('1')) return false;
    const { locale } = ctx.state;
    ctx.status = 200;
    ctx.type = 'text/html; charset=utf-8';
    ctx.body = pages.renderBotPage(locale, ctx.state.base, linkIn(ctx, locale));
    visits.note(visitorOf(ctx), 'bot', bot);
    return true;
  }

  return {
    isAdmitted,
    answerBot,
    async checkAccess(ctx, next) {
      const { base, key, locale, share } = ctx.state;
      if (answerBot(ctx)) return;
      if (!isAdmitted(ctx)) {
        // Under a language that is not one of the usual ones the session may not be known yet.
        if (shareCookies.usualLocales(share).includes(locale)) passwordPage.ask(ctx);
        else ctx.redirect(`${base}${shareBase(key)}/session/${locale}${placeIn(ctx)}`);
        return;
      }
      await next();
      const isPage = ctx.status === 200 || ctx.status === 304;
      if (isPage && ctx.method === 'GET') visits.countView(visitorOf(ctx));
    },
  };
}
