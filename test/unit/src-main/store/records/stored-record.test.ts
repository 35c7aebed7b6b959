/** A record's getters give what its columns hold, whatever the order of the columns is. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RecordReads } from '../../../../../src-main/store/records/records.ts';
import {
  differences,
  recordColumns,
  type RecordFields,
} from '../../../../../src-main/store/records/stored-record.ts';
import { createTestStore, row, type TestStore } from '../../../../support/import-session.ts';

let store: TestStore;
beforeEach(() => {
  store = createTestStore();
});
afterEach(() => store.close());

const flags: readonly string[] = [
  'running',
  'billable',
  'billableImported',
  'exported',
  'hidden',
] satisfies (keyof RecordFields)[];

/** The columns of a record by their names, as the getters should give them. */
function columnsOf(id: number): Record<string, unknown> {
  const [stored] = store.all('SELECT * FROM records WHERE id = ?', id);
  return Object.fromEntries(
    Object.entries(recordColumns).map(([field, column]) => {
      const value = stored![column];
      return [field, flags.includes(field) && value !== null ? value === 1 : value];
    }),
  );
}

const fieldsOf = (record: RecordFields): Record<string, unknown> =>
  Object.fromEntries(
    Object.keys(recordColumns).map((field) => [field, record[field as keyof RecordFields]]),
  );

it('gives each column under its name', () => {
  store.add([
    row({ kimaiId: 71, breakS: 300, fixedRateE4: 5, hourlyRateE4: 7, rateE4: 9, tags: 'a, b' }),
    row({ running: true, endMin: undefined, durationS: 0, billable: false, exported: true }),
    row({ day: 20261103, beginMin: undefined, rateE4: undefined, exported: undefined }),
    row({ day: 20261104, tags: undefined, billable: undefined, description: 'Other' }),
  ]);
  const columns = store.all<{ name: string }>('PRAGMA table_info(records)');
  expect(Object.values(recordColumns)).toEqual(columns.map(({ name }) => name));
  const records = new RecordReads(store.db).after(0, 10);
  expect(records).toHaveLength(4);
  for (const record of records) expect(fieldsOf(record)).toEqual(columnsOf(record.id));
});

it('changes the fields of a copy that a patch names, and no others', () => {
  store.add([row()]);
  const record = new RecordReads(store.db).byId(1)!;
  const patch = { running: true, exported: null, durationS: 5, tags: 'new' };
  const changed = record.changed(patch);
  expect(fieldsOf(changed)).toEqual({ ...fieldsOf(record), ...patch });
  expect(fieldsOf(record)).toEqual(columnsOf(1));
});

it('tells in which columns two records differ', () => {
  store.add([row()]);
  const record = new RecordReads(store.db).byId(1)!;
  expect(record.toColumns()).toEqual(store.all('SELECT * FROM records')[0]!);
  const changed = record.changed({ exported: null, durationS: 5 });
  expect(differences(record, changed)).toEqual({
    before: { exported: 0, duration_s: 3600 },
    after: { exported: null, duration_s: 5 },
  });
  expect(differences(record, record)).toEqual({ before: {}, after: {} });
});
