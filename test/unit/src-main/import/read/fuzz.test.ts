/**
 * Mutated files, in memory: reading ends with records, problems or an `AppError`, never otherwise.
 * `FUZZ` sets how many files, `FUZZ_SEED` where to begin. `npm run test:fuzz` reads 100 000, of
 * another seed each time; every test run reads the same first 10 000.
 */
import { expect, it } from 'vitest';
import {
  analyseFile,
  applyMapping,
  readCustomers,
  readProjects,
  readTimesheet,
} from '../../../../../src-main/import/read/read-file.ts';
import type { FileAnalysis } from '../../../../../src-main/import/rows/types.ts';
import { AppError } from '../../../../../src-shared/errors.ts';
import { createFileTimer, mutate, random, sourceFor } from '../../../../support/mutated-files.ts';

const FILES = Number(process.env['FUZZ'] ?? 10_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? 1);
const every = { workbook: 500, large: 100 };

async function readAnything(bytes: Buffer): Promise<number> {
  let analysis: FileAnalysis = await analyseFile(bytes);
  if (analysis.kind === 'customers') return (await readCustomers(bytes)).rows.length;
  if (analysis.kind === 'projects') return (await readProjects(bytes)).rows.length;
  if (analysis.needsMapping) analysis = applyMapping(analysis, analysis.columns);
  let rows = 0;
  await readTimesheet(bytes, analysis, {
    onRecord(record) {
      rows += 1;
      // What leaves the reader is whole numbers and texts, whatever went in.
      const numbers = [record.day, record.durationS, record.rateE4 ?? 0, record.beginMin ?? 0];
      if (!numbers.every(Number.isSafeInteger) || record.customer === '') {
        throw new Error(`not a record: ${JSON.stringify(record)}`);
      }
    },
    onProblem() {
      rows += 1;
    },
  });
  return rows;
}

it(`${FILES} mutated files neither crash nor hang`, { timeout: 600_000 }, async () => {
  const next = random(SEED);
  const outcomes = new Map<string, number>();
  const timer = createFileTimer();
  for (let i = 0; i < FILES; i += 1) {
    const bytes = mutate(sourceFor(i, every, next), next);
    let outcome = 'read';
    try {
      await timer.time(() => readAnything(bytes));
    } catch (error) {
      if (!(error instanceof AppError)) {
        throw new Error(`file ${i} of seed ${SEED}: ${bytes.toString('base64')}`, { cause: error });
      }
      outcome = error.code;
    }
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  // A test run is no place to measure.
  if (process.env['FUZZ'] !== undefined) timer.check();
  // The mutations reach both what can be read and what cannot.
  expect(outcomes.get('read')).toBeGreaterThan(FILES / 4);
  expect(outcomes.size).toBeGreaterThan(5);
  expect(outcomes.has('internal')).toBe(false);
});
