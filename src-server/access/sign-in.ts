import { sharePath } from '../../src-shared/domain/share-link.ts';
import type { PortalContext } from '../context.ts';
import { normalPassword } from '../../src-shared/domain/password.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { PortalDeps, PortalShare } from '../source.ts';
import type { Attempts } from './attempts.ts';
import { personCookie, type CheckAccess } from './check-access.ts';
import { isForeignPost } from './foreign-post.ts';
import type { KnownClients } from './known-clients.ts';
import { visitorOf, type VisitLog } from './log-visit.ts';
import { linkIn } from './page-link.ts';
import type { PasswordPage } from './password-page.ts';
import { readForm } from './read-form.ts';
import type { SessionCookies } from './session-cookie.ts';
import type { ShareCookies } from './share-cookies.ts';

export interface SignInParts {
  shareCookies: Pick<ShareCookies, 'send'>;
  sessions: SessionCookies;
  clients: KnownClients;
  attempts: Pick<Attempts, 'attempt'>;
  passwordPage: PasswordPage;
  answerBot: CheckAccess['answerBot'];
  visits: VisitLog;
}

/** What begins and ends the session of a client: the password, log-out, another language. */
export function createSignIn(
  {
    journal,
    log,
    passwords,
    publicUrl,
  }: Pick<PortalDeps, 'journal' | 'log' | 'passwords' | 'publicUrl'>,
  { shareCookies, sessions, clients, attempts, passwordPage, answerBot, visits }: SignInParts,
) {
  const isForeign = (ctx: PortalContext): boolean => isForeignPost(ctx, publicUrl?.() ?? '');

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
    /**
     * `…/{key}/session/{locale}`: hands a session to an address in another language; whoever has
     * none gets the password page here. It redirects only with a session, so it cannot loop.
     */
    resumeSession(ctx: PortalContext): void {
      const { locale, share } = ctx.state;
      if (answerBot(ctx)) return;
      const session = sessions.read(ctx, share);
      if (share.passwordHash !== null && session === null) {
        passwordPage.ask(ctx);
        return;
      }
      if (session !== null) sessions.send(ctx, session);
      ctx.redirect(linkIn(ctx, locale));
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
        ctx.set('Location', linkIn(ctx, locale));
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
        passwordPage.refuse(ctx, 'foreign');
        return;
      }
      const answer = await attempts
        .attempt(share.id, clients.clientOf(ctx), () =>
          checkPassword(share, form.get('password') ?? ''),
        )
        .catch(nullIfQueueFull);
      if (answer === null) {
        passwordPage.refuse(ctx, 'busy');
        return;
      }
      const { result, isNewLock } = answer;
      if (result === 'right') {
        sessions.send(ctx, sessions.start());
        clients.remember(ctx);
        seeOther();
        return;
      }
      if (result === 'wrong' || isNewLock) visits.note(visitorOf(ctx), 'failure');
      if (isNewLock) visits.note(visitorOf(ctx), 'lockout');
      passwordPage.refuse(ctx, result);
    },

    /** Ends the session in every language and leads to the password page; not for other sites. */
    logOut(ctx: PortalContext): void {
      const { base, key, locale, share } = ctx.state;
      const session = sessions.read(ctx, share);
      if (session !== null && !isForeign(ctx)) sessions.end(ctx, session);
      ctx.status = 303;
      ctx.set('Location', base + sharePath(locale, key));
    },
  };
}

/** Too many others are being checked: this password is neither right nor wrong. */
function nullIfQueueFull(error: unknown): null {
  if (error instanceof AppError && error.code === 'password_queue_full') return null;
  throw error;
}
