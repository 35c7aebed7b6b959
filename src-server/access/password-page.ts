import type { PortalContext } from '../context.ts';
import type { Pages, PasswordPageOptions } from '../pages/render.ts';
import type { PortalDeps } from '../source.ts';
import type { Attempts } from './attempts.ts';
import type { KnownClients } from './known-clients.ts';
import { linkIn } from './page-link.ts';

/** Seconds after which a password that could not be checked may be sent again. */
const busyRetryS = 5;

export interface PasswordPage {
  /** The first page of somebody who has not entered the password; tells of a lock at once. */
  ask(ctx: PortalContext): void;
  /** The page after a password that did not open the share. */
  refuse(ctx: PortalContext, error: NonNullable<PasswordPageOptions['error']>): void;
}

export function createPasswordPage({
  clock,
  pages,
  attempts,
  clients,
}: {
  clock: PortalDeps['clock'];
  pages: Pick<Pages, 'renderPasswordPage' | 'languages'>;
  attempts: Pick<Attempts, 'lockedUntil'>;
  clients: Pick<KnownClients, 'clientOf'>;
}): PasswordPage {
  function show(ctx: PortalContext, error: PasswordPageOptions['error']): void {
    const { base, locale } = ctx.state;
    if (error === null || error === 'foreign') ctx.status = 200;
    else if (error === 'wrong') ctx.status = 403;
    else if (error === 'busy') {
      // Not 503: a hop in front would take the program for ill.
      ctx.status = 429;
      ctx.set('Retry-After', String(busyRetryS));
    } else {
      ctx.status = 429;
      const waitMs = error.lockedUntil.getTime() - clock.now().getTime();
      ctx.set('Retry-After', String(Math.max(1, Math.ceil(waitMs / 1000))));
    }
    ctx.type = 'text/html; charset=utf-8';
    ctx.body = pages.renderPasswordPage({
      base,
      locale,
      error,
      action: linkIn(ctx, locale),
      languages: pages.languages(locale, (code) => linkIn(ctx, code)),
    });
  }

  return {
    ask(ctx) {
      const until = attempts.lockedUntil(ctx.state.share.id, clients.clientOf(ctx));
      show(ctx, until === null ? null : { lockedUntil: until });
      ctx.status = 200;
    },
    refuse: show,
  };
}
