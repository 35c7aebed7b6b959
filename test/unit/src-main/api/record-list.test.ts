import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../../../../src-main/store/open.ts';
import { recordOrders, type RecordOrder } from '../../../../src-shared/contract/catalog.ts';
import type { RecordFilter } from '../../../../src-main/store/records/record-conditions.ts';
import { listRecords, type ListedRecord } from '../../../../src-main/store/records/record-list.ts';
import { rebuildProjectDays, seedCustomer, seedProject } from '../../../support/seed.ts';

const count = 12_000;
let dataDir: string;
let db: Store;
let all: ListedRecord[];
let customerId: number;
let projectId: number;

/** Records of all kinds in two months, half of them on one day, in no order of their ids. */
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'records-'));
  db = openStore(dataDir);
  customerId = seedCustomer(db, { name: 'Acme' });
  const other = seedCustomer(db, { name: 'Other' });
  projectId = seedProject(db, { customerId, name: 'Work' });
  const projects = [
    projectId,
    seedProject(db, { customerId, name: 'More' }),
    seedProject(db, { customerId: other, name: 'Theirs' }),
  ];
  db.exec(`
    INSERT INTO users (id, identity, display_name) VALUES (1, 'ann', 'Ann'), (2, 'bob', 'Bob 100%');
    INSERT INTO activities (id, name) VALUES (1, 'Writing'), (2, 'Überprüfung [*?]');
    WITH numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count - 1})
    INSERT INTO records (user_id, project_id, activity_id, day, begin_min, running, duration_s, rate_e4,
      billable, billable_imported, hidden, occurrence, description, tags)
    SELECT 1 + n % 7 / 5, ${projects[0]} + n % 3, 1 + n % 11 / 8,
      CASE n % 2 WHEN 0 THEN 20261015 ELSE 20261001 + n * 7919 % 30 + n / 2 % 2 * 100 END,
      CASE n % 5 WHEN 0 THEN -1 ELSE n * 37 % 1440 END, n % 997 = 0, n % 3600,
      CASE WHEN n % 4 > 0 THEN n % 801 * 10000 END, n % 13 > 0, 1,
      n % 101 = 0, n, 'Text ' || (n % 250), CASE n % 9 WHEN 0 THEN 'urgent' END FROM numbers`);
  rebuildProjectDays(db);
  all = (
    db
      .prepare(
        `SELECT r.id, r.day, r.begin_min AS beginMin, r.running, r.duration_s AS durationS,
          r.rate_e4 AS rateE4,
          u.display_name AS user, c.name AS customer, p.name AS project, a.name AS activity,
          r.description, r.tags, r.billable, r.billable_imported AS billableImported, r.hidden
         FROM records AS r, users AS u, activities AS a, projects AS p, customers AS c
         WHERE u.id = user_id AND a.id = activity_id AND p.id = project_id AND c.id = customer_id`,
      )
      .all() as ListedRecord[]
  ).sort((a, b) => b.day - a.day || b.beginMin - a.beginMin || b.id - a.id);
});
afterAll(() => {
  db.close();
  rmSync(dataDir, { recursive: true });
});

const states: Record<RecordFilter['state'], (record: ListedRecord) => boolean> = {
  all: () => true,
  hidden: ({ hidden }) => hidden === 1,
  running: ({ running }) => running === 1,
  edited: ({ billable, billableImported }) => billable !== billableImported,
};

/** What the filter means, said once more in a slow and obvious way. */
const matches = (filter: Partial<RecordFilter>) => (record: ListedRecord) =>
  states[filter.state ?? 'all'](record) &&
  (filter.customerId === undefined || record.customer === 'Acme') &&
  (filter.projectId === undefined || record.project === 'Work') &&
  record.day >= (filter.firstDay ?? 0) &&
  record.day <= (filter.lastDay ?? Infinity) &&
  [record.description, record.activity, record.user, record.tags ?? ''].some((text) =>
    text.toLowerCase().includes((filter.search ?? '').trim().toLowerCase()),
  );

describe('the list of records', () => {
  const days = { firstDay: 20261003, lastDay: 20261020 };
  it.each<[string, () => Partial<RecordFilter>]>([
    ['no filter', () => ({})],
    ['a customer', () => ({ customerId })],
    ['a project', () => ({ projectId })],
    ['days', () => days],
    ['days without records', () => ({ firstDay: 20270101 })],
    ['a word in a description', () => ({ search: 'text 17' })],
    ['an activity', () => ({ search: ' writing ' })],
    ['letters beyond ASCII, whatever their case', () => ({ search: 'überPRÜF' })],
    ['signs that mean something to GLOB', () => ({ search: 'ung [*?]' })],
    ['both', () => ({ search: 'ÜFUNG [*?]' })],
    ['a user with a sign that means something in SQL', () => ({ search: '0%' })],
    ['a tag', () => ({ search: 'URGENT' })],
    ['a word that is nowhere', () => ({ search: 'nowhere' })],
    ['a word, in most of the days', () => ({ lastDay: 20261120, search: 'bob' })],
    ['a word, in a project and days', () => ({ projectId, ...days, search: 'bob' })],
    ['hidden ones', () => ({ state: 'hidden' })],
    ['running ones with a word', () => ({ state: 'running', search: 'ann' })],
    ['edited ones of a customer and days', () => ({ state: 'edited', customerId, ...days })],
  ])('%s: the right page and sums, wherever it begins', async (name, filterOf) => {
    const filter = filterOf();
    const expected = all.filter(matches(filter));
    expect(expected.length > 0).toBe(!/without|nowhere/.test(name));
    const sums = {
      total: expected.length,
      durationS: expected.reduce((sum, row) => sum + (row.running ? 0 : row.durationS), 0),
    };
    const last = Math.max(0, expected.length - 30);
    for (const offset of [0, 1, Math.floor(expected.length / 2), last, expected.length]) {
      for (const limit of [1, 100]) {
        const listed = await listRecords(db, { state: 'all', ...filter, offset, limit });
        expect({ total: listed.total, durationS: listed.durationS }).toEqual(sums);
        expect(listed.rows.map(({ id }) => id)).toEqual(
          expected.slice(offset, offset + limit).map(({ id }) => id),
        );
      }
    }
  });

  const keys: Record<RecordOrder, (record: ListedRecord) => string | number | null> = {
    day: ({ day }) => day,
    user: ({ user }) => user,
    project: ({ customer, project }) => `${customer} ${project}`,
    duration: ({ running, durationS }) => (running ? 0 : durationS),
    amount: ({ rateE4 }) => rateE4,
  };
  const smaller = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);

  it.each(
    recordOrders.flatMap((order) => [true, false].map((descending) => ({ order, descending }))),
  )('by $order, descending: $descending, wherever the page begins', async (ordered) => {
    const key = keys[ordered.order];
    const direction = ordered.descending ? -1 : 1;
    for (const filter of [{}, { search: 'text 17', ...days }, { state: 'hidden' as const }]) {
      const matching = all.filter(matches(filter));
      // `all` is newest first, and sorting keeps what is equal as it was.
      const expected =
        ordered.order === 'day' && !ordered.descending
          ? matching.toReversed()
          : matching.toSorted((a, b) => {
              const [left, right] = [key(a), key(b)];
              if (left === null || right === null)
                return Number(left === null) - Number(right === null);
              return direction * smaller(left, right);
            });
      for (const offset of [0, 1, Math.floor(expected.length / 2), expected.length - 30]) {
        const page = { offset, limit: 100 };
        const listed = await listRecords(db, { state: 'all', ...filter, ...ordered, ...page });
        expect(listed.total).toBe(expected.length);
        expect(listed.durationS).toBe(
          expected.reduce((sum, row) => sum + (row.running ? 0 : row.durationS), 0),
        );
        expect(listed.rows.map(({ id }) => id)).toEqual(
          expected.slice(offset, offset + 100).map(({ id }) => id),
        );
      }
    }
  });

  it.each([
    ['a search', { search: 'text' }],
    ['an order that no index has', { order: 'amount' as const }],
  ])('%s lets others have their turn, so that clients get their pages', async (_name, part) => {
    let turns = 0;
    let isOver = false;
    const takeTurn = (): void => {
      if (isOver) return;
      turns++;
      setImmediate(takeTurn);
    };
    setImmediate(takeTurn);
    const listed = await listRecords(db, { state: 'all', ...part, offset: 0, limit: 10 });
    isOver = true;
    expect(listed.total).toBe(count);
    expect(turns).toBeGreaterThanOrEqual(3);
  });
});
