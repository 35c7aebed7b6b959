/**
 * Mutated files, in memory: reading ends with records, problems or an `AppError`, never otherwise.
 * `FUZZ` sets how many files (100 000 by default), `FUZZ_SEED` where to begin.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  analyseFile,
  applyMapping,
  readCustomers,
  readProjects,
  readTimesheet,
} from '../../../src-main/import/read-file.ts';
import type { FileAnalysis } from '../../../src-main/import/types.ts';
import { AppError } from '../../../src-shared/errors.ts';
import { fixture } from './support.ts';

const FILES = Number(process.env['FUZZ'] ?? 100_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? 1);
/** A workbook takes a hundred times as long as a small CSV. */
const WORKBOOK_EVERY = 500;

/** The generator of Park and Miller: the same files in every run. */
function random(seed: number): (below: number) => number {
  let state = seed % 2_147_483_647 || 1;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

const tokens = [
  '"',
  '""',
  ',',
  ';',
  '\t',
  '\n',
  '\r',
  '\r\n',
  '\0',
  '\ufeff',
  "' =",
  '=1+1',
  '-',
  '(',
  ')',
  '€',
  '\u00a0',
  '99999999999999999999',
  '1e308',
  'NaN',
  '24:60',
  '-0:00',
  '2026-02-30',
  '31/12/2026',
  '12/31/2026',
  '1.947,99',
  '1,947',
  'EUR',
  'ID',
  'Date',
  'Duration',
  'constructor',
  '__proto__',
  'ς',
  '\ud83d',
  'x'.repeat(5000),
].map((token) => Buffer.from(token));

function mutate(file: Buffer, next: (below: number) => number): Buffer {
  let bytes = file;
  for (let changes = 1 + next(4); changes > 0; changes -= 1) {
    const at = next(bytes.length + 1);
    const length = next(Math.min(200, bytes.length - at + 1));
    const before = bytes.subarray(0, at);
    const after = bytes.subarray(at);
    switch (next(8)) {
      case 0:
        bytes = Buffer.concat([before, tokens[next(tokens.length)]!, after]);
        break;
      case 1:
        bytes = Buffer.concat([before, tokens[next(tokens.length)]!, after.subarray(length)]);
        break;
      case 2:
        bytes = Buffer.concat([before, after.subarray(length)]);
        break;
      case 3:
        bytes = Buffer.concat([before, after.subarray(0, length), after]);
        break;
      case 4:
        bytes = Buffer.from(before);
        break;
      case 5:
        bytes = Buffer.concat([after, before]);
        break;
      default:
        bytes = Buffer.from(bytes);
        if (bytes.length > 0) bytes[next(bytes.length)] = next(256);
    }
  }
  return bytes;
}

/** The first rows of a CSV file, which have all that its layout has. */
function start(path: string): Buffer {
  const bytes = readFileSync(path);
  return bytes.subarray(0, Math.min(bytes.length, 2500));
}

const small = [
  ...readdirSync(fixture('samples'))
    .filter((name) => name.endsWith('.csv'))
    .map((name) => start(fixture(`samples/${name}`))),
  ...['full-en.csv', 'default-en.csv', 'semicolon-de-decimal.csv'].map((name) =>
    start(fixture(`golden/kimai-2.66-world/${name}`)),
  ),
  Buffer.from(
    `\ufeff${start(fixture('golden/kimai-2.66-world/full-en.csv')).toString()}`,
    'utf16le',
  ),
];
const workbooks = ['customers-en.xlsx', 'projects-de.xlsx'].map((name) =>
  readFileSync(fixture(`golden/kimai-2.66-world/${name}`)),
);

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
  for (let i = 0; i < FILES; i += 1) {
    const sources = i % WORKBOOK_EVERY === 0 ? workbooks : small;
    const bytes = mutate(sources[next(sources.length)]!, next);
    let outcome = 'read';
    try {
      await readAnything(bytes);
    } catch (error) {
      if (!(error instanceof AppError)) {
        throw new Error(`file ${i} of seed ${SEED}: ${bytes.toString('base64')}`, { cause: error });
      }
      outcome = error.code;
    }
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  // The mutations reach both what can be read and what cannot.
  expect(outcomes.get('read')).toBeGreaterThan(FILES / 4);
  expect(outcomes.size).toBeGreaterThan(5);
  expect(outcomes.has('internal')).toBe(false);
});
