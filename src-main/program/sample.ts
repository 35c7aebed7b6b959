import type { App } from '../app.ts';
import { createClient } from './client.ts';

/**
 * Fills a fresh data folder with a made-up business of two years up to today, which shares a
 * customer, and publishes on this computer. Returns the link of the shared page; null if the folder
 * holds data already, which stays.
 */
export async function loadSampleData(app: Pick<App, 'call'>): Promise<string | null> {
  const client = createClient((request) => app.call(request, { sessionId: 'sample' }));
  // A folder that asks who is there is not a fresh one, and tells us nothing.
  if ((await client('app.status', {})).session.signInNeeded) return null;
  if ((await client('customers.list', {})).length > 0) return null;
  await client('sample.load', {});
  const [share] = await client('shares.list', {});
  // Any free port: made-up data must not take the one of the owner's own portal.
  await client('publish.set', { enabled: true, reach: 'loopback', port: 0 });
  const { urls } = await client('publish.status', {});
  return `${urls[0]}${share!.path}`;
}
