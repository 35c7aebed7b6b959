import type { PublishStatus } from '../../../stores/publishing.svelte.ts';
import { reachOf } from './share-links.ts';

/**
 * Why a link is not one to send: the portal is offline, or only this computer can open what the
 * link begins with. Null as long as nothing is known against it.
 */
export function obstacleOf(
  status: PublishStatus | undefined,
  base: string | null,
): 'offline' | 'local' | null {
  if (!status) return null;
  if (base === null) return 'offline';
  return reachOf(base) === 'loopback' ? 'local' : null;
}
