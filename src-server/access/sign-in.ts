import type { Next } from 'koa';
import { shareBase, sharePath } from '../../src-shared/domain/portal-address.ts';
import type { PortalContext } from '../context.ts';
import { normalPassword } from '../../src-shared/domain/password.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { Pages, PasswordPageOptions } from '../pages/render.ts';
import type { PortalDeps, PortalShare, Visit } from '../source.ts';
import { createAttempts, type Client } from './attempts.ts';
import { clientAddress, digestClient } from './client-address.ts';
import { isForeignPost } from './foreign-post.ts';
import { createKnownClients } from './known-clients.ts';
import { readForm } from './read-form.ts';
import { createSessionCookies } from './session-cookie.ts';
import { cookieValues, createShareCookies } from './share-cookies.ts';
import { botName, deviceClass } from './visitors.ts';

/** Of somebody whose program looked like a bot, and who pressed the button for people. */
const personCookie = 'portal_person';

/** Seconds after which a password that could not be checked may be sent again. */
const busyRetryS = 5;

/** Password pages, log-in and log-out, and the log of who opened what. */
export function createSignIn(deps: PortalDeps, pages: Pages) {
  const { clock, journal, log, passwords, secrets, trustedHeader } = deps;
  const attempts = createAttempts(deps);
  const shareCookies = createShareCookies(deps);
  const cookies = createSessionCookies(deps, shareCookies);
  const knownClients = createKnownClients(secrets, shareCookies);
  const addressOf = (ctx: PortalContext): string =>
    digestClient(clientAddress(ctx.req, trustedHeader()), secrets.client);
  const isForeign = (ctx: PortalContext): boolean => isForeignPost(ctx, deps.publicUrl?.() ?? '');

  function clientOf(ctx: PortalContext): Client {
    const known = knownClients.read(ctx, ctx.state.share);
    return { digest: known ?? addressOf(ctx), isKnown: known !== null };
  }

  /** Never awaited: a page does not wait for an import that holds the write queue. */
  function logVisit(ctx: PortalContext, kind: Visit['kind'], device?: string): void {
    const { locale, share } = ctx.state;
    const visit = {
      shareId: share.id,
      kind,
      device: device ?? deviceClass(ctx.get('User-Agent')),
      // Of the address only the language: there are many thousand scripts and regions.
      locale: locale.split('_')[0]!,
    };
    journal
      .recordVisit(visit)
      .catch((error: unknown) => log.error('a visit could not be stored', error));
  }

  /** Whether the request may see the share; a session that was used is prolonged. */
  function isAdmitted(ctx: PortalContext): boolean {
    const { share } = ctx.state;
    if (share.passwordHash === null) return true;
    const session = cookies.read(ctx, share);
    if (session === null) return false;
    if (cookies.isDue(session)) cookies.send(ctx, session);
    return true;
  }

  /** Search and preview bots get a page without data, whatever the share is; people a way on. */
  function answerBot(ctx: PortalContext): boolean {
    const bot = botName(ctx.get('User-Agent'));
    if (bot === null || cookieValues(ctx, personCookie).includes('1')) return false;
    const { locale } = ctx.state;
    ctx.status = 200;
    ctx.type = 'text/html; charset=utf-8';
    ctx.body = pages.renderBotPage(locale, addressIn(ctx, locale));
    logVisit(ctx, 'bot', bot);
    return true;
  }

  function showPasswordPage(ctx: PortalContext, error: PasswordPageOptions['error']): void {
    const { locale } = ctx.state;
    if (error === null || error === 'foreign') ctx.status = 200;
    else if (error === 'wrong') ctx.status = 403;
    else if (error === 'busy') {
      ctx.status = 503;
      ctx.set('Retry-After', String(busyRetryS));
    } else {
      ctx.status = 429;
      const waitMs = error.lockedUntil.getTime() - clock.now().getTime();
      ctx.set('Retry-After', String(Math.max(1, Math.ceil(waitMs / 1000))));
    }
    ctx.type = 'text/html; charset=utf-8';
    ctx.body = pages.renderPasswordPage({
      locale,
      error,
      action: addressIn(ctx, locale),
      languages: pages.languages(locale, (code) => addressIn(ctx, code)),
    });
  }

  /** The first page of somebody who has not entered the password; tells of a lock at once. */
  function askForPassword(ctx: PortalContext): void {
    const until = attempts.lockedUntil(ctx.state.share.id, clientOf(ctx));
    showPasswordPage(ctx, until === null ? null : { lockedUntil: until });
    ctx.status = 200;
  }

  async function checkPassword(share: PortalShare, password: string): Promise<boolean> {
    const hash = share.passwordHash!;
    // Nobody could have chosen it, so nothing has to be hashed to know that it is wrong.
    if (normalPassword(password) === '') return false;
    try {
      const { ok, newHash } = await passwords.check(password, hash);
      if (newHash !== null) {
        journal
          .replacePasswordHash(share.id, hash, newHash)
          .catch((error: unknown) => log.error('a new password hash could not be stored', error));
      }
      return ok;
    } catch (error) {
      if (error instanceof AppError && error.code === 'password_too_long') return false;
      throw error;
    }
  }

  return {
    answerBot,
    isAdmitted,

    /** Lets a request through to the page, or answers with a page without data. Counts views. */
    async checkAccess(ctx: PortalContext, next: Next): Promise<void> {
      const { locale, share } = ctx.state;
      if (answerBot(ctx)) return;
      if (!isAdmitted(ctx)) {
        // Under a language that is not one of the usual ones the session may not be known yet.
        if (shareCookies.usualLocales(share).includes(locale)) askForPassword(ctx);
        else ctx.redirect(`${shareBase(ctx.state.key)}/session/${locale}${placeIn(ctx)}`);
        return;
      }
      await next();
      const isPage = ctx.status === 200 || ctx.status === 304;
      const isPrefetch = /prefetch/i.test(ctx.get('Sec-Purpose') + ctx.get('Purpose'));
      if (isPage && ctx.method === 'GET' && !isPrefetch) logVisit(ctx, 'view');
    },

    /**
     * `…/{key}/session/{locale}`: hands a session to an address in another language; whoever has
     * none gets the password page here. It redirects only with a session, so it cannot loop.
     */
    resumeSession(ctx: PortalContext): void {
      const { locale, share } = ctx.state;
      if (answerBot(ctx)) return;
      const session = cookies.read(ctx, share);
      if (share.passwordHash !== null && session === null) {
        askForPassword(ctx);
        return;
      }
      if (session !== null) cookies.send(ctx, session);
      ctx.redirect(addressIn(ctx, locale));
    },

    /**
     * A posted password: only failed ones count; a lock refuses right ones too. Or the button of
     * the page for bots, which leads to the page that was asked for.
     */
    async logIn(ctx: PortalContext): Promise<void> {
      const { locale, share } = ctx.state;
      const form = await readForm(ctx.req);
      const isForeignForm = isForeign(ctx);
      const seeOther = (): void => {
        ctx.status = 303;
        ctx.set('Location', addressIn(ctx, locale));
      };
      if (form.has('person') && !isForeignForm) {
        shareCookies.send(ctx, personCookie, '1', 'session');
        seeOther();
        return;
      }
      if (share.passwordHash === null) {
        seeOther();
        return;
      }
      // Another site that lets a visitor's browser guess must not lock the visitor out.
      if (isForeignForm) {
        showPasswordPage(ctx, 'foreign');
        return;
      }
      const answer = await attempts
        .attempt(share.id, clientOf(ctx), () => checkPassword(share, form.get('password') ?? ''))
        .catch(nullIfQueueFull);
      if (answer === null) {
        showPasswordPage(ctx, 'busy');
        return;
      }
      const { result, isNewLock } = answer;
      if (result === 'right') {
        cookies.send(ctx, cookies.start());
        knownClients.send(ctx, share, addressOf(ctx));
        seeOther();
        return;
      }
      if (result === 'wrong' || isNewLock) logVisit(ctx, 'failure');
      if (isNewLock) logVisit(ctx, 'lockout');
      showPasswordPage(ctx, result);
    },

    /** Ends the session in every language and leads to the password page; not for other sites. */
    logOut(ctx: PortalContext): void {
      const { locale, share } = ctx.state;
      const session = cookies.read(ctx, share);
      if (session !== null && !isForeign(ctx)) cookies.end(ctx, session);
      ctx.status = 303;
      ctx.set('Location', sharePath(locale, ctx.state.key));
    },
  };
}

/** Too many others are being checked: this password is neither right nor wrong. */
function nullIfQueueFull(error: unknown): null {
  if (error instanceof AppError && error.code === 'password_queue_full') return null;
  throw error;
}

/** What follows the key: the project and the query. */
function placeIn({ state: { projectId }, search }: PortalContext): string {
  const project = projectId === undefined ? '' : `/p/${encodeURIComponent(projectId)}`;
  return `${project}${search}`;
}

/** The page that was asked for, in a language. */
const addressIn = (ctx: PortalContext, locale: string): string =>
  `${sharePath(locale, ctx.state.key)}${placeIn(ctx)}`;
