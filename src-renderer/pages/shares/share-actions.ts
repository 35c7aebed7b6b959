import type { Share } from '../../../src-shared/contract/shares.ts';
import { call } from '../../client.ts';
import { confirm } from '../../stores/confirm.svelte.ts';
import { showFailure, showToast, showUndo } from '../../stores/toasts.svelte.ts';
import { titleOf } from './list/share-list.ts';

/** Each says what it did, or why not; lists follow by the `shares` topic. */

async function run(action: () => Promise<void>): Promise<boolean> {
  try {
    await action();
    return true;
  } catch (thrown) {
    showFailure(thrown);
    return false;
  }
}

export const pauseShare = (share: Share): Promise<boolean> =>
  run(async () => {
    await call('shares.pause', { id: share.id });
    showUndo('shares.done.paused', { title: titleOf(share) }, () =>
      call('shares.resume', { id: share.id }),
    );
  });

export const resumeShare = (share: Share): Promise<boolean> =>
  run(async () => {
    await call('shares.resume', { id: share.id });
    showToast('shares.done.resumed', { title: titleOf(share) });
  });

/** Pauses or resumes those that are not so yet; one undo takes all of it back. */
export const setPaused = (shares: readonly Share[], paused: boolean): Promise<boolean> =>
  run(async () => {
    const { ids } = await call('shares.setPaused', { ids: shares.map(({ id }) => id), paused });
    if (ids.length === 0) return;
    showUndo(`shares.done.${paused ? 'paused' : 'resumed'}_many`, { count: ids.length }, () =>
      call('shares.setPaused', { ids, paused: !paused }),
    );
  });

/** Asks first: the old link cannot come back. */
export async function rotateKey(share: Share): Promise<boolean> {
  const isSure = await confirm({
    title: 'shares.rotate.title',
    text: 'shares.rotate.text',
    confirmLabel: 'shares.rotate.confirm',
    values: { title: titleOf(share) },
    danger: true,
  });
  if (!isSure) return false;
  return run(async () => {
    await call('shares.rotateKey', { id: share.id });
    showToast('shares.done.rotated', { title: titleOf(share) });
  });
}

/** The copy, or null if it failed. */
export async function duplicateShare(share: Share): Promise<Share | null> {
  let copy: Share | null = null;
  await run(async () => {
    copy = await call('shares.duplicate', { id: share.id });
    showToast('shares.done.duplicated', { title: titleOf(share) });
  });
  return copy;
}

/** No question: the way back is in the message. */
export const deleteShare = (share: Share): Promise<boolean> =>
  run(async () => {
    await call('shares.delete', { id: share.id });
    showUndo('shares.done.deleted', { title: titleOf(share) }, () =>
      call('shares.restore', { id: share.id }),
    );
  });
