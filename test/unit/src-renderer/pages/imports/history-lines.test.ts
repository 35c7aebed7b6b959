import { expect, it } from 'vitest';
import { historyLines } from '../../../../../src-renderer/pages/imports/history-lines.ts';
import type { ImportEntry } from '../../../../../src-shared/contract/imports.ts';

const entry = (id: number, hour: number, change: Partial<ImportEntry> = {}): ImportEntry => ({
  ...{ id, fileName: 'kimai.example.com', otherFiles: [], kind: 'timesheet', isSync: true },
  importedAt: new Date(2026, 10, 27, hour).getTime(),
  counts: { inserted: id, updated: 1, unchanged: 0, removed: 0, problems: 0 },
  ...{ undone: false, undoable: true },
  ...change,
});
const file = { isSync: false, fileName: 'export.csv' };
const entries = [
  entry(7, 20),
  entry(6, 12, { undone: true }),
  entry(5, 9, file),
  entry(4, 8),
  entry(3, 1),
  entry(2, -3),
  entry(1, -9, file),
];
const shown = (...open: string[]) =>
  historyLines(entries, new Set(open)).map(({ entry: { id }, syncs, isPart }) => [
    ...[id, syncs],
    ...(isPart ? ['part'] : []),
  ]);

it('the syncs of a day are one line, where the latest of them stands', () => {
  // What was taken back, files, and the only sync of a day stand for themselves.
  expect(shown()).toEqual([
    [7, 3],
    [6, 1],
    [5, 1],
    [2, 1],
    [1, 1],
  ]);
  const [line] = historyLines(entries, new Set());
  expect(line!.counts).toMatchObject({ inserted: 14, updated: 3 });
});

it('an open line shows each of them', () => {
  const [line] = historyLines(entries, new Set());
  expect(shown(line!.key)).toEqual([
    [7, 3],
    [7, 1, 'part'],
    [4, 1, 'part'],
    [3, 1, 'part'],
    [6, 1],
    [5, 1],
    [2, 1],
    [1, 1],
  ]);
});
