/** From records to the rows of the details table: the four merge modes. */
import type { MergeMode } from '../contract/shares.ts';
import type { DayNumber } from './day.ts';

/** The facts of a record that a row is made of. */
export interface MergeRecord {
  id: number;
  day: DayNumber;
  projectId: number;
  /** Login, else display name, never folded. */
  userIdentity: string;
  userName: string;
  activity: string;
  tags: string;
  /** Minutes after midnight; null if unknown. */
  beginMin: number | null;
  endMin: number | null;
  running: boolean;
  durationS: number;
  /** Ten-thousandths; null: imported without rates. */
  rateE4: number | null;
  hourlyRateE4: number | null;
  fixedRateE4: number | null;
  billable: boolean;
  description: string;
}

export interface HourlyRate {
  rateE4: number;
  durationS: number;
}

export interface DetailsRow {
  day: DayNumber;
  projectId: number;
  userIdentity: string;
  userName: string;
  /** Different ones, in order of begin. */
  activities: string[];
  tags: string[];
  /** The earliest begin and the latest end; null if unknown. */
  beginMin: number | null;
  endMin: number | null;
  /** On which day after that of the begin it ends; 0 if begin and end are less than a day apart. */
  daysLater: number;
  /** At least one record runs; it counts 0. */
  running: boolean;
  /** At least one record has a fixed rate. */
  fixed: boolean;
  /** Records that are not billable: none, some or all of the row's. */
  nonBillable: 'none' | 'some' | 'all';
  description: string;
  durationS: number;
  /** Sum; null if no record of the row came with a rate. */
  rateE4: number | null;
  /** Each with the duration worked at it, in order of begin. Rates without any time are left out. */
  hourlyRates: HourlyRate[];
}

/**
 * The rows of the details table in order of day, user name, begin. In all modes but `none`,
 * records of one day, user (by identity) and project become one row.
 */
export function mergeRecords(records: readonly MergeRecord[], mode: MergeMode): DetailsRow[] {
  const ordered = sortRecords(records);
  if (mode === 'none') return ordered.map(makeSingleRow);
  const groups = Map.groupBy(ordered, (record) =>
    JSON.stringify([record.day, record.userIdentity, record.projectId]),
  );
  return [...groups.values()].map((group) => makeRow(group, mode));
}

// Names as in a dictionary, the same on every machine and in every language of a page.
const names = new Intl.Collator('en');

/** By day, user name, begin, id. Names are compared once for each two users, not for each two rows. */
function sortRecords(records: readonly MergeRecord[]): MergeRecord[] {
  const users = [...new Set(records.map(({ userName }) => userName))].sort(names.compare);
  const ranks = new Map<string, number>();
  users.forEach((name, index) => {
    const before = users[index - 1];
    const isSame = before !== undefined && names.compare(before, name) === 0;
    ranks.set(name, isSame ? ranks.get(before)! : index);
  });
  return records.toSorted(
    (a, b) =>
      a.day - b.day ||
      ranks.get(a.userName)! - ranks.get(b.userName)! ||
      (a.beginMin ?? -1) - (b.beginMin ?? -1) ||
      a.id - b.id,
  );
}

/** The row of a record alone: as `makeRow`, at a third of its time. A test compares the two. */
function makeSingleRow(record: MergeRecord): DetailsRow {
  const { hourlyRateE4 } = record;
  const durationS = countedSeconds(record);
  const fixed = (record.fixedRateE4 ?? 0) !== 0;
  const hasHourly = hourlyRateE4 !== null && hourlyRateE4 !== 0 && durationS !== 0 && !fixed;
  return {
    day: record.day,
    projectId: record.projectId,
    userIdentity: record.userIdentity,
    userName: record.userName,
    activities: record.activity === '' ? [] : [record.activity],
    tags: record.tags === '' ? [] : splitTags(record.tags),
    beginMin: record.beginMin,
    endMin: record.running || record.endMin === null ? null : record.endMin % minutesPerDay,
    daysLater: daysBetween(record.beginMin, endAfterBegin(record)),
    running: record.running,
    fixed,
    nonBillable: record.billable ? 'none' : 'all',
    description: record.description.trim(),
    durationS,
    rateE4: record.rateE4 === null || !record.running ? record.rateE4 : 0,
    hourlyRates: hasHourly ? [{ rateE4: hourlyRateE4, durationS }] : [],
  };
}

const splitTags = (tags: string): string[] => distinct(tags.split(',').map((tag) => tag.trim()));

/** `group`: at least one record, in order of begin. */
export function makeRow(group: readonly MergeRecord[], mode: MergeMode): DetailsRow {
  const head = group[0]!;
  const begins = group.map((record) => record.beginMin).filter((min) => min !== null);
  const ends = group.map(endAfterBegin).filter((min) => min !== null);
  const beginMin = begins.length > 0 ? Math.min(...begins) : null;
  const lastEnd = ends.length > 0 ? Math.max(...ends) : null;
  const nonBillable = group.filter((record) => !record.billable).length;
  return {
    day: head.day,
    projectId: head.projectId,
    userIdentity: head.userIdentity,
    userName: head.userName,
    activities: distinct(group.map((record) => record.activity)),
    tags: distinct(group.flatMap((record) => splitTags(record.tags))),
    beginMin,
    endMin: lastEnd === null ? null : lastEnd % minutesPerDay,
    daysLater: daysBetween(beginMin, lastEnd),
    running: group.some((record) => record.running),
    fixed: group.some((record) => (record.fixedRateE4 ?? 0) !== 0),
    nonBillable: nonBillable === 0 ? 'none' : nonBillable === group.length ? 'all' : 'some',
    description: describe(group, mode),
    durationS: sum(group.map(countedSeconds)),
    rateE4: sumRates(group),
    hourlyRates: collectRates(group),
  };
}

const minutesPerDay = 24 * 60;

/**
 * The end counted on from the record's own midnight, for finding the latest. An end before the
 * begin is on the next day; one that leaves no room for the duration is on a later day too. Half a
 * day of room is left, since Kimai may round a duration up beyond begin and end.
 */
function endAfterBegin({ beginMin, endMin, running, durationS }: MergeRecord): number | null {
  if (endMin === null || running) return null;
  if (beginMin === null) return endMin;
  const missingMin = durationS / 60 - (endMin - beginMin);
  const days = Math.max(Math.round(missingMin / minutesPerDay), endMin < beginMin ? 1 : 0);
  return endMin + days * minutesPerDay;
}

/** `end`: minutes after the midnight before the begin. */
const daysBetween = (beginMin: number | null, end: number | null): number =>
  beginMin === null || end === null || end - beginMin < minutesPerDay
    ? 0
    : Math.floor(end / minutesPerDay);

const countedSeconds = (record: MergeRecord): number => (record.running ? 0 : record.durationS);

function sumRates(group: readonly MergeRecord[]): number | null {
  const rates = group.map((record) => record.rateE4).filter((rate) => rate !== null);
  if (rates.length === 0) return null;
  return sum(group.map((record) => (record.running ? 0 : (record.rateE4 ?? 0))));
}

/** In the order in which the rates were first worked at. */
function collectRates(group: readonly MergeRecord[]): HourlyRate[] {
  const secondsAt = new Map<number, number>();
  for (const record of group) {
    const rate = record.hourlyRateE4;
    const seconds = countedSeconds(record);
    if (rate === null || rate === 0 || seconds === 0) continue;
    if ((record.fixedRateE4 ?? 0) !== 0) continue;
    secondsAt.set(rate, (secondsAt.get(rate) ?? 0) + seconds);
  }
  return [...secondsAt]
    .map(([rateE4, durationS]) => ({ rateE4, durationS }))
    .filter(({ durationS }) => durationS !== 0);
}

function describe(group: readonly MergeRecord[], mode: MergeMode): string {
  const texts = group.map((record) => record.description.trim()).filter((text) => text !== '');
  switch (mode) {
    case 'none':
    case 'merge':
      return texts.join('\n');
    case 'merge_first':
      return texts[0] ?? '';
    case 'merge_last':
      return texts.at(-1) ?? '';
  }
}

const distinct = (texts: readonly string[]): string[] =>
  [...new Set(texts)].filter((text) => text !== '');

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);
