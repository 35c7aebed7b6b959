import type { Output } from '../../src-shared/contract.ts';
import { createResource, type Resource } from './resource.svelte.ts';

/** Whether the portal is online and where. Call it while a component is set up. */
export function createPublishStatus(): Resource<Output<'publish.status'>> {
  return createResource('publish.status', () => ({}), ['publish', 'session']);
}
