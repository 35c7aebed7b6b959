/** Durations that are no plain numbers: with colons, with words for their units. */
import csvTable from '../tables/kimai-csv-columns.json' with { type: 'json' };
import {
  durationUnits,
  unitWordsOfIntl,
  type DurationUnit as Unit,
} from '../../../../src-shared/domain/locale-data/date-styles.ts';
import { ownLocaleOf } from '../../../../src-shared/domain/locale-data/own-locales.ts';
import { halfOf, hoursOfHalf } from './clock-text.ts';
import { tidyValue } from './tidy.ts';

const secondsOf: Record<Unit, number> = { second: 1, minute: 60, hour: 3600, day: 86_400 };

/** Kimai's own and the usual short words; those of all its languages come from the locale data. */
const shortWords: Record<Unit, string> = {
  hour: 'h hr hrs hour hours std stunde stunden tim u uur t ч год godz godziny óra ó ore',
  minute: 'm min mins minute minutes minuten мин хв',
  second: 's sec secs sek second seconds sekunden сек',
  day: 'd day days',
};

let units: ReadonlyMap<string, Unit> | null = null;

/** What a word counts; null if it is no word for hours, minutes, seconds or days. */
export function unitOf(word: string): Unit | null {
  units ??= collectUnits();
  return units.get(foldUnit(word)) ?? null;
}

const foldUnit = (word: string): string =>
  word.normalize('NFC').toLowerCase().replaceAll(/[\s.]/g, '');

function collectUnits(): Map<string, Unit> {
  const found = new Map<string, Unit | null>();
  for (const locale of csvTable.locales.map((name) => name.replace('_', '-'))) {
    for (const unit of durationUnits) {
      for (const text of ownLocaleOf(locale)?.units[unit] ?? unitWordsOfIntl(locale, unit)) {
        const word = foldUnit(text);
        // A word for two units in two languages is none.
        if (word !== '') found.set(word, (found.get(word) ?? unit) === unit ? unit : null);
      }
    }
  }
  for (const [unit, words] of Object.entries(shortWords)) {
    for (const word of words.split(' ')) found.set(word, unit as Unit);
  }
  return new Map([...found].filter((entry): entry is [string, Unit] => entry[1] !== null));
}

/**
 * Seconds of `1:30`, `0:06:40`, `01:50 h` (Kimai 0.8 to 1.1), `01 h 50`, `1h 30m`, `2,5 Std.`,
 * `18:25 min`, `12:45:00 AM` (a spreadsheet that took 0:45 for a time), `PT1H30M`,
 * `0 days 01:30:00`; null for anything else, and for words of no unit.
 */
export function parseDurationText(text: string): number | null {
  const tidy = tidyValue(text);
  const negative = tidy.startsWith('-');
  const plain = negative ? tidy.slice(1).trimStart() : tidy;
  const seconds = clockDuration(plain) ?? hoursThenMinutes(plain) ?? wordDuration(plain);
  if (seconds === null) return null;
  return negative ? 0 - seconds : seconds;
}

function clockDuration(text: string): number | null {
  const match =
    /^(?:(\d{1,4})\s?(?:days?|d)\.?\s\+?)?([^\d\s]*)\s?(\d{1,6}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?(?:\s?([^\d\s:][^\d:]*))?$/su.exec(
      text,
    );
  if (!match) return null;
  const [, days, before, first, second, third, after] = match;
  const a = Number(first);
  const b = Number(second);
  const c = Number(third ?? 0);
  if (b > 59 || c > 59) return null;
  const word = `${before}${after ?? ''}`;
  const asHours = a * 3600 + b * 60 + c + Number(days ?? 0) * 86_400;
  if (word === '') return asHours;
  if (before !== '' && after !== undefined) return null;
  const half = word.toLowerCase() === 'm' ? null : halfOf(word);
  if (half !== null) {
    const hours = hoursOfHalf(a, half);
    return hours === null || days !== undefined ? null : asHours + (hours - a) * 3600;
  }
  const unit = before === '' ? unitOf(word) : null;
  if (unit === 'hour') return asHours;
  return unit === 'minute' && third === undefined ? a * 60 + b : null;
}

/** `01 h 50`: the minutes have no word. */
function hoursThenMinutes(text: string): number | null {
  const match = /^(\d{1,6})\s?(\p{L}+\.?)\s?(\d{2})$/u.exec(text);
  if (!match || unitOf(match[2]!) !== 'hour' || Number(match[3]) > 59) return null;
  return Number(match[1]) * 3600 + Number(match[3]) * 60;
}

/** Numbers, each with the word of its unit, from the largest to the smallest. */
function wordDuration(text: string): number | null {
  const parts = text.replace(/^P(?=[\dT])/i, '').replace(/^(\d+D)?T(?=\d)/i, '$1');
  const matches = [
    ...parts.matchAll(/(\d{1,7}(?:[.,]\d{1,20})?)\s?(\p{L}[\p{L}\p{M}]*\.?)[\s,]*/gu),
  ];
  if (matches.length === 0 || matches.map(([whole]) => whole).join('') !== parts) return null;
  let seconds = 0;
  let before = Infinity;
  for (const [, number, word] of matches) {
    const unit = unitOf(word!);
    if (unit === null || secondsOf[unit] >= before) return null;
    before = secondsOf[unit];
    seconds += Number(number!.replace(',', '.')) * before;
  }
  return Math.round(seconds);
}
