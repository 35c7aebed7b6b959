import { clockText } from '../../src-shared/domain/clock-text.ts';
import {
  addDays,
  dayOfMonth,
  dayText,
  monthOf,
  yearOf,
  type DayNumber,
} from '../../src-shared/domain/day.ts';
import {
  sampleProjects,
  type LifetimePlan,
  type MonthlyPlan,
  type SampleProject,
} from './sample-world.ts';

/** Entries are stated in quarters of an hour. */
const quarterS = 900;
/** Two years of entries, up to today. */
const spanDays = 731;

/** A piece of a lifetime plan has one to three and a half hours. */
const meanPieceHours = 2.25;

interface Piece {
  day: DayNumber;
  durationS: number;
}

interface SampleEntry extends Piece {
  /** Minutes since midnight. */
  beginMin: number;
  project: SampleProject;
  person: { name: string; login: string };
  activity: string;
  description: string;
  billable: boolean;
}

/**
 * The sample business as Kimai exports it: a CSV in English, UTF-8, lines ended by LF, newest entry
 * last. The entries lie in the two years up to it, none on weekends (but
 * for a first day of a month that is one) or in the holidays. The same day gives the same text.
 */
export function writeSampleTimesheets(today: DayNumber): string {
  const entries = sampleProjects.flatMap((project, seed) => {
    const pieces =
      project.plan.kind === 'monthly'
        ? monthlyPieces(project.plan, today, seed)
        : lifetimePieces(project.plan, today, seed);
    return pieces.map((piece, index) => entryOf(project, piece, index));
  });
  placeInDay(entries);
  entries.sort(byTime);
  return [header, ...entries.map(lineOf)].join('\n') + '\n';
}

const header =
  'Date,From,To,Duration,Currency,Price,"Hourly price",Name,User,Customer,Project,Activity,Description,Exported,Billable';

/** From the last day backwards, until the plan's hours are used up; the oldest is first. */
function lifetimePieces(plan: LifetimePlan, today: DayNumber, seed: number): Piece[] {
  const random = createRandom(seed);
  const pieces: Piece[] = [];
  let leftS = plan.hours * 3600;
  const dailyChance = Math.min(1, plan.hoursPerWeek / meanPieceHours / 5);
  for (let daysAgo = plan.endsDaysAgo; leftS > 0 && daysAgo < spanDays; daysAgo++) {
    const day = addDays(today, -daysAgo);
    if (!isWorkday(day) || random() > dailyChance) continue;
    const durationS = Math.min(leftS, quarterS * (4 + Math.floor(random() * 11)));
    leftS -= durationS;
    pieces.unshift({ day, durationS });
  }
  return pieces;
}

/** Every month of the span: some hours on its first day, the rest on workdays up to today. */
function monthlyPieces(plan: MonthlyPlan, today: DayNumber, seed: number): Piece[] {
  const random = createRandom(seed);
  const pieces: Piece[] = [];
  let monthS = 0;
  for (let daysAgo = spanDays - 1; daysAgo >= 0; daysAgo--) {
    const day = addDays(today, -daysAgo);
    const isFirst = dayOfMonth(day) === 1;
    if (isFirst) monthS = 0;
    else if (!isWorkday(day) || random() > 0.28) continue;
    const wantedS = isFirst ? plan.firstDayHours * 3600 : quarterS * (2 + Math.floor(random() * 5));
    const durationS = Math.min(wantedS, plan.hours * 3600 - monthS);
    if (durationS <= 0) continue;
    monthS += durationS;
    pieces.push({ day, durationS });
  }
  return pieces;
}

function entryOf(project: SampleProject, piece: Piece, index: number): SampleEntry {
  const [activity, description] = project.work[index % project.work.length]!;
  return {
    ...piece,
    beginMin: 0,
    project,
    person: project.people[index % project.people.length]!,
    activity,
    description,
    billable:
      project.unbilledEvery === undefined ||
      index % project.unbilledEvery !== project.unbilledEvery - 1,
  };
}

/** One person's entries of a day follow each other, with a pause at noon. */
function placeInDay(entries: SampleEntry[]): void {
  const nextMin = new Map<string, number>();
  for (const entry of entries) {
    const key = `${entry.day} ${entry.person.login}`;
    const beginMin = nextMin.get(key) ?? 8 * 60;
    entry.beginMin = beginMin;
    const endMin = beginMin + entry.durationS / 60;
    const isMorning = beginMin < 12 * 60 && endMin >= 12 * 60;
    nextMin.set(key, endMin + (isMorning ? 45 : 15));
  }
}

function byTime(a: SampleEntry, b: SampleEntry): number {
  return a.day - b.day || a.beginMin - b.beginMin || a.person.login.localeCompare(b.person.login);
}

function lineOf(entry: SampleEntry): string {
  const { project, person, durationS } = entry;
  const endMin = entry.beginMin + durationS / 60;
  const rateE4 = entry.billable ? Math.round((project.hourlyRateE4 * durationS) / 3600) : 0;
  return [
    dayText(entry.day),
    clock(entry.beginMin),
    clock(endMin),
    clock(durationS / 60).replace(/^0/, ''),
    project.currency,
    (rateE4 / 10_000).toFixed(2),
    (project.hourlyRateE4 / 10_000).toFixed(2),
    quoted(person.name),
    person.login,
    quoted(project.customer),
    quoted(project.project),
    entry.activity,
    quoted(entry.description),
    '0',
    entry.billable ? '1' : '0',
  ].join(',');
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** An end after midnight is printed as a time of the next day, as Kimai does. */
const clock = (minutes: number): string => clockText(minutes % (24 * 60));

/** Monday to Friday, but for two weeks in August and the days around the turn of the year. */
function isWorkday(day: DayNumber): boolean {
  const weekday = new Date(Date.UTC(yearOf(day), monthOf(day) - 1, dayOfMonth(day))).getUTCDay();
  if (weekday === 0 || weekday === 6) return false;
  const monthAndDay = day % 10_000;
  const isSummer = monthAndDay >= 804 && monthAndDay <= 817;
  const isWinter = monthAndDay >= 1224 || monthAndDay <= 102;
  return !isSummer && !isWinter;
}

/** Numbers from 0 to below 1, the same for the same seed (a linear congruential generator). */
function createRandom(seed: number): () => number {
  let state = (seed + 1) * 2_654_435_761;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
