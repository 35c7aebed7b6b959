/** Imports of many rows go by way of a file (record-inserts.ts): the store must not tell. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Packer } from '../../../src-main/import/packer.ts';
import { TimesheetSession } from '../../../src-main/import/session.ts';
import type { ImportRecord } from '../../../src-main/import/types.ts';
import { Uploads } from '../../../src-main/import/uploads.ts';
import { databaseFile } from '../../../src-main/store/open.ts';
import { rollupDifferences } from '../../../src-main/store/rollup.ts';
import {
  createTestStore,
  entry,
  fullFile,
  goOn,
  ignore,
  row,
  today,
  type TestStore,
} from '../../support/import-session.ts';

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
  const packer = new Packer();
  for (const [at, one] of rows.entries()) {
    packer.add(one);
    if (at % batchRows === batchRows - 1) session.add(packer.take());
  }
  if (!packer.isEmpty) session.add(packer.take());
  session.finish();
  return session;
}

const waiting = (): string[] => {
  const folder = join(store.dataDir, 'uploads');
  return existsSync(folder) ? readdirSync(folder) : [];
};

test('many rows are stored as few are, in the same order, and the files go', () => {
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

test('an import that ends on the way leaves no file and no record', () => {
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
  // And it can be committed still.
  session.commit(session.preview.digest, entry(), goOn, ignore);
  session.close();
  expect(store.all('SELECT id FROM records')).toHaveLength(8000);
});

test('files of several sizes in one import are let go of together', () => {
  // Eight megabytes are the first file.
  const rows = Array.from({ length: 12_000 }, (_, at) =>
    row({ beginMin: at % 1440, day: 20260101 + (at % 28), description: `${at} `.repeat(200) }),
  );
  const session = open(rows, 3000);
  session.commit(session.preview.digest, entry(), goOn, ignore);
  expect(waiting()).toEqual([]);
  session.close();
  expect(store.all('SELECT count(*) AS n, count(DISTINCT id) AS ids FROM records')).toEqual([
    { n: 12_000, ids: 12_000 },
  ]);
});

test('equal rows are counted under any of the names of a person or project', () => {
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

test('what a crash left behind goes at the next start', () => {
  mkdirSync(join(store.dataDir, 'uploads'));
  writeFileSync(join(store.dataDir, 'uploads', 'left.rows'), 'rows');
  new Uploads(store.dataDir);
  expect(waiting()).toEqual([]);
});
