/** Previews of mutated files: each counts all of its rows, and nothing changes without a commit. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BatchWriter } from '../../../../src-main/import/rows/batch-writer.ts';
import {
  analyseFile,
  applyMapping,
  noticesOf,
  readCustomers,
  readProjects,
  readTimesheet,
} from '../../../../src-main/import/read/read-file.ts';
import { ListSession } from '../../../../src-main/import/jobs/list-session.ts';
import type { Session } from '../../../../src-main/import/jobs/session.ts';
import { TimesheetSession } from '../../../../src-main/import/jobs/timesheet-session.ts';
import { fileTraits } from '../../../../src-main/import/jobs/file-traits.ts';
import { databaseFile } from '../../../../src-main/store/open.ts';
import { AppError } from '../../../../src-shared/errors.ts';
import {
  createTestStore,
  entry,
  goOn,
  ignore,
  today,
  type TestStore,
} from '../../../support/import-session.ts';
import { createFileTimer, mutate, random, sourceFor } from '../../../support/mutated-files.ts';
import { dumpStore } from '../../../support/store-state.ts';

const FILES = Number(process.env['FUZZ_PREVIEWS'] ?? 500);
const SEED = Number(process.env['FUZZ_SEED'] ?? 1);
const every = { workbook: 100, large: 100 };

const world = (name: string): Buffer =>
  readFileSync(join(import.meta.dirname, '../../../fixtures/golden/kimai-2.66-world', name));

let store: TestStore;
beforeEach(() => {
  store = createTestStore();
});
afterEach(() => store.close());

/** A session at its preview, and how many rows the reader gave it. */
async function previewOf(bytes: Buffer): Promise<{ session: Session; rows: number }> {
  const database = databaseFile(store.dataDir);
  let analysis = await analyseFile(bytes);
  if (analysis.kind !== 'timesheet') {
    const { kind } = analysis;
    const list = kind === 'customers' ? await readCustomers(bytes) : await readProjects(bytes);
    const content = { kind, entries: list.rows, problems: list.problems } as never;
    const rows = list.rows.length + list.problems.length;
    return { session: new ListSession(database, content, today), rows };
  }
  if (analysis.needsMapping) analysis = applyMapping(analysis, analysis.columns);
  const session = new TimesheetSession(database, fileTraits(analysis, noticesOf(analysis)), today);
  try {
    session.begin(null);
    const writer = new BatchWriter();
    let rows = 0;
    await readTimesheet(bytes, analysis, {
      onRecord(record) {
        rows++;
        writer.add(record);
      },
      onProblem(problem) {
        rows++;
        writer.addProblem(problem);
      },
    });
    session.add(writer.take());
    session.finish();
    return { session, rows };
  } catch (error) {
    session.close();
    throw error;
  }
}

it(`${FILES} mutated files`, { timeout: 600_000 }, async () => {
  // Some of what the files say is there already: rows are new, changed and the same.
  for (const name of ['full-en.csv', 'customers-en.xlsx', 'projects-en.xlsx']) {
    const { session } = await previewOf(world(name));
    session.commit(session.preview.digest, entry(), goOn, ignore);
    session.close();
  }
  const before = dumpStore(databaseFile(store.dataDir));
  const next = random(SEED);
  const total = { inserted: 0, updated: 0, unchanged: 0, problems: 0 };
  const timer = createFileTimer();
  let refused = 0;
  for (let i = 0; i < FILES; i += 1) {
    const bytes = mutate(sourceFor(i, every, next), next);
    try {
      const { session, rows } = await timer.time(() => previewOf(bytes));
      const { inserted, updated, unchanged, problems } = session.preview.counts;
      const listed = (['new', 'changed', 'unchanged', 'problem'] as const).map(
        (kind) => session.rows({ kind, offset: 0, limit: 10_000 }).rows.length,
      );
      session.close();
      expect(listed, `file ${i}`).toEqual([inserted, updated, unchanged, problems]);
      expect(inserted + updated + unchanged + problems, `file ${i}`).toBe(rows);
      total.inserted += inserted;
      total.updated += updated;
      total.unchanged += unchanged;
      total.problems += problems;
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'internal') {
        throw new Error(`file ${i} of seed ${SEED}: ${bytes.toString('base64')}`, { cause: error });
      }
      refused += 1;
    }
  }
  if (process.env['FUZZ_PREVIEWS'] !== undefined) timer.check();
  expect(dumpStore(databaseFile(store.dataDir))).toBe(before);
  // The mutations reach all that can become of a row, and files that are none.
  for (const count of [...Object.values(total), refused])
    expect(count).toBeGreaterThan(FILES / 100);
});
