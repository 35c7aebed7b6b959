import type { syncMethods } from '../../../src-shared/contract/sync.ts';
import type { Sync } from '../../sync/sync.ts';
import type { ChangesOf, QueriesOf } from '../handlers.ts';

export const createSyncQueries = (sync: Pick<Sync, 'status'>): QueriesOf<typeof syncMethods> => ({
  'sync.status': () => sync.status(),
});

/** Nothing here waits for a poll: the status tells how it goes. */
export function createSyncChanges(sync: Sync): ChangesOf<typeof syncMethods> {
  return {
    'sync.look': ({ address, token }) => sync.look(address, token),
    'sync.connect': async ({ address, token }) => {
      await sync.connect(address, token);
      return {};
    },
    'sync.disconnect': async () => {
      await sync.disconnect();
      return {};
    },
    'sync.now': () => {
      sync.now();
      return {};
    },
    'sync.cancel': async () => {
      await sync.cancel();
      return {};
    },
    'sync.pause': async ({ paused }) => {
      await sync.pause(paused);
      return {};
    },
    'sync.setInterval': async ({ everyMin }) => {
      await sync.setInterval(everyMin);
      return {};
    },
  };
}
