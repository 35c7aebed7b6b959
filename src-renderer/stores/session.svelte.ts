import type { Output } from '../../src-shared/contract.ts';
import type { Permission } from '../../src-shared/contract/method.ts';
import { call, onSignedOut, onTopics, toClientError, type ClientError } from '../client.ts';
import { setLocale } from '../i18n.ts';
import { setTheme } from '../theme.ts';
import { showProblem } from './toasts.svelte.ts';

type Status = Output<'app.status'>;

let status = $state.raw<Status | undefined>();
let error = $state.raw<ClientError | null>(null);
let shownLocale = 'auto';

/** Who is there, what they may do, and the settings of the app: the same for every page. */
export const session = {
  /** Undefined until the main side answered for the first time. */
  get status(): Status | undefined {
    return status;
  },
  /** Why the main side did not answer. */
  get error(): ClientError | null {
    return error;
  },
  /** True if somebody is signed in and the app is not locked. */
  get open(): boolean {
    return status !== undefined && status.session.profile !== null && !status.session.locked;
  },
  /** Whether to offer something; the main side checks every call itself. */
  can(permission: Permission): boolean {
    return status?.session.permissions.includes(permission) ?? false;
  },
};

/** Asks the main side again, and follows its language and theme. */
export async function refreshSession(): Promise<void> {
  try {
    const next = await call('app.status', {});
    setTheme(next.settings.theme);
    if (next.settings.locale !== shownLocale) {
      shownLocale = next.settings.locale;
      await setLocale(shownLocale);
    }
    // The program goes on, and so does this page, with all that was typed.
    if (status && next.unexpected > status.unexpected) showProblem('app.unexpected');
    status = next;
    error = null;
  } catch (thrown) {
    error = toClientError(thrown);
  }
}

/** Signs in; throws a `ClientError` (`password_wrong`, `attempts_locked` …). */
export async function signIn(profileId: number, password: string): Promise<void> {
  await call('session.signIn', { profileId, password });
  await refreshSession();
}

/** Locks at once. Throws a `ClientError`. */
export async function lock(): Promise<void> {
  await call('session.lock', {});
  await refreshSession();
}

/** Somebody is there: told at most once a minute, and only if there is a lock to postpone. */
function watchPresence(): void {
  let toldAt = 0;
  const tell = (): void => {
    if (!session.open || !status?.session.signInNeeded || Date.now() - toldAt < 60_000) return;
    toldAt = Date.now();
    // A refused touch means the app is locked; `onSignedOut` shows that.
    call('session.touch', {}).catch((thrown: unknown) => (error = toClientError(thrown)));
  };
  for (const event of ['pointerdown', 'keydown', 'wheel']) {
    window.addEventListener(event, tell, { passive: true });
  }
}

/** Asks for the first time and follows all news; called once at the start. */
export async function startSession(): Promise<void> {
  // Backups: why the last one failed is told on every page.
  onTopics(['session', 'settings', 'backups'], () => void refreshSession());
  let isAsking = false;
  onSignedOut(() => {
    if (isAsking) return;
    isAsking = true;
    void refreshSession().finally(() => (isAsking = false));
  });
  watchPresence();
  await refreshSession();
}
