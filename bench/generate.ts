/**
 * Writes an export as Kimai 2.66 does (its default columns and quoting), of any size, the same for
 * the same seed: few customers with most of the records, growing descriptions, eight years of days.
 */
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';

export const header =
  'Date,From,To,Duration,Currency,Price,"Internal price","Hourly price","Fixed price",Name,User,E-mail,"Staff number",Customer,Project,Activity,Description,Billable,Tags,Type,category,Account,"Project number",VAT-ID,"Order number"';

/** Mulberry32: 32 bits of state are enough for test data. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const words =
  'review meeting login form catalogue search hidden module refactored backup monitoring deploy invoice template import export tests staging migration call planning layout header footer mobile contract index query cache release notes customer feedback Übergabe Prüfung überarbeitet für'.split(
    ' ',
  );
const activities = ['Development', 'Design, print', 'Meeting', 'Support', 'Concept', 'Testing'];
const tagSets = ['', '', '', '', 'frontend', 'urgent', 'frontend, urgent', 'on site', 'backend'];
const hourlyRates = [70.5, 85, 92.74, 95, 110, 120.25];

/** As `fputcsv` quotes: only cells with a separator, quote, blank or line break. */
const cell = (text: string): string =>
  /[,"\s]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

const two = (part: number): string => String(part).padStart(2, '0');

/** Low indexes far more often than high ones. */
const skewed = (random: () => number, count: number): number => Math.floor(count * random() ** 3);

export interface GeneratedFile {
  rows: number;
  bytes: number;
}

/** Days run from 2018 to 2025, rows in order of begin, as Kimai writes them. */
export async function generateExport(
  path: string,
  rows: number,
  seed = 2026,
): Promise<GeneratedFile> {
  const random = randomNumbers(seed);
  // A team that grows with its records: about eight a person and day.
  const users = Math.max(3, Math.round(rows / 25_000));
  const customers = Math.max(5, Math.round(Math.sqrt(rows) / 10));
  const out = createWriteStream(path, { highWaterMark: 2 ** 20 });
  let bytes = 0;
  let part = `${header}\n`;
  const firstDay = Date.UTC(2018, 0, 1);
  const days = 2922;
  let day = -1;
  let plans: Job[][] = [];
  for (let row = 0; row < rows; row++) {
    const rowDay = Math.floor((row * days) / rows);
    if (rowDay !== day) {
      day = rowDay;
      plans = Array.from({ length: users }, () => dayPlan(random, customers));
    }
    const user = Math.floor(random() * users);
    const jobs = plans[user]!;
    const job = jobs[Math.floor(random() * jobs.length)]!;
    part += `${oneRow(random, new Date(firstDay + day * 86_400_000), user, job)}\n`;
    if (part.length < 2 ** 18) continue;
    bytes += Buffer.byteLength(part);
    if (!out.write(part)) await once(out, 'drain');
    part = '';
  }
  bytes += Buffer.byteLength(part);
  out.end(part);
  await once(out, 'close');
  return { rows, bytes };
}

interface Job {
  customer: number;
  project: number;
}

/** Nobody works on more than three projects a day. */
function dayPlan(random: () => number, customers: number): Job[] {
  return Array.from({ length: 1 + Math.floor(random() * 3) }, () => {
    const customer = skewed(random, customers);
    return { customer, project: skewed(random, 2 + (customer % 6)) };
  });
}

function oneRow(random: () => number, day: Date, user: number, { customer, project }: Job): string {
  const begin = 360 + Math.floor(random() * 960);
  const minutes = 15 + Math.floor(random() * 16) * 15;
  const end = (begin + minutes) % 1440;
  const rate = hourlyRates[Math.floor(random() * hourlyRates.length)]!;
  const text = Array.from(
    { length: 2 + skewed(random, 16) },
    () => words[Math.floor(random() * words.length)]!,
  ).join(' ');
  const clock = (time: number): string => `${two(Math.floor(time / 60))}:${two(time % 60)}`;
  return [
    day.toISOString().slice(0, 10),
    clock(begin),
    clock(end),
    `${Math.floor(minutes / 60)}:${two(minutes % 60)}`,
    'EUR',
    String(Math.round((rate * minutes * 100) / 60) / 100),
    '45',
    String(rate),
    '0',
    cell(`Person ${user}`),
    `person${user}`,
    `person${user}@example.com`,
    '',
    cell(`Customer ${customer} GmbH & Söhne`),
    cell(`Project ${project} of ${customer}`),
    cell(activities[Math.floor(random() * activities.length)]!),
    cell(text),
    random() < 0.9 ? '1' : '0',
    cell(tagSets[Math.floor(random() * tagSets.length)]!),
    'timesheet',
    'work',
    String(1000 + customer),
    '',
    '',
    '',
  ].join(',');
}
