import { join } from 'node:path';
import type { DayNumber } from '../../src-shared/domain/day.ts';
import type { App } from '../app.ts';
import { writeSampleTimesheets } from '../sample/sample-timesheets.ts';
import { createClient } from './client.ts';
import { importFile, importUpload, uploadText } from './import-file.ts';

/** The customer that the sample's first share is for. */
const firstCustomer = 'Harbour Coffee Roasters';

/**
 * Fills a fresh data folder with a made-up business, through the contract as its owner would:
 * imports the lists in `sampleDir` and two years of entries up to `today`, shares a
 * customer, publishes on this computer. Returns the link of the shared page; null if the folder
 * holds data already, which stays.
 */
export async function loadSampleData(
  app: Pick<App, 'call'>,
  sampleDir: string,
  today: DayNumber,
): Promise<string | null> {
  const client = createClient((request) => app.call(request, { sessionId: 'sample' }));
  // A folder that asks who is there is not a fresh one, and tells us nothing.
  if ((await client('app.status', {})).session.signInNeeded) return null;
  if ((await client('customers.list', {})).length > 0) return null;
  // Currencies and budgets stand in the lists, so these come first.
  await importFile(client, join(sampleDir, '1-customers.xlsx'));
  await importFile(client, join(sampleDir, '2-projects.xlsx'));
  const timesheets = writeSampleTimesheets(today);
  await importUpload(client, await uploadText(client, '3-timesheets.csv', timesheets));
  const customers = await client('customers.list', {});
  const customer = customers.find(({ name }) => name === firstCustomer);
  if (customer === undefined) throw new Error(`no ${firstCustomer} in ${sampleDir}`);
  const share = await client('shares.create', {
    label: customer.name,
    customerId: customer.id,
    options: { showRates: true, showUser: true, budgetStats: true, timeBudgetStats: true },
  });
  // Any free port: made-up data must not take the one of the owner's own portal.
  await client('publish.set', { enabled: true, reach: 'loopback', port: 0 });
  const { urls } = await client('publish.status', {});
  return `${urls[0]}${share.path}`;
}
