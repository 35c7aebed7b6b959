import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  openReadStore,
  openStore,
  type ReadStore,
  type Store,
} from '../../../../src-main/store/open.ts';
import { createPortalSource } from '../../../../src-main/store/portal-source.ts';
import type { PortalSource, RecordScope } from '../../../../src-server/source.ts';
import { seedCustomer, seedProject, seedRecords, seedShare } from '../../../support/seed.ts';

let dataDir: string;
let store: Store;
let readStore: ReadStore;
let source: PortalSource;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'portal-source-'));
  store = openStore(dataDir);
  readStore = openReadStore(dataDir);
  source = createPortalSource(readStore);
});
afterEach(() => {
  readStore.close();
  store.close();
  rmSync(dataDir, { recursive: true });
});

const scope = (projectIds: number[], rest: Partial<RecordScope> = {}): RecordScope => ({
  projectIds,
  firstDay: 10101,
  lastDay: 99991231,
  onlyBillable: false,
  ...rest,
});

function seedTwoProjects() {
  const customerId = seedCustomer(store, { name: 'Harbour' });
  const first = seedProject(store, { customerId, name: 'First' });
  const second = seedProject(store, { customerId, name: 'Second' });
  seedRecords(store, [
    { projectId: first, day: '2026-10-31', durationS: 100, rateE4: 10 },
    { projectId: first, day: '2026-10-31', durationS: 50, rateE4: 5, billable: false },
    { projectId: second, day: '2026-10-31', durationS: 7, rateE4: 1, user: 'tom' },
    { projectId: second, day: '2026-11-01', durationS: 20, rateE4: 2 },
    { projectId: second, day: '2025-01-01', durationS: 999, rateE4: 999, hidden: true },
    { projectId: second, day: '2026-12-01', durationS: 888, rateE4: 888, running: true },
  ]);
  return { customerId, first, second };
}

describe('records', () => {
  it('come in order of day, user name, begin, with what an unknown value is', () => {
    const { first, second } = seedTwoProjects();
    const rows = source.records(scope([second, first]));
    expect(rows.map((row) => [row.day, row.userName, row.durationS])).toEqual([
      [20261031, 'susan', 100],
      [20261031, 'susan', 50],
      [20261031, 'tom', 7],
      [20261101, 'susan', 20],
      [20261201, 'susan', 888],
    ]);
    expect(rows[0]).toMatchObject({ beginMin: null, endMin: null, tags: '', running: false });
    expect(rows[4]).toMatchObject({ running: true, billable: true });
  });

  it('are those of the exact projects and days, and never hidden ones', () => {
    const { first, second } = seedTwoProjects();
    expect(source.records(scope([]))).toEqual([]);
    expect(source.records(scope([first]))).toHaveLength(2);
    expect(source.records(scope([first], { onlyBillable: true }))).toHaveLength(1);
    const october = { firstDay: 20261001, lastDay: 20261031 };
    expect(source.records(scope([first, second], october))).toHaveLength(3);
  });
});

describe('sums', () => {
  it('agree with the records, per day and per month', () => {
    const { first, second } = seedTwoProjects();
    const all = scope([first, second]);
    expect(source.daySums(all)).toEqual([
      { day: 20261031, durationS: 157, rateE4: 16 },
      { day: 20261101, durationS: 20, rateE4: 2 },
      { day: 20261201, durationS: 0, rateE4: 0 },
    ]);
    expect(source.monthSums(all)).toEqual([
      { year: 2026, month: 10, durationS: 157, rateE4: 16 },
      { year: 2026, month: 11, durationS: 20, rateE4: 2 },
      { year: 2026, month: 12, durationS: 0, rateE4: 0 },
    ]);
    expect(source.daySums(scope([first], { onlyBillable: true }))).toEqual([
      { day: 20261031, durationS: 100, rateE4: 10 },
    ]);
  });

  it('know months with nothing but a running record, and none with only hidden ones', () => {
    const { first, second } = seedTwoProjects();
    expect(source.months(scope([first, second]))).toEqual([202610, 202611, 202612]);
    expect(source.months(scope([]))).toEqual([]);
  });

  it('count billable, stopped records as spent', () => {
    const { first, second } = seedTwoProjects();
    expect(source.spent(scope([first, second]))).toEqual(
      new Map([
        [first, { durationS: 100, rateE4: 10 }],
        [second, { durationS: 27, rateE4: 3 }],
      ]),
    );
  });
});

describe('shares, customers, projects', () => {
  const digest = (key: string) => createHash('sha256').update(key).digest();

  it('are found by the digest of the key, with the defaults of options added later', () => {
    const { customerId, first } = seedTwoProjects();
    const { id, key } = seedShare(store, {
      customerId,
      projectIds: [first],
      paused: true,
      options: { projectSelection: 'selected', showRates: true },
    });
    store.prepare(`UPDATE shares SET options = '{"showRates":true}' WHERE id = ?`).run(id);
    expect(source.shareByKeyDigest(digest(key))).toMatchObject({
      id,
      customerId,
      projectId: null,
      projectIds: [first],
      paused: true,
      passwordHash: null,
      options: { showRates: true, showUser: false, mergeMode: 'none' },
    });
    expect(source.shareByKeyDigest(digest('another'))).toBeNull();
    store.prepare('UPDATE shares SET deleted_at = 1 WHERE id = ?').run(id);
    expect(source.shareByKeyDigest(digest(key))).toBeNull();
  });

  it('include archived projects, and nothing of other customers', () => {
    const customerId = seedCustomer(store, { name: 'A', currency: null, budgetE4: 5 });
    const other = seedCustomer(store, { name: 'B' });
    const archived = seedProject(store, { customerId, name: 'Old', visible: false });
    seedProject(store, { customerId: other, name: 'Foreign' });
    expect(source.customer(customerId)).toMatchObject({ name: 'A', currency: null, budgetE4: 5 });
    expect(source.customer(999)).toBeNull();
    expect(source.projects(customerId)).toMatchObject([{ id: archived, visible: false }]);
  });

  it('have a version that grows with the data', () => {
    const before = source.version();
    seedTwoProjects();
    expect(source.version()).toBeGreaterThan(before);
  });
});
