/**
 * What a page has to show, worked out as slowly and obviously as possible from time entries: no
 * roll-ups, no SQL, no shared code with the portal. Money is in ten-thousandths, as BigInt.
 */
import type { ShareOptions } from '../../../../src-shared/contract/shares.ts';
import type { Entry } from './world.ts';

export interface Expected {
  rows: ExpectedRow[];
  durationS: number;
  rate: bigint;
  /** Seconds per month of the year, and per day of the month. */
  yearS: number[];
  monthS: number[];
}

export interface ExpectedRow {
  day: string;
  name: string;
  project: string;
  /** Different ones, in order. */
  activities: string[];
  tags: string[];
  /** Minutes after midnight: the earliest begin, and the latest end, which may be tomorrow. */
  beginMin: number;
  endMin: number | null;
  description: string;
  durationS: number;
  rate: bigint;
  /** Hourly rates of the row's entries that have a duration, each with its seconds. */
  hourly: { rate: string; durationS: number }[];
  marks: string[];
}

/** `month`: `YYYY-MM`; `projects`: the names in scope. */
export function expectPage(
  all: readonly Entry[],
  options: Pick<ShareOptions, 'mergeMode' | 'onlyBillable'>,
  projects: readonly string[],
  month: string,
): Expected {
  const scope = all.filter(
    (e) => projects.includes(e.project) && (e.billable || !options.onlyBillable),
  );
  const entries = scope
    .filter((e) => e.day.startsWith(month))
    .sort((a, b) => compare([a.day, a.name, a.begin], [b.day, b.name, b.begin]));
  const sumS = (prefix: string): number =>
    scope.filter((e) => e.day.startsWith(prefix)).reduce((sum, e) => sum + e.durationS, 0);
  const [year, monthOfYear] = month.split('-').map(Number);
  const days = new Date(Date.UTC(year!, monthOfYear!, 0)).getUTCDate();
  return {
    rows: group(entries, options.mergeMode === 'none').map((g) => expectRow(g, options.mergeMode)),
    durationS: sumS(month),
    rate: sumRates(entries),
    yearS: range(12).map((index) => sumS(`${year}-${two(index + 1)}-`)),
    monthS: range(days).map((index) => sumS(`${month}-${two(index + 1)}`)),
  };
}

/** Per day, login and project, in order of the first entry of each; or every entry alone. */
function group(entries: Entry[], alone: boolean): Entry[][] {
  const groups = new Map<string, Entry[]>();
  entries.forEach((e, index) => {
    const key = alone ? String(index) : JSON.stringify([e.day, e.login, e.project]);
    groups.set(key, [...(groups.get(key) ?? []), e]);
  });
  return [...groups.values()];
}

function expectRow(entries: Entry[], mergeMode: ShareOptions['mergeMode']): ExpectedRow {
  const { day, name, project } = entries[0]!;
  const texts = entries.map((e) => e.description).filter((text) => text !== '');
  const description = {
    none: entries[0]!.description,
    merge: texts.join('\n'),
    merge_first: texts[0] ?? '',
    merge_last: texts.at(-1) ?? '',
  }[mergeMode];
  return {
    day,
    name,
    project,
    activities: distinct(entries.map((e) => e.activity)),
    tags: distinct(entries.flatMap((e) => e.tags.split(', '))),
    beginMin: Math.min(...entries.map(beginMin)),
    endMin: latestEnd(entries),
    description,
    durationS: entries.reduce((sum, e) => sum + e.durationS, 0),
    rate: sumRates(entries),
    hourly: hourlyRates(entries),
    marks: expectMarks(entries),
  };
}

const distinct = (texts: string[]): string[] => [...new Set(texts)].filter((text) => text !== '');

function beginMin(e: Entry): number {
  const [hours, minutes] = e.begin.split(':').map(Number);
  return hours! * 60 + minutes!;
}

function latestEnd(entries: Entry[]): number | null {
  const ends = entries
    .filter((e) => !e.running)
    .map((e) => beginMin(e) + Math.floor(e.durationS / 60));
  return ends.length === 0 ? null : Math.max(...ends);
}

function hourlyRates(entries: Entry[]): ExpectedRow['hourly'] {
  const rates = new Map<string, number>();
  for (const e of entries) {
    if (e.fixedRate === '0' && Number(e.hourlyRate) > 0 && e.durationS > 0) {
      rates.set(e.hourlyRate, (rates.get(e.hourlyRate) ?? 0) + e.durationS);
    }
  }
  return [...rates].map(([rate, durationS]) => ({ rate, durationS }));
}

function expectMarks(entries: Entry[]): string[] {
  return [
    ...(entries.some((e) => !e.billable) ? ['non-billable'] : []),
    ...(entries.some((e) => e.running) ? ['running'] : []),
    ...(entries.some((e) => e.fixedRate !== '0') ? ['fixed'] : []),
  ];
}

/** Spent of a budget: billable, stopped entries, of one month or of the whole lifetime. */
export function expectSpent(
  all: readonly Entry[],
  projects: readonly string[],
  month: string | null,
): { durationS: number; rate: bigint } {
  const entries = all.filter(
    (e) =>
      projects.includes(e.project) &&
      e.billable &&
      !e.running &&
      (month === null || e.day.startsWith(month)),
  );
  return { durationS: entries.reduce((sum, e) => sum + e.durationS, 0), rate: sumRates(entries) };
}

const sumRates = (entries: readonly Entry[]): bigint =>
  entries.reduce((sum, e) => sum + tenThousandths(e.rate), 0n);

/** `95.5` is 955000. */
export function tenThousandths(text: string): bigint {
  const [whole, fraction = ''] = text.split('.');
  return BigInt(whole!) * 10_000n + BigInt(fraction.padEnd(4, '0'));
}

/** `h:mm`, cut to the minute. */
export const hmm = (seconds: number): string =>
  `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}`;

const two = (value: number): string => String(value).padStart(2, '0');
const range = (length: number): number[] => Array.from({ length }, (_, index) => index);
const compare = (a: string[], b: string[]): number => (a < b ? -1 : a > b ? 1 : 0);
