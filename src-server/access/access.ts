import type { Answer, Pass, PassAny } from '../context.ts';
import type { Pages } from '../pages/render.ts';
import type { PortalDeps } from '../source.ts';
import { createAttempts } from './attempts.ts';
import { createCheckAccess } from './check-access.ts';
import { createDataJson } from './data-json.ts';
import { createErrorBoundary } from './errors.ts';
import { securityHeaders } from './headers.ts';
import { createKnownClients } from './known-clients.ts';
import { createLoadShare } from './load-share.ts';
import { createVisitLog, type VisitLog } from './log-visit.ts';
import { createPasswordPage } from './password-page.ts';
import { createSessionCookies } from './session-cookie.ts';
import { createShareCookies } from './share-cookies.ts';
import { createSignIn } from './sign-in.ts';

/** Who may see what of the portal; in the order in which a request passes it. */
export interface Access {
  errorBoundary: PassAny;
  securityHeaders: PassAny;
  /** After the locale is known: leaves the share in `ctx.state.share`, or throws `not_found`. */
  loadShare: Pass;
  /** Before a page: bots and clients without the password end here. */
  checkAccess: Pass;
  /** For pages that are sent again without passing `checkAccess`. */
  countView: VisitLog['countView'];
  /** POST on a page's address. */
  logIn: Answer;
  /** POST on `…/logout`. */
  logOut: Answer;
  /** GET on `/auth/customer-portal/{key}/session/{locale}`, and below it `/p/{projectId}`. */
  resumeSession: Answer;
  /** Before everything that answers GET and OPTIONS on `…/data.json`. */
  allowOrigins: Pass;
  /** GET and OPTIONS on `…/data.json`. */
  dataJson: Answer;
}

/** All of it for one portal: attempts and ended sessions are its own. */
export function createAccess(deps: PortalDeps, pages: Pages): Access {
  const shareCookies = createShareCookies(deps);
  const sessions = createSessionCookies(deps, shareCookies);
  const clients = createKnownClients(deps, shareCookies);
  const attempts = createAttempts(deps);
  const visits = createVisitLog(deps);
  const passwordPage = createPasswordPage({ clock: deps.clock, pages, attempts, clients });
  const { answerBot, isAdmitted, checkAccess } = createCheckAccess({
    pages,
    shareCookies,
    sessions,
    passwordPage,
    visits,
  });
  const signIn = createSignIn(deps, {
    shareCookies,
    sessions,
    clients,
    attempts,
    passwordPage,
    answerBot,
    visits,
  });
  return {
    errorBoundary: createErrorBoundary(pages, deps.log),
    securityHeaders,
    loadShare: createLoadShare(deps),
    checkAccess,
    countView: visits.countView,
    ...signIn,
    ...createDataJson(deps, { answerBot, isAdmitted }),
  };
}
