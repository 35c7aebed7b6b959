/**
 * How SQLite finds the rows of the queries that run all the time. A plan that changes to a scan of
 * all time records makes every page slow with a large store, and no other test would see it.
 */
import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoredLookup } from '../../../../src-main/import/plan/stored-lookup.ts';
import { createAccessJournal } from '../../../../src-main/store/access-journal.ts';
import type { ReadDb } from '../../../../src-main/store/db.ts';
import { databaseFile, openStore, type Store } from '../../../../src-main/store/open.ts';
import { createPortalSource } from '../../../../src-main/store/portal-source.ts';
import type { RecordFilter } from '../../../../src-main/store/records/record-conditions.ts';
import { listRecords } from '../../../../src-main/store/records/record-list.ts';
import { WriteQueue } from '../../../../src-main/store/write-queue.ts';
import type { RecordScope } from '../../../../src-server/source.ts';
import { seedCustomer, seedProject, seedRecords, seedShare } from '../../../support/seed.ts';

let dataDir: string;
let store: Store;
let reader: Database.Database;
/** SQL as it ran, with its values. */
let ran: string[];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'query-plans-'));
  store = openStore(dataDir);
  const customerId = seedCustomer(store, { name: 'Harbour' });
  const projectId = seedProject(store, { customerId, name: 'Quay' });
  seedRecords(store, [{ projectId, day: '2025-09-03', durationS: 3600 }]);
  seedShare(store, { customerId });
  ran = [];
  reader = new Database(databaseFile(dataDir), {
    readonly: true,
    verbose: (sql) => ran.push(String(sql)),
  });
});
afterEach(() => {
  reader.close();
  store.close();
  rmSync(dataDir, { recursive: true });
});

/** The steps of the plans of what `work` runs, such as `SEARCH r USING INDEX …`. */
async function plansOf(work: (db: ReadDb) => unknown): Promise<string[]> {
  ran = [];
  await work(reader);
  const queries = [...new Set(ran)];
  expect(queries.length).toBeGreaterThan(0);
  return queries.flatMap((sql) =>
    (reader.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[]).map(
      ({ detail }) => detail,
    ),
  );
}

/** The steps that touch a table, by its name or its alias in the query. */
const stepsOn = (plan: string[], ...names: string[]): string[] => [
  ...new Set(plan.filter((step) => names.includes(step.split(' ')[1]!))),
];

const scope: RecordScope = {
  projectIds: [1],
  firstDay: 20250901,
  lastDay: 20250930,
  onlyBillable: true,
};
const byProjectDay = 'USING INDEX records_by_project_day (project_id=? AND day>? AND day<?)';
const byPeriodOfRollup = (period: string): string =>
  `USING PRIMARY KEY (project_id=? AND ${period}>? AND ${period}<?)`;

describe('a page of the portal', () => {
  it('reads its records by project and day', async () => {
    const plan = await plansOf((db) => createPortalSource(db).records(scope));
    expect(stepsOn(plan, 'r', 'records')).toEqual([`SEARCH r ${byProjectDay}`]);
    expect(stepsOn(plan, 'users', 'activities')).toEqual([
      'SEARCH users USING INTEGER PRIMARY KEY (rowid=?)',
      'SEARCH activities USING INTEGER PRIMARY KEY (rowid=?)',
    ]);
  });

  const half = { ...scope, lastDay: 20250915 };
  it.each([
    ['daySums', scope, 'day'],
    ['monthSums', scope, 'month'],
    ['months', scope, 'month'],
    ['spent', scope, 'month'],
    ['monthSums', half, 'day'],
    ['months', half, 'day'],
    ['spent', half, 'day'],
  ] as const)('sums up days or months, not records: %s', async (query, of, period) => {
    const plan = await plansOf((db) => createPortalSource(db)[query](of));
    expect(stepsOn(plan, 'd')).toEqual([`SEARCH d ${byPeriodOfRollup(period)}`]);
    expect(stepsOn(plan, 'r', 'records')).toEqual([]);
  });

  it('finds its share by the digest of the key', async () => {
    const plan = await plansOf((db) => createPortalSource(db).shareByKeyDigest(Buffer.alloc(32)));
    expect(stepsOn(plan, 'shares')).toEqual([
      'SEARCH shares USING INDEX sqlite_autoindex_shares_1 (key_digest=?)',
    ]);
  });
});

describe("the owner's list of records", () => {
  const filter: RecordFilter = { state: 'all', offset: 0, limit: 50 };

  it.each<[string, Partial<RecordFilter>]>([
    ['all', {}],
    ['of a customer', { customerId: 1 }],
    ['of a project', { projectId: 1 }],
    ['of some days', { firstDay: 20250901, lastDay: 20250930 }],
  ])('reads the days that it shows: %s', async (_name, part) => {
    const plan = await plansOf((db) => listRecords(db, { ...filter, ...part }));
    expect(stepsOn(plan, 'r')).toEqual([`SEARCH r ${byProjectDay}`]);
    // Hidden records are not in the roll-up; an index has those alone.
    const marked = stepsOn(plan, 'records');
    expect(marked.length).toBeGreaterThan(0);
    expect(marked.filter((step) => !step.includes('USING INDEX records_marked'))).toEqual([]);
  });

  it.each(['user', 'project', 'duration', 'amount'] as const)(
    'reads days in turn to order by %s, and then the rows of the page',
    async (order) => {
      const plan = await plansOf((db) => listRecords(db, { ...filter, order }));
      const steps = stepsOn(plan, 'r').map((step) => step.replace('COVERING ', ''));
      expect(new Set(steps)).toEqual(
        new Set([`SEARCH r ${byProjectDay}`, 'SEARCH r USING INTEGER PRIMARY KEY (rowid=?)']),
      );
    },
  );

  it.each(['quay', 'Ärger'])('is searched in the order of the table: %s', async (search) => {
    const plan = await plansOf((db) => listRecords(db, { ...filter, search }));
    expect(stepsOn(plan, 'r')).toEqual([
      'SEARCH r USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)',
      'SEARCH r USING INTEGER PRIMARY KEY (rowid=?)',
    ]);
  });

  it.each(['hidden', 'running', 'edited'] as const)('has an index of what is %s', async (state) => {
    const plan = await plansOf((db) => listRecords(db, { ...filter, state }));
    expect(stepsOn(plan, 'r').length).toBeGreaterThan(0);
    expect(stepsOn(plan, 'r').filter((step) => !step.includes('INDEX records_marked'))).toEqual([]);
  });
});

describe('an import', () => {
  it('finds stored records by Kimai id and by natural key', async () => {
    const byKimaiId = await plansOf((db) => new StoredLookup(db).byKimaiId(7));
    expect(stepsOn(byKimaiId, 'records')).toContain(
      'SEARCH records USING INDEX records_by_kimai_id (kimai_id=?)',
    );
    const byKey = await plansOf((db) => new StoredLookup(db).byKey(1, 20250903, 1, 1, 540, 0));
    const steps = stepsOn(byKey, 'records');
    expect(steps[0]).toContain(
      'INDEX records_by_project_day (project_id=? AND day=? AND user_id=?',
    );
    expect(steps.filter((step) => !step.startsWith('SEARCH'))).toEqual([]);
  });
});

describe('the access journal', () => {
  const journal = (db: ReadDb) =>
    createAccessJournal({
      store,
      readStore: db,
      writes: new WriteQueue(),
      clock: { now: () => new Date(2025, 8, 3) },
      tell: () => undefined,
      changed: () => undefined,
    });

  it('looks up ended sessions by digest', async () => {
    const plan = await plansOf((db) => journal(db).isSessionEnded(Buffer.alloc(32)));
    expect(stepsOn(plan, 'ended_sessions')).toEqual([
      'SEARCH ended_sessions USING PRIMARY KEY (digest=?)',
    ]);
  });

  it('reads failures of the last two hours only', async () => {
    const plan = await plansOf((db) => journal(db).failures(1, 'client', 0));
    expect(stepsOn(plan, 'password_failures')).not.toEqual([]);
    expect(stepsOn(plan, 'records', 'r')).toEqual([]);
  });
});

describe('a plan that reads all records', () => {
  it('would be seen', async () => {
    const plan = await plansOf((db) => db.prepare('SELECT * FROM records AS r').all());
    expect(stepsOn(plan, 'r')).toEqual(['SCAN r']);
  });
});
