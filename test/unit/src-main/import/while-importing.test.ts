/**
 * While an import runs, clients get their pages and the owner every answer, over real HTTP. The
 * import is held at a known point, so what answers there answers while it runs.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  contract,
  type Contract,
  type Input,
  type MethodName,
} from '../../../../src-shared/contract.ts';
import { createTestApp, type TestApp } from '../../../support/app.ts';
import { cookieFor } from '../../../support/guarded-portal.ts';
import { heldWorkers, holdAt, releaseAll, type Hold } from '../../../support/held-import.ts';
import { exportFile } from '../../../support/import-files.ts';
import { connectOwner, type OwnerHttp } from '../../../support/owner-http.ts';

const rowsBefore = 50;
const rowsAfter = 30_000;
const password = 'anchor chain, 7 links';

let app: TestApp;
let owner: OwnerHttp;
let portal: string;
let customerId: number;
let open: { id: number; path: string };
let guarded: { id: number; path: string };
let firstImport: number;

beforeEach(async () => {
  app = await createTestApp({ workers: heldWorkers });
  owner = await connectOwner(app);
  const { importId } = await app.importBytes('first.csv', exportFile(rowsBefore));
  firstImport = importId!;
  customerId = (await app.call('customers.list'))[0]!.id;
  open = await app.call('shares.create', { customerId, options: { json: true } });
  guarded = await app.call('shares.create', { customerId, password });
  await app.call('publish.set', { enabled: true, port: 0 });
  portal = (await app.call('publish.status')).urls[0]!;
});
afterEach(async () => {
  releaseAll();
  await owner.close();
  await app.close();
});

type Query = {
  [M in MethodName]: Contract[M]['kind'] extends 'query' ? M : never;
}[MethodName];

/** Every query of the contract: one that is new has to be named here. */
const queries = (
  jobId: string,
): { [M in Exclude<Query, 'imports.rows' | 'alwaysOn.qr'>]: Input<M> } => ({
  'alwaysOn.status': {},
  'alwaysOn.states': {},
  'sync.status': {},
  'alwaysOn.share': { id: open.id },
  'app.status': {},
  'profiles.list': {},
  'permissions.get': {},
  'publish.status': {},
  'backups.list': {},
  'publish.tunnelLog': {},
  'publish.cloudflared': {},
  'publish.qr': { url: portal },
  'publish.formerLinks': {},
  'customers.list': {},
  'projects.list': {},
  'records.list': { search: 'row 1', order: 'duration' },
  'records.filters': {},
  'changes.list': {},
  'imports.jobs': {},
  'imports.job': { jobId },
  'imports.list': {},
  'watch.get': {},
  'watch.folders': { inside: null },
  'overview.get': {},
  'overview.months': { customerId },
  'shares.list': {},
  'shares.get': { id: open.id },
  'shares.preview': { draft: { customerId }, locale: 'en', year: 2026, month: 11 },
  'shares.exposure': { draft: { customerId } },
  'shares.views': { id: open.id },
  'shares.message': { id: open.id, baseUrl: 'http://localhost:1' },
  'shares.news': {},
  'shares.passphrase': {},
  'desktop.get': {},
  'app.licences': {},
  'app.log': {},
  'app.diagnostics': {},
  'shares.qr': { id: open.id, baseUrl: 'http://localhost' },
});

async function expectOwnerIsAnswered(jobId: string, records: number): Promise<void> {
  const asked = queries(jobId);
  const all = Object.entries(contract).filter(([, { kind }]) => kind === 'query');
  // Rows are asked for at a preview only, when nothing of that import runs; the other needs a
  // web space.
  expect([...Object.keys(asked), 'imports.rows', 'alwaysOn.qr'].sort()).toEqual(
    all.map(([name]) => name).sort(),
  );
  for (const [method, input] of Object.entries(asked)) {
    expect(await owner.call(method as MethodName, input as never), method).toBeDefined();
  }
  expect(await owner.call('records.list')).toMatchObject({ total: records });
  expect(await owner.call('customers.list')).toMatchObject([{ name: 'Acme', records }]);
  // Another file can be handed over meanwhile.
  const { uploadId } = await owner.call('uploads.begin', { fileName: 'next.csv', size: 1 });
  const part = { uploadId, offset: 0, base64: 'YQ==' };
  expect(await owner.call('uploads.append', part)).toEqual({ received: 1 });
}

const get = (path: string, cookie = ''): Promise<Response> =>
  fetch(portal + path, { redirect: 'manual', headers: { cookie } });
const post = (path: string, guess: string): Promise<Response> =>
  fetch(portal + path, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ password: guess }),
  });

async function expectClientsAreAnswered(records: number): Promise<void> {
  const page = await get(`${open.path}?year=2026&month=11`);
  expect(page.status).toBe(200);
  const html = await page.text();
  expect(html).toContain('Acme');
  // What is not committed is on no page.
  expect(html.includes('Row 1')).toBe(records > 0);
  expect(html).not.toContain(`Row ${rowsBefore + 1}`);
  const data = await get(`${open.path}/data.json`);
  expect(data.status).toBe(200);
  // Neither visits nor failed passwords wait for the store that the import writes to.
  expect((await post(guarded.path, 'wrong')).status).toBe(403);
  const admitted = await post(guarded.path, password);
  expect(admitted.status).toBe(303);
  const inside = await get(guarded.path, cookieFor(admitted, guarded.path)!);
  expect(await inside.text()).toContain('Acme');
}

/** The import stands at the point, before and after everybody was answered. */
async function expectAnswers(jobId: string, state: string, records: number): Promise<void> {
  const stateOf = async () => (await app.call('imports.job', { jobId })).state;
  expect(await stateOf()).toBe(state);
  await expectOwnerIsAnswered(jobId, records);
  await expectClientsAreAnswered(records);
  expect(await stateOf()).toBe(state);
}

const more = exportFile(rowsAfter);

describe('everybody is answered', () => {
  it.each([
    ['is read', 'rows read', 'reading'],
    ['is compared with the store', 'planning', 'planning'],
  ] as const)('while a file %s', async (_name, point, state) => {
    const hold = holdAt(point);
    const jobId = await app.startBytes('more.csv', more);
    await hold.reached();
    // Reading is over for the main thread a moment after the other worker has all rows.
    await app.jobWhen(jobId, (job) => job.state === state);
    await expectAnswers(jobId, state, rowsBefore);
    hold.release();
    const job = await app.jobIn(jobId, 'preview');
    expect(job.preview!.counts).toMatchObject({ inserted: rowsAfter - rowsBefore });
  });

  it.each([
    ['some rows are written', 'rows written'],
    ['all rows are, and nothing is committed', 'written whole'],
  ] as const)('while an import is committed and %s', async (_name, point) => {
    const { jobId, preview } = await app.openBytes('more.csv', more);
    const hold = holdAt(point);
    const commit = app.call('imports.commit', { jobId, digest: preview!.digest });
    await hold.reached();
    await expectAnswers(jobId, 'committing', rowsBefore);
    await expectWritesWait(hold);
    await commit;
    expect((await owner.call('records.list')).total).toBe(rowsAfter);
    await expectCounted();
  });

  it('while a file is read and written at once into a store without records', async () => {
    await app.call('imports.undo', { importId: firstImport });
    const reading = holdAt('rows read');
    const writing = holdAt('rows written');
    const jobId = await app.startBytes('more.csv', more, true);
    await reading.reached(1);
    reading.pass();
    await Promise.all([reading.reached(2), writing.reached(1)]);
    await expectAnswers(jobId, 'reading', 0);
    reading.release();
    await expectWritesWait(writing);
    await app.jobIn(jobId, 'done');
    expect((await owner.call('records.list')).total).toBe(rowsAfter);
    await expectCounted();
  });
});

/** What the owner changes meanwhile is not lost, nor refused: it is made when the import is done. */
async function expectWritesWait(hold: Hold): Promise<void> {
  let isPaused = false;
  const pausing = owner.call('shares.pause', { id: open.id }).then(() => (isPaused = true));
  // Answered after it was asked for, so it waits.
  expect(await owner.call('shares.get', { id: open.id })).toMatchObject({ paused: false });
  expect(isPaused).toBe(false);
  hold.release();
  await pausing;
  expect(await owner.call('shares.get', { id: open.id })).toMatchObject({ paused: true });
}

/** Visits of those who came meanwhile; they are written a moment later. */
async function expectCounted(): Promise<void> {
  for (const { id } of [open, guarded]) {
    await expect.poll(() => owner.call('shares.get', { id })).toMatchObject({ views: 1 });
  }
}
