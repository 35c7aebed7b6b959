import type { Output } from '../../src-shared/contract.ts';
import { call } from '../client.ts';
import { createResource, type Resource } from './resource.svelte.ts';
import { showFailure, showProblem, showToast } from './toasts.svelte.ts';

export type PublishStatus = Output<'publish.status'>;

/** Whether the portal is online and where. Call it while a component is set up. */
export function createPublishStatus(): Resource<PublishStatus> {
  return createResource('publish.status', () => ({}), ['publish', 'session']);
}

/**
 * Goes online with the settings of the page Publishing, or with another reach that stays. Says what
 * came of it.
 */
export async function publishNow(reach?: PublishStatus['reach']): Promise<void> {
  try {
    await call('publish.set', { enabled: true, ...(reach && { reach }) });
    const { state, error } = await call('publish.status', {});
    if (state === 'online') showToast('publish.went_online');
    else if (error) showProblem(`error.${error.code}`, error.params);
  } catch (thrown) {
    showFailure(thrown);
  }
}

const checkEveryMs = 60_000;

/**
 * Looks whether clients reach the portal, and again every minute as long as the component is
 * there: what came of it stands in the status. Call it while a component is set up.
 */
export function checkWhileShown(): void {
  $effect(() => {
    // What the program cannot tell now is told by the pages that need it.
    const check = (): void => void call('publish.check', {}).catch(() => undefined);
    check();
    const timer = setInterval(check, checkEveryMs);
    return () => clearInterval(timer);
  });
}
