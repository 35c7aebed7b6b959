import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, test } from 'vitest';
import { rollupDifferences } from '../../../src-main/store/rollup.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';

const golden = join(import.meta.dirname, '../../fixtures/golden');
const world = (name: string): string => join(golden, 'kimai-2.66-world', name);
const older = (name: string): string => join(golden, 'kimai-older-versions', name);

let app: TestApp;
afterEach(() => app.close());

/** Every record as text, without ids: what two stores are compared by. */
function records(columns = 'duration_s'): string[] {
  const db = new Database(app.database, { readonly: true });
  try {
    return db
      .prepare(
        `SELECT u.identity || '|' || u.display_name || '|' || c.name || '|' || p.name || '|' ||
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

function consistent(): void {
  const db = new Database(app.database, { readonly: true });
  expect(rollupDifferences(db)).toEqual([]);
  db.close();
}

const counts = async (path: string): Promise<Record<string, number>> =>
  (await app.importFile(path)).preview!.counts;

describe('golden files of Kimai 2.66', () => {
  test('the loss-free export, then the default one: nothing changes', async () => {
    app = await createTestApp();
    expect(await counts(world('full-en.csv'))).toMatchObject({ inserted: 616, problems: 0 });
    const before = records();
    consistent();
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
});
