import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ImportCounts } from '../../../../src-shared/contract/imports.ts';
import { rollupDifferences } from '../../../../src-main/store/records/rollup.ts';
import { createTestApp, type TestApp } from '../../../support/app.ts';
import { number, text, writeWorkbook, yesNo } from '../../../support/kimai-workbook.ts';

const golden = join(import.meta.dirname, '../../../fixtures/golden');
const world = (name: string): string => join(golden, 'kimai-2.66-world', name);
const older = (name: string): string => join(golden, 'kimai-older-versions', name);

// Up to two dozen files a test: only a guard against hanging, on a machine that is busy.
vi.setConfig({ testTimeout: 180_000 });

let app: TestApp;
afterEach(() => app.close());

/** Every record as text, without ids: what two stores are compared by. */
function records(columns = 'duration_s'): string[] {
  const db = new Database(app.database, { readonly: true });
  try {
    return db
      .prepare(
        `SELECT u.display_name || '|' || c.name || '|' || p.name || '|' ||
          a.name || '|' || day || '|' || begin_min || '|' || coalesce(end_min, '') || '|' ||
          running || '|' || billable || '|' || coalesce(rate_e4, 'null') || '|' || description ||
          '|' || coalesce(tags, '') || '|' || ${columns}
         FROM records AS r JOIN users AS u ON u.id = user_id JOIN activities AS a ON a.id = activity_id
         JOIN projects AS p ON p.id = project_id JOIN customers AS c ON c.id = p.customer_id
         ORDER BY 1`,
      )
      .pluck()
      .all() as string[];
  } finally {
    db.close();
  }
}

function rows<T = unknown>(sql: string): T[] {
  const db = new Database(app.database, { readonly: true });
  try {
    return db.prepare(sql).all() as T[];
  } finally {
    db.close();
  }
}

const sums = `SELECT duration_s, rate_e4 FROM records
  ORDER BY day, begin_min, user_id, project_id, end_min, description, rate_e4`;

function consistent(): void {
  const db = new Database(app.database, { readonly: true });
  expect(rollupDifferences(db)).toEqual([]);
  db.close();
}

const counts = async (path: string): Promise<ImportCounts> =>
  (await app.importFile(path)).preview!.counts;

const customerBudgets = (): unknown[] =>
  rows(`SELECT kimai_id, name, number, currency, visible,
  color, budget_e4, time_budget_s, budget_type FROM customers ORDER BY name, kimai_id`);
const projectBudgets = (): unknown[] =>
  rows(`SELECT p.kimai_id, c.name AS customer, p.name,
  p.number, p.order_number, p.visible, p.color, p.budget_e4, p.time_budget_s, p.budget_type
  FROM projects AS p JOIN customers AS c ON c.id = p.customer_id ORDER BY 2, 3`);

describe('every golden file', () => {
  const files = readdirSync(golden, { recursive: true })
    .map(String)
    .filter((name) => /\.(csv|xlsx)$/.test(name))
    // The exports beside recordings of Kimai's API belong to the tests of the sync.
    .filter((name) => !name.startsWith('kimai-api-'))
    .sort();

  it('is read without a question and without a problem', async () => {
    // The world has 11, the mixed one 5, older versions 31: as /work/shared/golden has them.
    expect(files).toHaveLength(47);
    app = await createTestApp();
    for (const name of files) {
      const job = await app.openFile(join(golden, name));
      const kind = /(customers|projects)-/.exec(name)?.[1] ?? 'timesheet';
      expect(job, name).toMatchObject({
        state: 'preview',
        kind,
        preview: { counts: { problems: 0 } },
      });
      expect(job.preview!.counts.inserted, name).toBeGreaterThan(4);
      await app.call('imports.cancel', { jobId: job.jobId });
    }
    expect(await app.call('imports.list')).toEqual([]);
  });
});

describe('golden files of Kimai 2.66', () => {
  it('the loss-free export, then every other one: nothing changes', async () => {
    app = await createTestApp();
    expect(await counts(world('full-en.csv'))).toMatchObject({ inserted: 616, problems: 0 });
    const before = records();
    for (const name of [
      'default-en.csv',
      'timesheets-en.xlsx',
      'semicolon-de-decimal.csv',
      'my-times-no-rates-en.csv',
      'full-en.csv',
    ]) {
      expect(await counts(world(name)), name).toMatchObject({
        inserted: 0,
        updated: 0,
        problems: 0,
      });
      expect(records()).toEqual(before);
    }
    consistent();
  });

  it('the default export first: same amounts, durations short by less than a minute', async () => {
    app = await createTestApp();
    const job = await app.importFile(world('default-en.csv'));
    expect(job.preview!.counts).toMatchObject({ inserted: 616, problems: 0 });
    expect(job.preview!.notices).toContain('noSeconds');
    const coarse = rows<{ duration_s: number; rate_e4: number }>(sums);
    const { updated, inserted } = await counts(world('full-en.csv'));
    expect(inserted).toBe(0);
    const fine = rows<{ duration_s: number; rate_e4: number }>(sums);
    expect(fine).toHaveLength(coarse.length);
    let refined = 0;
    for (const [index, { duration_s, rate_e4 }] of fine.entries()) {
      const short = duration_s - coarse[index]!.duration_s;
      expect(short >= 0 && short < 60).toBe(true);
      expect(rate_e4).toBe(coarse[index]!.rate_e4);
      if (short > 0) refined++;
    }
    expect(updated).toBe(refined);
    expect(refined).toBeGreaterThan(0);
    // Refined once; a coarser file takes nothing back.
    const after = records();
    expect(await counts(world('default-en.csv'))).toMatchObject({ inserted: 0, updated: 0 });
    expect(records()).toEqual(after);
    consistent();
  });

  it('no e-mail, internal rate or account number is stored', async () => {
    app = await createTestApp();
    await app.importFile(world('default-en.csv'));
    await app.importFile(world('customers-en.xlsx'));
    const db = new Database(app.database, { readonly: true });
    const tables = db
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
      .pluck()
      .all() as string[];
    const everything = tables
      .map((table) => JSON.stringify(db.prepare(`SELECT * FROM ${table}`).all()))
      .join('\n');
    db.close();
    expect(everything).not.toContain('@example.com');
  });

  it('times without rates are times without rates, until a file has them', async () => {
    app = await createTestApp();
    const job = await app.importFile(world('my-times-no-rates-en.csv'));
    expect(job.preview!.notices).toContain('noRates');
    expect(rows('SELECT DISTINCT rate_e4 FROM records')).toEqual([{ rate_e4: null }]);
    const [customer] = await app.call('customers.list');
    expect(customer!.rateE4).toBeNull();
    const { inserted } = await counts(world('full-en.csv'));
    expect(inserted + job.preview!.counts.inserted).toBe(616);
    expect(rows('SELECT 1 FROM records WHERE rate_e4 IS NULL')).toEqual([]);
    consistent();
  });

  it('lists give the same budgets in three languages, before or after the timesheet', async () => {
    app = await createTestApp();
    await app.importFile(world('customers-en.xlsx'));
    await app.importFile(world('projects-en.xlsx'));
    const customers = customerBudgets();
    const projects = projectBudgets();
    expect(rows('SELECT 1 FROM customers WHERE budget_e4 > 0')).not.toEqual([]);
    for (const language of ['de', 'ja']) {
      for (const list of ['customers', 'projects']) {
        const name = `${list}-${language}.xlsx`;
        expect(await counts(world(name)), name).toMatchObject({ inserted: 0, updated: 0 });
      }
    }
    expect(await counts(world('full-en.csv'))).toMatchObject({ inserted: 616 });
    expect(customerBudgets()).toEqual(customers);
    expect(projectBudgets().length).toBe(projects.length);
    const listsFirst = { customers: customerBudgets(), projects: projectBudgets() };
    await app.close();

    app = await createTestApp();
    for (const name of ['full-en.csv', 'projects-ja.xlsx', 'customers-de.xlsx']) {
      expect(await counts(world(name)), name).toMatchObject({ problems: 0 });
    }
    expect({ customers: customerBudgets(), projects: projectBudgets() }).toEqual(listsFirst);
  });
});

describe('golden files of older Kimais', () => {
  const files = readdirSync(join(golden, 'kimai-older-versions'), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.csv') || name.includes('timesheets'))
    .sort();

  it('each gives the same 616 records as exactly as it can, and no later one changes them', async () => {
    expect(files.length).toBeGreaterThan(20);
    app = await createTestApp();
    await app.importFile(older(files[0]!));
    const first = records();
    expect(first).toHaveLength(616);
    for (const name of files) {
      expect(await counts(older(name)), name).toMatchObject({
        inserted: 0,
        updated: 0,
        problems: 0,
      });
    }
    expect(records()).toEqual(first);
    // The very records of the world.
    expect(await counts(world('full-en.csv'))).toMatchObject({ inserted: 0, updated: 0 });
    expect(records()).toEqual(first);
    consistent();
  });

  it('from the coarsest to the finest only durations are refined', async () => {
    app = await createTestApp();
    await app.importFile(older('2.27/de.csv'));
    const first = records("''");
    for (const name of ['2.31/hu.csv', '2.32/en.csv', '2.35/de.csv', '2.0/hu.csv', '2.27/en.csv']) {
      expect(await counts(older(name)), name).toMatchObject({ inserted: 0, problems: 0 });
      expect(records("''"), name).toEqual(first);
    }
    const refined = records();
    await app.close();
    app = await createTestApp();
    await app.importFile(older('2.35/en.csv'));
    expect(records()).toEqual(refined);
  });

  it('lists of older versions are read too', async () => {
    app = await createTestApp();
    for (const version of ['2.0', '2.14', '2.26', '2.35']) {
      for (const list of ['customers', 'projects']) {
        // Projects have numbers since 2.14.
        const expected = ['2.0', '2.14'].includes(version) ? {} : { inserted: 0, updated: 0 };
        const name = `${version}/${list}-en.xlsx`;
        expect(await counts(older(name)), name).toMatchObject({ problems: 0, ...expected });
      }
    }
  });
});

/** Kimai's list of the one project of the mixed world that is archived. */
const archivedList = writeWorkbook([
  ['ID', 'Name', 'Customer', 'Project start', 'Project end', 'Visible'].map(text),
  [
    number(203),
    text('Legacy <migration>'),
    text('Hafenkontor Brandt & Söhne GmbH'),
    null,
    null,
    yesNo(false),
  ],
]);

it('the mixed world: own dates, running and archived as they are', async () => {
  const mixed = (name: string): string => join(golden, 'kimai-2.66-mixed', name);
  app = await createTestApp();
  await app.importFile(mixed('projects-en.xlsx'));
  // Kimai lists archived projects only if asked to; the golden list is the default one.
  await app.importBytes('archived.xlsx', archivedList);
  const { inserted } = await counts(mixed('all-times-en.csv'));
  expect(rows('SELECT 1 FROM records WHERE running = 1')).toHaveLength(2);
  const again = await counts(mixed('full-en.csv'));
  expect(again).toMatchObject({ inserted: 0, problems: 0 });
  expect(await counts(mixed('default-en.csv'))).toMatchObject({ inserted: 0, updated: 0 });
  expect(await counts(mixed('all-times-en.csv'))).toMatchObject({ inserted: 0, updated: 0 });
  expect(inserted).toBe(again.unchanged + again.updated + 2);
  const { rows: running } = await app.call('records.list', { state: 'running' });
  expect(running.map(({ day, begin, end }) => [day, begin, end]).toSorted()).toEqual([
    ['2025-05-13', '16:07', null],
    ['2025-09-29', '13:30', null],
  ]);
  // In the file dates and begins are as each user's own clock showed them; ids tell the records.
  const stated = [
    ...readFileSync(mixed('full-en.csv'), 'utf8').matchAll(
      /^(\d+),(\d{4}-\d\d-\d\d),(\d\d:\d\d),/gm,
    ),
  ];
  expect(stated).toHaveLength(again.unchanged + again.updated);
  const stored = rows<{ id: number; day: number; begin: number }>(
    'SELECT kimai_id AS id, day, begin_min AS begin FROM records WHERE kimai_id IS NOT NULL ORDER BY 1',
  );
  expect(stored).toEqual(
    stated
      .map(([, id, day, begin]) => ({
        id: Number(id),
        day: Number(day!.replaceAll('-', '')),
        begin: Number(begin!.slice(0, 2)) * 60 + Number(begin!.slice(3)),
      }))
      .toSorted((a, b) => a.id - b.id),
  );
  const legacy = (await app.call('projects.list', {})).filter(({ visible }) => !visible);
  expect(legacy.map(({ name }) => name)).toEqual(['Legacy <migration>']);
  expect((await app.call('records.list', { projectId: legacy[0]!.id })).total).toBeGreaterThan(0);
  consistent();
});
