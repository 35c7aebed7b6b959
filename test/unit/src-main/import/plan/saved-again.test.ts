/** Exports that another program has saved again mean the records that are stored already. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../../../support/app.ts';
import { createTestStore, row, type TestStore } from '../../../../support/import-session.ts';
import { fixture } from '../read/support.ts';

const counts = { inserted: 0, updated: 0, problems: 0 };

describe('files', () => {
  let app: TestApp;
  beforeEach(async () => {
    app = await createTestApp();
  });
  afterEach(() => app.close());

  it('with names in the other form of Unicode bring no second customer', async () => {
    await app.importFile(fixture('cases/import/c10-nfc.csv'));
    const again = await app.importFile(fixture('cases/import/c10-nfd.csv'));
    expect(again.preview!.counts).toMatchObject({ ...counts, unchanged: 1 });
    expect(await app.call('customers.list')).toMatchObject([{ name: 'Müller GmbH', projects: 1 }]);
  });

  it('without durations leave those that are known', async () => {
    await app.importFile(fixture('cases/spreadsheets/base-break.csv'));
    const again = await app.openFile(fixture('cases/spreadsheets/13-lo-without-duration.xlsx'));
    expect(again.preview!.counts).toMatchObject({ ...counts, unchanged: 2 });
  });

  it('with :00 behind minutes leave durations that are exact', async () => {
    await app.importFile(fixture('cases/spreadsheets/base-seconds.csv'));
    for (const name of ['02-lo-de-minutes-as-seconds.csv', '02-lo-de-minutes-as-seconds.xlsx']) {
      await app.importFile(fixture(`cases/spreadsheets/${name}`));
      const { rows } = await app.call('records.list', { offset: 0, limit: 10 });
      expect(rows.map(({ durationS }) => durationS)).toEqual(
        expect.arrayContaining([2729, 14_431, 5405]),
      );
    }
  });
});

describe('rows', () => {
  let store: TestStore;
  beforeEach(() => {
    store = createTestStore();
  });
  afterEach(() => store.close());
  const times = (): unknown[] =>
    store.all('SELECT begin_min, end_min, duration_s FROM records ORDER BY begin_min');

  it.each([
    ['a non-breaking blank', 'Acme\u00a0Works'],
    ['a blank at the end', 'Acme Works '],
  ])('%s makes no other customer, project, activity or user', (_name, odd) => {
    const named = (name: string) => ({
      customer: name,
      project: name,
      activity: name,
      login: name,
      displayName: name,
    });
    store.add([row(named('Acme Works'))]);
    const again = store.add([row(named(odd)), row({ ...named('Acme Works'), beginMin: 700 })]);
    expect(again.counts).toMatchObject({ inserted: 1, updated: 0, unchanged: 1 });
    for (const table of ['customers', 'projects', 'activities', 'users']) {
      expect(store.all(`SELECT id FROM ${table}`)).toHaveLength(1);
    }
    expect(store.all('SELECT name FROM customers')).toEqual([{ name: 'Acme Works' }]);
  });

  it('customers whose names differ in case stay two', () => {
    expect(store.add([row(), row({ customer: 'ACME' })]).counts.inserted).toBe(2);
    expect(store.all('SELECT id FROM customers')).toHaveLength(2);
  });

  it('a customer with a number and another spelling is not renamed', () => {
    store.add([row({ customer: 'M\u00fcller', customerNumber: '7' })]);
    store.add([row({ customer: 'Mu\u0308ller', customerNumber: '7' })]);
    expect(store.all('SELECT name FROM customers')).toEqual([{ name: 'M\u00fcller' }]);
    expect(store.all('SELECT * FROM customer_aliases')).toEqual([]);
  });

  it.each([
    ['the end', { endMin: 599 }],
    ['the begin', { beginMin: 539 }],
  ])('a minute that %s lost makes no second record, and the stored time stays', (_name, lost) => {
    store.add([row()], { resolution: 60 });
    expect(store.add([row(lost)], { resolution: 60 }).counts).toMatchObject({
      inserted: 0,
      updated: 0,
      unchanged: 1,
    });
    expect(times()).toEqual([{ begin_min: 540, end_min: 600, duration_s: 3600 }]);
  });

  it('an entry that was moved by a minute is the same one, changed', () => {
    store.add([row()]);
    const moved = store.add([row({ beginMin: 541, endMin: 601 })]);
    expect(moved.counts).toMatchObject({ inserted: 0, updated: 1 });
    expect(times()).toEqual([{ begin_min: 541, end_min: 601, duration_s: 3600 }]);
  });

  it('the true time replaces one that has lost a minute', () => {
    store.add([row({ beginMin: 539 })]);
    expect(store.add([row()]).counts).toMatchObject({ inserted: 0, updated: 1 });
    expect(times()).toEqual([{ begin_min: 540, end_min: 600, duration_s: 3600 }]);
  });

  it.each([
    ['description', { description: 'Other' }],
    ['duration', { durationS: 3660 }],
    ['rate', { rateE4: 800_000 }],
    ['person', { login: 'bert', displayName: 'Bert' }],
  ])('another %s a minute later is another record', (_name, other) => {
    store.add([row()]);
    const later = row({ beginMin: 541, endMin: 601, ...other });
    expect(store.add([later]).counts).toMatchObject({ inserted: 1, updated: 0 });
  });

  it('entries of a minute that follow one another stay two', () => {
    store.add([row({ endMin: 541, durationS: 60 })]);
    const next = row({ beginMin: 541, endMin: 542, durationS: 60 });
    expect(store.add([next]).counts).toMatchObject({ inserted: 1, updated: 0 });
  });

  it('a derived duration fills new rows, and follows an entry that was moved', () => {
    const derived = { isDurationDerived: true, resolution: 60 as const };
    store.add([row({ endMin: 1020, durationS: 27_000 })]);
    store.add([row({ endMin: 1020, durationS: 28_800 }), row({ day: 20261103 })], derived);
    expect(times()).toMatchObject([{ duration_s: 27_000 }, { duration_s: 3600 }]);
    store.add([row({ endMin: 1080, durationS: 32_400 })], derived);
    expect(times()).toMatchObject([{ duration_s: 32_400 }, { duration_s: 3600 }]);
  });
});
