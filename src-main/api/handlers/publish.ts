import type { Publisher } from '../../publish/publisher.ts';
import type { Handlers } from '../handlers.ts';

/** Whether and where the portal is online. */
export function createPublishHandlers(
  publisher: Publisher,
): Pick<Handlers, 'publish.status' | 'publish.set'> {
  return {
    'publish.status': () => publisher.status(),
    'publish.set': async (patch) => {
      await publisher.set(patch);
      return {};
    },
  };
}
