/** Imports of many rows go by way of a file (record-inserts.ts): the store must not tell. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BatchWriter } from '../../../../src-main/import/rows/batch-writer.ts';
import { TimesheetSession } from '../../../../src-main/import/jobs/timesheet-session.ts';
import type { ImportRecord } from '../../../../src-main/import/rows/types.ts';
import { Uploads } from '../../../../src-main/import/jobs/uploads.ts';
import { databaseFile } from '../../../../src-main/store/open.ts';
import { rollupDifferences } from '../../../../src-main/store/records/rollup.ts';
import {
  createTestStore,
  entry,
  fullFile,
  goOn,
  ignore,
  row,
  today,
  type TestStore,
} from '../../../support/import-session.ts';

let store: TestStore;
beforeEach(() => {
  store = createTestStore();
});
afterEach(() => store.close());

const longText = 'ж'.repeat(40_000);

/** Rows of every kind: with and without times, rates and tags; one too long for a page. */
const mixed = (count: number): ImportRecord[] =>
  Array.from({ length: count }, (_, at) =>
    row({
      day: 20260101 + (at % 28),
      beginMin: at % 5 === 0 ? undefined : at % 1440,
      endMin: at % 3 === 0 ? undefined : (at + 30) % 1440,
      durationS: 60 + at,
      rateE4: at % 7 === 0 ? undefined : at * 10_000_019,
      fixedRateE4: at % 11 === 0 ? at * 100 : null,
      billable: at % 4 === 0 ? undefined : at % 8 === 1,
      exported: at % 2 === 0,
      breakS: at % 6 === 0 ? at : undefined,
      tags: at % 9 === 0 ? undefined : at % 9 === 1 ? '' : 'on site, schnell',
      project: `Project ${at % 6}`,
      login: `user${at % 3}`,
      displayName: `Änne ${at % 3}`,
      description: at === 1234 ? longText : `Nº ${at} — Übergabe 🚀`,
    }),
  );

function open(rows: ImportRecord[], batchRows: number): TimesheetSession {
  const session = new TimesheetSession(databaseFile(store.dataDir), fullFile, today);
  session.begin(null);
  const writer = new BatchWriter();
  for (const [at, one] of rows.entries()) {
    writer.add(one);
    if (at % batchRows === batchRows - 1) session.add(writer.take());
  }
  if (!writer.isEmpty) session.add(writer.take());
  session.finish();
  return session;
}

const waiting = (): string[] => {
  const folder = join(store.dataDir, 'uploads');
  return existsSync(folder) ? readdirSync(folder) : [];
};

it('many rows are stored as few are, in the same order, and the files go', () => {
  const rows = mixed(5000);
  // Batches of a hundred rows are bound, one of five thousand goes by a file.
  const [few, many] = [100, 5000].map((batchRows) => {
    const session = open(rows, batchRows);
    session.commit(session.preview.digest, entry(), goOn, ignore);
    session.close();
    const dump = store.dump();
    expect(rollupDifferences(store.db)).toEqual([]);
    expect(store.db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(waiting()).toEqual([]);
    store.close();
    store = createTestStore();
    return dump;
  });
  expect(many).toContain(longText);
  expect(many).toBe(few);
});

it('an import that ends on the way leaves no file and no record', () => {
  const rows = [...mixed(4000), ...mixed(4000)];
  const session = open(rows, 2000);
  let batches = 0;
  const cancelInTheMiddle = {
    get cancelled() {
      return ++batches > 3;
    },
  };
  expect(() =>
    session.commit(session.preview.digest, entry(), cancelInTheMiddle, () =>
      expect(waiting()).not.toEqual([]),
    ),
  ).toThrow('import_cancelled');
  expect(waiting()).toEqual([]);
  expect(store.all('SELECT id FROM records')).toEqual([]);
  // And it can be committed still, once it is planned again, as the job does after a failure.
  session.refresh();
  session.commit(session.preview.digest, entry(), goOn, ignore);
  session.close();
  expect(store.all('SELECT id FROM records')).toHaveLength(8000);
});

it('all files of one import are let go of together', () => {
  // Six files of 4 MiB, then larger ones: the eighth takes what is left, a ninth the days.
  const count = 9000;
  const rows = Array.from({ length: count }, (_, at) =>
    row({
      beginMin: at % 1440,
      day: 20260101 + (at % 27),
      project: `Project ${at % 200}`,
      description: `${at} `.repeat(1500),
    }),
  );
  const session = open(rows, 1500);
  let most = 0;
  session.commit(session.preview.digest, entry(), goOn, () => {
    most = Math.max(most, waiting().length);
  });
  expect(most).toBe(8);
  expect(waiting()).toEqual([]);
  session.close();
  expect(store.all('SELECT count(*) AS n, count(DISTINCT id) AS ids FROM records')).toEqual([
    { n: count, ids: count },
  ]);
  expect(store.all('SELECT description FROM records WHERE id = ?', count)).toEqual([
    { description: rows.at(-1)!.description },
  ]);
  expect(store.all('SELECT count(*) AS n FROM project_days')).toEqual([{ n: 27 * 200 }]);
});

it('many days are summed up in an empty store and in one that has some of them', () => {
  const days = (project: string, rate: number): ImportRecord[] =>
    Array.from({ length: 6000 }, (_, at) =>
      row({
        project: `${project} ${at % 300}`,
        day: 20260101 + Math.floor(at / 300),
        beginMin: at % 1440,
        rateE4: rate,
        running: project === 'C' && at % 7 === 0,
        billable: at % 5 !== 0,
      }),
    );
  store.add(days('A', 12_345));
  store.add([...days('A', 77), ...days('B', 2 ** 40)]);
  store.add(days('C', 5));
  // Each call compares all of it with the records.
  expect(store.all('SELECT count(*) AS n FROM project_days')).toEqual([{ n: 18_000 }]);
  expect(waiting()).toEqual([]);
});

describe('equal rows by the thousand', () => {
  // Comparing each with each would take minutes.
  const equal = (count: number, text: (at: number) => string): ImportRecord[] =>
    Array.from({ length: count }, (_, at) =>
      row({ day: 20260105, beginMin: at % 9, durationS: 600, description: text(at) }),
    );
  const count = 60_000;

  it('are found again, whatever changed in them', () => {
    const rows = equal(count, String);
    store.add(rows);
    const again = open(rows, 4096);
    expect(again.preview.counts).toMatchObject({ inserted: 0, updated: 0, unchanged: count });
    again.close();
    // Nobody can tell which of them are gone; nothing is doubled.
    const changed = open(
      equal(count, (at) => `new ${at}`),
      4096,
    );
    expect(changed.preview.counts).toMatchObject({ inserted: 0, updated: count, unchanged: 0 });
    changed.close();
    const more = open([...rows, ...equal(100, (at) => `more ${at}`)], 4096);
    expect(more.preview.counts).toMatchObject({ inserted: 100, updated: 0, unchanged: count });
    more.close();
  });

  it('are found again in a file that lacks the times', () => {
    store.add(equal(20_000, String));
    const rows = equal(20_000, String).map((one) => ({ ...one, beginMin: undefined }));
    const again = open(rows, 4096);
    expect(again.preview.counts).toMatchObject({ inserted: 0, updated: 0, unchanged: 20_000 });
    again.close();
    const changed = open(
      rows.slice(0, 4000).map((one) => ({ ...one, description: `new ${one.description}` })),
      4096,
    );
    expect(changed.preview.counts).toMatchObject({ inserted: 0, updated: 4000, unchanged: 0 });
    changed.close();
  });
});

it('equal rows are counted under any of the names of a person or project', () => {
  const same = { day: 20260105, beginMin: 540, login: 'anna' };
  const rows = [
    row({ ...same, displayName: 'Anna', description: 'one' }),
    row({ ...same, displayName: 'Anna', description: 'two' }),
    // The same login under another display name: the same person.
    row({ ...same, displayName: 'Anna B.', description: 'three' }),
    row({ ...same, displayName: 'Anna', orderNumber: '7', description: 'four' }),
  ];
  for (const batchRows of [1, 4]) {
    const session = open(rows, batchRows);
    session.commit(session.preview.digest, entry(), goOn, ignore);
    session.close();
    expect(store.all('SELECT description, occurrence FROM records ORDER BY id')).toEqual(
      ['one', 'two', 'three', 'four'].map((description, occurrence) => ({
        description,
        occurrence,
      })),
    );
    // Again: nothing changes.
    const again = open(rows, batchRows);
    expect(again.preview.counts).toMatchObject({ inserted: 0, updated: 0, unchanged: 4 });
    again.close();
    store.close();
    store = createTestStore();
  }
});

it('what a crash left behind goes at the next start', () => {
  mkdirSync(join(store.dataDir, 'uploads'));
  writeFileSync(join(store.dataDir, 'uploads', 'left.rows'), 'rows');
  new Uploads(store.dataDir);
  expect(waiting()).toEqual([]);
});
