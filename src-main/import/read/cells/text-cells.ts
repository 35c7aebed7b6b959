/** Cells that are words: descriptions, tags, yes and no; and the slow ways of dates and times. */
import { dayNumber } from '../../../../src-shared/domain/day.ts';
import csvTable from '../tables/kimai-csv-columns.json' with { type: 'json' };
import type { ReadingRules } from '../../rows/types.ts';
import { foldLabel } from '../analysis/headers.ts';

/**
 * Undoes the prefix `' ` that Kimai (since 1.14.1) puts before texts that a spreadsheet could run:
 * exactly where Kimai's rule puts it, so that a text which began so on purpose stays.
 */
export function undoPrefix(text: string): string {
  if (!text.startsWith("' ")) return text;
  const rest = text.slice(2);
  return /^[=\-@+\t\n\r]/.test(rest) || /dde/i.test(rest) ? rest : text;
}

/** Line breaks as LF: browsers sent CRLF. */
export function unifyBreaks(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n');
}

/** Tags sorted by code unit, without duplicates, joined by `, `. */
export function unifyTags(text: string): string {
  const tags = text.split(',').map((tag) => tag.trim());
  return [...new Set(tags.filter((tag) => tag !== ''))].sort().join(', ');
}

const words = new Map<string, boolean>([
  ['1', true],
  ['true', true],
  ['0', false],
  ['false', false],
]);
for (const locale of Object.values(csvTable.boolean_words.by_locale)) {
  for (const word of [...locale.yes, ...locale.exported]) words.set(foldLabel(word), true);
  for (const word of [...locale.no, ...locale.not_exported]) words.set(foldLabel(word), false);
}

/** Yes, no, "Cleared", "Open" in any of Kimai's languages, or 1 and 0; null for other words. */
export function parseWord(text: string): boolean | null {
  return words.get(foldLabel(text)) ?? null;
}

/**
 * A date in any form Kimai or a spreadsheet writes. `null`: none, or a day that does not exist;
 * `ambiguous`: with slashes, and nothing says whether the day or the month is first.
 */
export function parseDayText(
  text: string,
  slashDates: ReadingRules['slashDates'],
): number | 'ambiguous' | null {
  const found = datePart(text);
  if (!found) return null;
  const { parts, slashes, yearFirst } = found;
  const [a, b, c] = parts;
  if (yearFirst) return dayNumber(a, b, c);
  const year = c < 100 ? 2000 + c : c;
  if (!slashes) return dayNumber(year, b, a);
  const order = slashDates === 'dmy' || slashDates === 'mdy' ? slashDates : slashOrderOf(text);
  if (order === 'dmy') return dayNumber(year, b, a);
  if (order === 'mdy' || a === b) return dayNumber(year, a, b);
  return a > 12 || b > 12 ? null : 'ambiguous';
}

/** What a date with slashes tells about the order; null if nothing. */
export function slashOrderOf(text: string): 'dmy' | 'mdy' | null {
  const found = datePart(text);
  if (!found || !found.slashes || found.yearFirst) return null;
  const [a, b] = found.parts;
  if (a > 12 && a <= 31 && b <= 12) return 'dmy';
  return b > 12 && b <= 31 && a <= 12 ? 'mdy' : null;
}

/** True if the text begins with a date with slashes whose order the text does not tell. */
export function needsSlashOrder(text: string): boolean {
  const found = datePart(text);
  return found !== null && found.slashes && !found.yearFirst;
}

interface DatePart {
  parts: [number, number, number];
  slashes: boolean;
  yearFirst: boolean;
}

function datePart(text: string): DatePart | null {
  const match =
    /^\s*(\d{1,4})([-./])\s?(\d{1,2})\2\s?(\d{1,4})\.?(?:\s*|[T ,]\s*\d{1,2}:\d{2}.*)$/su.exec(
      text,
    );
  if (!match) return null;
  const [, a, mark, b, c] = match;
  const yearFirst = a!.length === 4;
  if (a!.length === 3 || c!.length === 3 || (yearFirst && c!.length > 2)) return null;
  if (!yearFirst && c!.length === 1) return null;
  return { parts: [Number(a), Number(b), Number(c)], slashes: mark === '/', yearFirst };
}

/** Minutes after midnight of `9:05`, `09:05:30`, `9:05 PM`, or of a date followed by one; else null. */
export function parseClockText(text: string): number | null {
  const match = /(?:^|[T ,])(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?(?:\s?([AP])\.?M\.?)?$/i.exec(
    text.trim(),
  );
  if (!match) return null;
  let hours = Number(match[1]);
  const minutes = Number(match[2]);
  const half = match[3]?.toUpperCase();
  if (half && (hours < 1 || hours > 12)) return null;
  if (half === 'P' && hours < 12) hours += 12;
  if (half === 'A' && hours === 12) hours = 0;
  return hours < 24 && minutes < 60 ? hours * 60 + minutes : null;
}

/** Seconds of `01:50 h`, `01 h 50`, `01:50 tim`: the durations of Kimai 0.8 to 1.1; else null. */
export function parseDurationText(text: string): number | null {
  const match = /^(-?)(\d{1,6})(?::|\s*h\s*)(\d{2})(?::(\d{2}))?(?:\s*\p{L}{1,6}\.?)?$/u.exec(
    text.trim().replace('\u2212', '-'),
  );
  if (!match) return null;
  const minutes = Number(match[3]);
  const seconds = Number(match[4] ?? 0);
  if (minutes > 59 || seconds > 59) return null;
  const value = Number(match[2]) * 3600 + minutes * 60 + seconds;
  return match[1] === '-' ? 0 - value : value;
}
