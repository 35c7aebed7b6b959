import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestStore, row, type TestStore } from '../../../support/import-session.ts';

let store: TestStore;
beforeEach(() => {
  store = createTestStore();
});
afterEach(() => store.close());

const count = (): number => store.all('SELECT id FROM records').length;

describe('records', () => {
  it('equal rows of one file are several records, and again the same ones', () => {
    const rows = [row(), row(), row({ description: 'Other' })];
    expect(store.add(rows).counts.inserted).toBe(3);
    expect(store.add(rows.toReversed()).counts).toMatchObject({ inserted: 0, updated: 0 });
    expect(store.add([...rows, row()]).counts).toMatchObject({ inserted: 1, unchanged: 3 });
    expect(count()).toBe(4);
  });

  it('a file with ids finds what came without, and the other way round', () => {
    store.add([row(), row({ beginMin: 660, endMin: 720 })]);
    const withIds = [row({ kimaiId: 7 }), row({ kimaiId: 8, beginMin: 660, endMin: 720 })];
    expect(store.add(withIds).counts).toMatchObject({ inserted: 0, updated: 0, unchanged: 2 });
    expect(store.all('SELECT kimai_id FROM records ORDER BY 1')).toEqual([
      { kimai_id: 7 },
      { kimai_id: 8 },
    ]);
    expect(store.add([row()]).counts).toMatchObject({ inserted: 0, updated: 0 });
    expect(count()).toBe(2);
  });

  it('by its id a record is found whatever changed', () => {
    store.add([row({ kimaiId: 7 })]);
    const moved = row({
      kimaiId: 7,
      day: 20261203,
      beginMin: 60,
      project: 'Shop',
      activity: 'Meeting',
      displayName: 'Bert',
      login: 'bert',
    });
    expect(store.add([moved]).counts).toMatchObject({ inserted: 0, updated: 1 });
    expect(
      store.all(`SELECT day, p.name AS project, u.login, a.name AS activity FROM records
        JOIN projects AS p ON p.id = project_id JOIN users AS u ON u.id = user_id
        JOIN activities AS a ON a.id = activity_id`),
    ).toEqual([{ day: 20261203, project: 'Shop', login: 'bert', activity: 'Meeting' }]);
  });

  it('two ids with equal keys stay two records', () => {
    store.add([row({ kimaiId: 1 })]);
    expect(store.add([row({ kimaiId: 2 })]).counts.inserted).toBe(1);
    expect(store.add([row({ kimaiId: 2 }), row({ kimaiId: 1 })]).counts.unchanged).toBe(2);
  });

  it('the same id twice in a file is a problem, not a record', () => {
    const { counts } = store.add([row({ kimaiId: 1 }), row({ kimaiId: 1, beginMin: 0 })]);
    expect(counts).toMatchObject({ inserted: 1, problems: 1 });
  });

  it('a running record that comes again with an end is the same one', () => {
    store.add([row({ running: true, endMin: undefined, durationS: 0, rateE4: 0 })]);
    expect(store.all('SELECT running, duration_s FROM records')).toEqual([
      { running: 1, duration_s: 0 },
    ]);
    expect(store.add([row()]).counts).toMatchObject({ inserted: 0, updated: 1 });
    expect(store.all('SELECT running, duration_s, end_min, rate_e4 FROM records')).toEqual([
      { running: 0, duration_s: 3600, end_min: 600, rate_e4: 900_000 },
    ]);
    // An older export does not start it again, nor does it take back what it earned.
    const older = row({ running: true, endMin: undefined, durationS: 0, rateE4: 0 });
    expect(store.add([older]).counts).toMatchObject({ updated: 0, unchanged: 1 });
    expect(store.all('SELECT running, rate_e4 FROM records')).toEqual([
      { running: 0, rate_e4: 900_000 },
    ]);
  });

  it('mutable fields change the record they belong to', () => {
    store.add([row({ description: 'First' }), row({ description: 'Second', durationS: 600 })]);
    const changed = [row({ description: 'Second', durationS: 900 }), row({ description: 'First' })];
    expect(store.add(changed).counts).toMatchObject({ inserted: 0, updated: 1, unchanged: 1 });
    expect(store.all('SELECT description, duration_s FROM records ORDER BY 1')).toEqual([
      { description: 'First', duration_s: 3600 },
      { description: 'Second', duration_s: 900 },
    ]);
  });

  it('a file without times of day finds the records by what it has', () => {
    store.add([row(), row({ beginMin: 660, endMin: 700, durationS: 2400, description: 'Later' })]);
    const before = store.dump();
    const without = { beginMin: undefined, endMin: undefined };
    const rows = [row({ ...without, durationS: 2400, description: 'Later' }), row(without)];
    expect(store.add(rows, { hasEnd: false }).counts).toMatchObject({ inserted: 0, updated: 0 });
    expect(store.dump()).toBe(before);
  });

  it('a file without users and activities finds them too', () => {
    store.add([row()]);
    const without = { displayName: undefined, login: undefined, activity: '' };
    const { counts } = store.add([row(without)], { hasUser: false, hasActivity: false });
    expect(counts).toMatchObject({ inserted: 0, updated: 0, unchanged: 1 });
    expect(store.all('SELECT * FROM users')).toHaveLength(1);
  });
});

describe('what a file does not know', () => {
  it('missing columns never clear anything', () => {
    store.add([row({ tags: 'urgent', exported: true, breakS: 60, billable: false })]);
    const before = store.all(
      'SELECT rate_e4, hourly_rate_e4, tags, exported, break_s, billable, end_min, description FROM records',
    );
    const bare = row({
      rateE4: undefined,
      hourlyRateE4: undefined,
      fixedRateE4: undefined,
      currency: undefined,
      tags: undefined,
      exported: undefined,
      billable: undefined,
      endMin: undefined,
      description: '',
    });
    const { counts } = store.add([bare], { hasDescription: false, hasEnd: false });
    expect(counts).toMatchObject({ updated: 0, unchanged: 1 });
    expect(
      store.all(
        'SELECT rate_e4, hourly_rate_e4, tags, exported, break_s, billable, end_min, description FROM records',
      ),
    ).toEqual(before);
  });

  it.each([
    [60, 3599, 3540],
    [60, -61, -60],
    [36, 400, 396],
    [36, 380, 396],
  ] as const)('at %i s, %i s is kept when the file says %i s', (resolution, stored, stated) => {
    store.add([row({ durationS: stored })]);
    expect(store.add([row({ durationS: stated })], { resolution }).counts.updated).toBe(0);
    expect(store.all('SELECT duration_s FROM records')).toEqual([{ duration_s: stored }]);
  });

  it.each([
    [60, 3599, 3600],
    [36, 400, 432],
    [1, 400, 401],
  ] as const)('at %i s, %i s and %i s are a change', (resolution, stored, stated) => {
    store.add([row({ durationS: stored })]);
    expect(store.add([row({ durationS: stated })], { resolution }).counts.updated).toBe(1);
    expect(store.all('SELECT duration_s FROM records')).toEqual([{ duration_s: stated }]);
  });

  it('a finer file refines; two coarse ones that agree do not change each other', () => {
    store.add([row({ durationS: 360 })], { resolution: 60 });
    expect(store.add([row({ durationS: 396 })], { resolution: 36 }).counts.updated).toBe(0);
    expect(store.add([row({ durationS: 400 })]).counts.updated).toBe(1);
    expect(store.add([row({ durationS: 360 })], { resolution: 60 }).counts.updated).toBe(0);
    expect(store.all('SELECT duration_s, resolution_s FROM records')).toEqual([
      { duration_s: 400, resolution_s: 1 },
    ]);
  });

  it('without rates, and then with', () => {
    store.add([row({ rateE4: undefined, currency: undefined })]);
    expect(store.all('SELECT rate_e4 FROM records')).toEqual([{ rate_e4: null }]);
    expect(store.add([row()]).counts.updated).toBe(1);
    expect(store.all('SELECT rate_e4 FROM records')).toEqual([{ rate_e4: 900_000 }]);
  });
});

describe('users', () => {
  it('a display name alone finds the one who has it, and a login is learnt later', () => {
    store.add([row({ login: undefined })]);
    expect(store.add([row()]).counts).toMatchObject({ inserted: 0, updated: 0 });
    expect(store.add([row({ login: undefined })]).counts).toMatchObject({ inserted: 0 });
    expect(store.all('SELECT identity, login, display_name FROM users')).toEqual([
      { identity: 'anna', login: 'anna', display_name: 'Anna Muster' },
    ]);
  });

  it('a login alone finds the user, too', () => {
    store.add([row()]);
    expect(store.add([row({ displayName: undefined })]).counts).toMatchObject({ inserted: 0 });
    expect(store.all('SELECT display_name FROM users')).toEqual([{ display_name: 'Anna Muster' }]);
  });

  it('names are never folded', () => {
    store.add([
      row({ displayName: 'Мария', login: undefined }),
      row({ displayName: 'Иван', login: undefined }),
      row({ displayName: 'anna muster', login: undefined }),
      row({ login: undefined }),
    ]);
    expect(store.all('SELECT id FROM users')).toHaveLength(4);
  });

  it('two logins with one display name stay two people, and their records are found', () => {
    const rows = [row({ login: 'anna1' }), row({ login: 'anna2', beginMin: 700 })];
    store.add(rows);
    expect(store.all('SELECT id FROM users')).toHaveLength(2);
    const before = store.dump();
    const shown = rows.map((one) => ({ ...one, login: undefined }));
    expect(store.add(shown).counts).toMatchObject({ inserted: 0, updated: 0 });
    expect(store.dump()).toBe(before);
  });
});

describe('customers and projects', () => {
  const names = (): unknown[] =>
    store.all(`SELECT c.name AS customer, c.number, p.name AS project, p.number AS projectNumber
      FROM projects AS p JOIN customers AS c ON c.id = customer_id ORDER BY c.id, p.id`);

  it('a project name under two customers is two projects', () => {
    store.add([row(), row({ customer: 'Beta' })]);
    expect(store.all('SELECT id FROM projects')).toHaveLength(2);
  });

  it('numbers are learnt, and lost by no file without them', () => {
    store.add([row()]);
    store.add([row({ customerNumber: '0001', projectNumber: 'W-1' })]);
    store.add([row()]);
    expect(names()).toEqual([
      { customer: 'Acme', number: '0001', project: 'Website', projectNumber: 'W-1' },
    ]);
  });

  it('equal names with different numbers are two customers', () => {
    store.add([row({ customerNumber: '1' }), row({ customerNumber: '2' })]);
    expect(store.all('SELECT id FROM customers')).toHaveLength(2);
    expect(store.add([row({ customerNumber: '2' })]).counts.inserted).toBe(0);
  });

  it('a renamed customer is found by its number, and by its old name', () => {
    store.add([row({ customerNumber: '1', projectNumber: 'W' })]);
    const renamed = row({
      customerNumber: '1',
      customer: 'Acme AG',
      project: 'Site',
      projectNumber: 'W',
    });
    expect(store.add([renamed]).counts.inserted).toBe(0);
    expect(names()).toEqual([
      { customer: 'Acme AG', number: '1', project: 'Site', projectNumber: 'W' },
    ]);
    expect(store.add([row()]).counts.inserted).toBe(0);
    expect(store.add([row({ customerNumber: '1' })]).counts.inserted).toBe(0);
    expect(store.all('SELECT name FROM customers')).toEqual([{ name: 'Acme AG' }]);
  });

  it('two customers that share a number are not one that was renamed', () => {
    store.add([row({ customerNumber: '1' })]);
    const both = [
      row({ customer: 'Beta', customerNumber: '1', beginMin: 0 }),
      row({ customerNumber: '1' }),
    ];
    expect(store.add(both).counts).toMatchObject({ inserted: 1, unchanged: 1 });
    expect(names()).toMatchObject([{ customer: 'Acme' }, { customer: 'Beta' }]);
  });

  it('a second currency of a customer is a problem, never mixed', () => {
    const { counts } = store.add([row(), row({ currency: 'USD', beginMin: 0 })]);
    expect(counts).toMatchObject({ inserted: 1, problems: 1 });
    const session = store.open([row({ currency: 'USD' })]);
    expect(session.rows({ kind: 'problem', offset: 0, limit: 10 }).rows).toMatchObject([
      { problem: { code: 'currency_conflict', value: 'USD' } },
    ]);
    session.close();
    expect(store.all('SELECT currency FROM customers')).toEqual([{ currency: 'EUR' }]);
  });
});
