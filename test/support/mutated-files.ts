/** Real exports, damaged in any way: what fuzzing reads. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const fixture = (path: string): string => join(import.meta.dirname, '../fixtures', path);

/** The generator of Park and Miller: the same files in every run. */
export function random(seed: number): (below: number) => number {
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

export function mutate(file: Buffer, next: (below: number) => number): Buffer {
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

const smallFiles = [
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

const largeBytes = 100_000;

/** Files of 100 kB: all rows of the small ones, over and over. */
const largeFiles = smallFiles.map((file) => {
  const head = file.subarray(0, file.indexOf('\n') + 1);
  const rows = file.subarray(head.length, file.lastIndexOf('\n') + 1);
  const times = rows.length === 0 ? 0 : Math.floor((largeBytes - head.length) / rows.length);
  return Buffer.concat([head, ...Array.from({ length: times }, () => rows)]);
});

/**
 * Source `i` of a run: a workbook takes a hundred times as long as a small CSV, and a large file
 * ten times.
 */
export function sourceFor(
  i: number,
  every: { workbook: number; large: number },
  next: (below: number) => number,
): Buffer {
  const sources =
    i % every.workbook === 0 ? workbooks : i % every.large === 1 ? largeFiles : smallFiles;
  return sources[next(sources.length)]!;
}

/** The longest that a file of 100 kB may take, ms of the processor: none of them takes a tenth. */
const maxFileMs = 2000;

/**
 * The time of the processor that one file takes after the other, whatever else the machine does.
 * `check` says the longest, and throws if it was too long.
 */
export function createFileTimer(): { time<T>(read: () => Promise<T>): Promise<T>; check(): void } {
  let longestMs = 0;
  return {
    async time(read) {
      const before = process.threadCpuUsage();
      try {
        return await read();
      } finally {
        const { user, system } = process.threadCpuUsage(before);
        longestMs = Math.max(longestMs, (user + system) / 1000);
      }
    },
    check() {
      const said = `the longest file took ${Math.round(longestMs)} ms of the processor`;
      if (longestMs > maxFileMs) throw new Error(`${said}; it may take ${maxFileMs}`);
      console.log(said);
    },
  };
}
