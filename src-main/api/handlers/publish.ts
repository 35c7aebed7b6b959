import type { Publisher } from '../../publish/publisher.ts';
import type { Handlers } from '../handlers.ts';

/** Whether and where the portal is online. */
export function createPublishQueries(
  publisher: Pick<Publisher, 'status'>,
): Pick<Handlers, 'publish.status'> {
  return { 'publish.status': () => publisher.status() };
}

/** Puts the portal online, takes it offline, and chooses where. */
export function createPublishChanges(
  publisher: Pick<Publisher, 'set'>,
): Pick<Handlers, 'publish.set'> {
  return {
    'publish.set': async (patch) => {
      await publisher.set(patch);
      return {};
    },
  };
}
