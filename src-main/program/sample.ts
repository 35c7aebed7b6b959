import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from '../app.ts';
import { createClient } from './client.ts';
import { importFile } from './import-file.ts';

/**
 * Fills a fresh data folder with made-up data, through the contract as its owner would: imports
 * the sample files, shares the customer with the most hours, publishes on this computer.
 * Returns the address of the shared page; null if the folder holds data already, which stays.
 */
export async function loadSampleData(
  app: Pick<App, 'call'>,
  sampleDir: string,
): Promise<string | null> {
  const client = createClient((request) => app.call(request, { sessionId: 'sample' }));
  // A folder that asks who is there is not a fresh one, and tells us nothing.
  if ((await client('app.status', {})).session.signInNeeded) return null;
  if ((await client('customers.list', {})).length > 0) return null;
  // By name: 1-customers, 2-projects (currencies and budgets first), 3-timesheets.
  for (const name of readdirSync(sampleDir).sort()) {
    if (/\.(csv|xlsx)$/.test(name)) await importFile(client, join(sampleDir, name));
  }
  const customers = await client('customers.list', {});
  const [busiest] = customers.sort((a, b) => b.durationS - a.durationS);
  if (busiest === undefined) throw new Error(`no sample data in ${sampleDir}`);
  const share = await client('shares.create', {
    label: busiest.name,
    customerId: busiest.id,
    options: { showRates: true, showUser: true, budgetStats: true, timeBudgetStats: true },
  });
  await client('publish.set', { enabled: true, reach: 'loopback' });
  const { urls } = await client('publish.status', {});
  return `${urls[0]}${share.path}`;
}
