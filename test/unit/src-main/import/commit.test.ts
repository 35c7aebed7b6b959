import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-shared/errors.ts';
import { BatchWriter } from '../../../../src-main/import/rows/batch-writer.ts';
import { TimesheetSession } from '../../../../src-main/import/jobs/timesheet-session.ts';
import { dataVersion } from '../../../../src-main/store/data-version.ts';
import { readRow } from '../../../../src-main/store/catalog/entity-rows.ts';
import { databaseFile } from '../../../../src-main/store/open.ts';
import {
  createTestStore,
  entry,
  fullFile,
  goOn,
  ignore,
  row,
  type TestStore,
} from '../../../support/import-session.ts';

let store: TestStore;
beforeEach(() => {
  store = createTestStore();
});
afterEach(() => store.close());

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'nothing thrown';
};

describe('a preview', () => {
  it('shows what is new, changed with old and new values, unchanged and unreadable', () => {
    store.add([row(), row({ beginMin: 660, endMin: 720 })]);
    const session = store.open(
      [
        row({ description: 'Better' }),
        row({ beginMin: 660, endMin: 720 }),
        row({ day: 20261201, customer: 'Beta' }),
      ],
      {},
      [{ line: 9, code: 'date_invalid', header: 'Date', value: '2026-02-30' }],
    );
    const { preview } = session;
    expect(preview).toMatchObject({
      counts: { inserted: 1, updated: 1, unchanged: 1, removed: 0, problems: 1 },
      created: { customers: 1, projects: 1, users: 0, activities: 0 },
      groups: [
        { customer: 'Acme', project: 'Website', firstDay: '2026-11-02', lastDay: '2026-11-02' },
        { customer: 'Beta', project: 'Website', counts: { inserted: 1 } },
      ],
      firstDay: '2026-11-02',
      lastDay: '2026-12-01',
    });
    const rowsOf = (kind: 'new' | 'changed' | 'unchanged' | 'problem') =>
      session.rows({ kind, offset: 0, limit: 10 });
    expect(rowsOf('new').rows).toMatchObject([
      {
        before: null,
        after: { day: '2026-12-01', begin: '09:00', duration: '1:00:00', rate: '90' },
      },
    ]);
    expect(rowsOf('changed').rows).toMatchObject([
      { before: { description: 'Work' }, after: { description: 'Better' } },
    ]);
    expect(rowsOf('unchanged')).toMatchObject({ total: 1, rows: [{ before: null }] });
    expect(rowsOf('problem').rows).toMatchObject([
      { line: 9, problem: { code: 'date_invalid', header: 'Date', value: '2026-02-30' } },
    ]);
    session.close();
  });

  it('changes nothing', () => {
    store.add([row()]);
    const before = store.dump();
    const version = dataVersion(store.db);
    store.open([row({ description: 'Other' }), row({ customer: 'Beta' })]).close();
    expect(store.dump()).toBe(before);
    expect(dataVersion(store.db)).toBe(version);
  });

  it('pages through its rows in order of the file', () => {
    const rows = Array.from({ length: 10_000 }, (_, index) => row({ beginMin: index % 1440 }));
    const session = store.open(rows);
    const page = session.rows({ kind: 'new', offset: 9_990, limit: 500 });
    expect(page.total).toBe(10_000);
    expect(page.rows.map(({ line }) => line)).toEqual(rows.slice(9_990).map(({ line }) => line));
    session.close();
  });

  it('names the published shares that will show something new, and no others', () => {
    store.add([row(), row({ project: 'Shop' }), row({ customer: 'Beta' })]);
    const share = (label: string, customer: number, more: string): void => {
      store.db
        .exec(`INSERT INTO shares (label, customer_id, project_id, paused, options, key_digest,
          key_sealed, created_at, changed_at, deleted_at)
        VALUES ('${label}', ${customer}, ${more}, randomblob(8), x'00', 0, 0, NULL)`);
    };
    share('all', 1, `NULL, 0, '{}'`);
    share('website', 1, `1, 0, '{}'`);
    share('shop', 1, `2, 0, '{}'`);
    share('paused', 1, `NULL, 1, '{}'`);
    share('picked', 1, `NULL, 0, '{"projectSelection":"selected"}'`);
    store.db.exec('INSERT INTO share_projects VALUES (5, 2)');
    share('beta', 2, `NULL, 0, '{}'`);
    const session = store.open([row({ project: 'Shop', beginMin: 0 }), row()]);
    expect(session.preview.shares.map(({ label }) => label)).toEqual(['all', 'shop', 'picked']);
    session.close();
    const idle = store.open([row()]);
    expect(idle.preview.shares).toEqual([]);
    idle.close();
  });
});

describe('a commit', () => {
  it('applies what was shown although the store changed elsewhere', () => {
    store.add([row()]);
    const session = store.open([row(), row({ beginMin: 0 })]);
    store.add([row({ customer: 'Beta' })]);
    const { digest } = session.preview;
    expect(session.commit(digest, entry(), goOn, ignore).counts.inserted).toBe(1);
    session.close();
  });

  it('refuses if it would do something else by now, and shows that', () => {
    store.add([row()]);
    const session = store.open([row({ description: 'New' }), row({ day: 20261203 })]);
    store.add([row({ description: 'Meanwhile' })]);
    const before = store.dump();
    const { digest } = session.preview;
    expect(codeOf(() => session.commit(digest, entry(), goOn, ignore))).toBe('import_stale');
    expect(store.dump()).toBe(before);
    session.refresh();
    expect(session.preview.digest).not.toBe(digest);
    const [changed] = session.rows({ kind: 'changed', offset: 0, limit: 1 }).rows;
    expect(changed!.before).toEqual({ description: 'Meanwhile' });
    session.commit(session.preview.digest, entry(), goOn, ignore);
    expect(store.all('SELECT description FROM records WHERE id = 1')).toEqual([
      { description: 'New' },
    ]);
    session.close();
  });

  it('refuses a digest of something else', () => {
    const session = store.open([row()]);
    expect(codeOf(() => session.commit('0', entry(), goOn, ignore))).toBe('import_stale');
    session.close();
  });

  it('that is cancelled on the way leaves nothing behind', () => {
    const before = store.dump();
    const session = store.open([row()]);
    const { digest } = session.preview;
    const cancelled = { cancelled: true };
    expect(codeOf(() => session.commit(digest, entry(), cancelled, ignore))).toBe(
      'import_cancelled',
    );
    expect(store.dump()).toBe(before);
    expect(store.all('SELECT * FROM imports')).toEqual([]);
    session.close();
  });

  it('on a full disk leaves nothing behind, and works once there is room', () => {
    const rows = Array.from({ length: 5000 }, (_, index) =>
      row({ description: `Row ${index} ${'text '.repeat(20)}` }),
    );
    const session = store.open(rows);
    const before = store.dump();
    const pages = session.db.pragma('page_count', { simple: true }) as number;
    session.db.pragma(`max_page_count = ${pages + 20}`);
    const { digest } = session.preview;
    expect(codeOf(() => session.commit(digest, entry(), goOn, ignore))).toBe('disk_full');
    expect(store.dump()).toBe(before);
    session.db.pragma('max_page_count = 1000000');
    session.refresh();
    expect(session.preview.digest).toBe(digest);
    expect(session.commit(digest, entry(), goOn, ignore).counts.inserted).toBe(5000);
    session.close();
  });

  it('bumps the data version', () => {
    const version = dataVersion(store.db);
    store.add([row()]);
    expect(dataVersion(store.db)).toBe(version + 1);
  });
});

describe('a direct write into an empty store', () => {
  const direct = { entry: entry(), control: goOn };

  it('gives the same store as preview and commit', () => {
    const rows = Array.from({ length: 9000 }, (_, index) =>
      row({ day: 20260101 + (index % 28), project: `P${index % 7}`, beginMin: index % 900 }),
    );
    store.add(rows);
    const expected = store.dump();
    const other = createTestStore();
    const session = new TimesheetSession(databaseFile(other.dataDir), fullFile, 20261124);
    session.begin(direct);
    const writer = new BatchWriter();
    for (const one of rows) {
      writer.add(one);
      if (writer.isFull) session.add(writer.take());
    }
    session.add(writer.take());
    expect(session.finish()).toMatchObject({ counts: { inserted: 9000 } });
    expect(session.preview.created).toMatchObject({ customers: 1, projects: 7 });
    session.close();
    expect(other.dump()).toBe(expected);
    other.close();
  });

  it('writes nothing if a row cannot be read, and waits as a preview', () => {
    const session = new TimesheetSession(databaseFile(store.dataDir), fullFile, 20261124);
    session.begin(direct);
    const writer = new BatchWriter();
    writer.add(row());
    session.add(writer.take());
    writer.addProblem({ line: 3, code: 'date_invalid', header: 'Date', value: '?' });
    writer.add(row({ beginMin: 0 }));
    session.add(writer.take());
    expect(session.finish()).toBeNull();
    expect(store.all('SELECT * FROM records')).toEqual([]);
    expect(store.all('SELECT * FROM imports')).toEqual([]);
    expect(session.preview.counts).toMatchObject({ inserted: 2, problems: 1 });
    session.commit(session.preview.digest, entry(), goOn, ignore);
    session.close();
    expect(store.all('SELECT id FROM records')).toHaveLength(2);
  });
});

describe('what the owner changed here', () => {
  it('stays, and the preview says so', () => {
    store.add([row()]);
    store.db.exec(`UPDATE records SET billable = 0, hidden = 1;
      DELETE FROM project_days; DELETE FROM project_months`);
    const session = store.open([row({ description: 'New' })]);
    const [shown] = session.rows({ kind: 'changed', offset: 0, limit: 1 }).rows;
    expect(shown!.kept).toEqual(['billable', 'hidden']);
    session.commit(session.preview.digest, entry(), goOn, ignore);
    session.close();
    expect(
      store.all('SELECT billable, billable_imported, hidden, description FROM records'),
    ).toEqual([{ billable: 0, billable_imported: 1, hidden: 1, description: 'New' }]);
  });

  it('of a customer stays when a list says something else', () => {
    store.add([row()]);
    store.db.exec("UPDATE customers SET budget_e4 = 5, color = '#000000', edited = 'budget_e4'");
    store.list({
      kind: 'customers',
      problems: [],
      entries: [
        { line: 2, kimaiId: 1, name: 'Acme', currency: 'EUR', budgetE4: 9, color: '#ffffff' },
      ],
    });
    expect(readRow(store.db, 'customers', 1)).toMatchObject({ budget_e4: 5, color: '#ffffff' });
  });

  it('empty budget cells clear nothing', () => {
    const list = (budget: object) =>
      store.list({
        kind: 'projects',
        problems: [],
        entries: [{ line: 2, kimaiId: 1, name: 'Website', customer: 'Acme', ...budget }],
      });
    list({ budgetE4: 70, timeBudgetS: 60, budgetType: 'month' });
    expect(list({}).counts).toMatchObject({ updated: 0, unchanged: 1 });
    expect(readRow(store.db, 'projects', 1)).toMatchObject({
      budget_e4: 70,
      time_budget_s: 60,
      budget_type: 'month',
    });
    expect(list({ budgetE4: 0, timeBudgetS: 0, budgetType: null }).counts.updated).toBe(1);
  });
});
