/** The lines of the import history: those of a connected Kimai, of which a day has many, are one. */
import type { ImportEntry } from '../../../src-shared/contract/imports.ts';
import { localDay } from '../../../src-shared/domain/day.ts';

export interface HistoryLine {
  key: string;
  /** Of several: the latest one. */
  entry: ImportEntry;
  counts: ImportEntry['counts'];
  /** How many a line stands for; 1: for itself. */
  syncs: number;
  /** It is one of those that another line stands for. */
  isPart: boolean;
}

/**
 * Newest first, as they come. The syncs of a day stand where the latest of them does, one by one if
 * the key of their line is in `open`. One that was taken back stands for itself.
 */
export function historyLines(
  entries: readonly ImportEntry[],
  open: ReadonlySet<string>,
): HistoryLine[] {
  const days = new Map<string, ImportEntry[]>();
  for (const entry of entries) {
    const key = dayKey(entry);
    if (key !== null) days.set(key, [...(days.get(key) ?? []), entry]);
  }
  return entries.flatMap((entry) => {
    const alone = { key: String(entry.id), entry, counts: entry.counts, syncs: 1, isPart: false };
    const key = dayKey(entry);
    const ofDay = (key !== null && days.get(key)) || [entry];
    if (key === null || ofDay.length === 1) return [alone];
    if (ofDay[0] !== entry) return [];
    const parts = ofDay.map((one): HistoryLine => ({
      ...{ key: String(one.id), entry: one, counts: one.counts, syncs: 1, isPart: true },
    }));
    const line = { ...alone, key, counts: sumOf(ofDay), syncs: ofDay.length };
    return open.has(key) ? [line, ...parts] : [line];
  });
}

const dayKey = ({ isSync, undone, fileName, importedAt }: ImportEntry): string | null =>
  isSync && !undone ? `${localDay(new Date(importedAt))} ${fileName}` : null;

function sumOf(entries: readonly ImportEntry[]): ImportEntry['counts'] {
  const sum = { inserted: 0, updated: 0, unchanged: 0, removed: 0, problems: 0 };
  for (const { counts } of entries) {
    for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += counts[name];
  }
  return sum;
}
