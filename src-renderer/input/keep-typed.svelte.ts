import { untrack } from 'svelte';
import { showToast } from '../stores/toasts.svelte.ts';
import type { StoredForm } from './stored-form.svelte.ts';

/**
 * Keeps what is typed in a form while its page is shown, in the session storage of this window: that
 * outlives a page that crashed and was loaded again, and goes with the window. What comes back is
 * said. Call it while a component is set up. Fields of `secrets` are kept nowhere.
 */
export function keepTyped<F extends object, K extends string>(
  stored: StoredForm<F, K>,
  place: string,
  secrets: readonly K[] = [],
): void {
  const key = `typed:${place}`;
  untrack(() => {
    const kept = read<F>(key);
    if (kept !== null && stored.retype(kept)) showToast('app.typedAgain');
  });
  $effect(() => {
    const typed = stored.typed(secrets);
    if (typed === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(typed));
  });
  // Whoever leaves the page has saved it, or was asked.
  $effect(() => () => sessionStorage.removeItem(key));
}

function read<F>(key: string): { before: F; form: F } | null {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? 'null') as { before: F; form: F } | null;
  } catch {
    return null;
  }
}
