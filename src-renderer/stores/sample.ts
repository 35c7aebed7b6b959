import { call } from '../client.ts';
import { showFailure, showUndo } from './toasts.svelte.ts';

/** Fills the empty app with the made-up business, and offers the way back. */
export async function loadSample(): Promise<void> {
  try {
    await call('sample.load', {});
    showUndo('overview.sample.loaded', {}, () => call('sample.remove', {}));
  } catch (thrown) {
    showFailure(thrown);
  }
}

/** Takes the made-up business away; the way back makes it anew. */
export async function removeSample(): Promise<void> {
  try {
    await call('sample.remove', {});
    showUndo('overview.sample.removed', {}, () => call('sample.load', {}));
  } catch (thrown) {
    showFailure(thrown);
  }
}
