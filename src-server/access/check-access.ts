import type { Answer, Pass, PassAny } from '../context.ts';
import type { Pages } from '../pages/render.ts';
import type { PortalDeps } from '../source.ts';
import { createDataJson } from './data-json.ts';
import { createErrorBoundary } from './errors.ts';
import { securityHeaders } from './headers.ts';
import { createLoadShare } from './load-share.ts';
import { createSignIn } from './sign-in.ts';

/** Who may see what of the portal; in the order in which a request passes it. */
export interface Access {
  errorBoundary: PassAny;
  securityHeaders: PassAny;
  /** After the locale is known: leaves the share in `ctx.state.share`, or throws `not_found`. */
  loadShare: Pass;
  /** Before a page: bots and clients without the password end here. */
  checkAccess: Pass;
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
  const { answerBot, isAdmitted, ...signIn } = createSignIn(deps, pages);
  return {
    errorBoundary: createErrorBoundary(pages, deps.log),
    securityHeaders,
    loadShare: createLoadShare(deps),
    ...signIn,
    ...createDataJson(deps, { answerBot, isAdmitted }),
  };
}
