// node scripts/locale-tables.ts: makes src-shared/domain/locale-data/own-locales.json from the
// locale data of the Node that runs it. Run it again when that Node has newer data.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  dateStyles,
  durationUnits,
  unitWordsOfIntl,
  type DateStyle,
} from '../src-shared/domain/locale-data/date-styles.ts';
import type { DatePart, OwnLocale } from '../src-shared/domain/locale-data/own-locales.ts';

const languages = ['eo', 'eu', 'fo', 'mk', 'pa'];

const fieldOf: Record<string, string> = { timeZoneName: 'zone' };

/** 5 October 2026, a Monday, 03:07 and 15:07. */
const morning = new Date(Date.UTC(2026, 9, 5, 3, 7));
const afternoon = new Date(Date.UTC(2026, 9, 5, 15, 7));

function dateTable(tag: string, style: DateStyle): OwnLocale['dates'][DateStyle] {
  const options = { ...dateStyles[style], timeZone: 'UTC', calendar: 'gregory' } as const;
  const format = new Intl.DateTimeFormat(tag, options);
  const read = (date: Date, wanted: string): string =>
    format.formatToParts(date).find(({ type }) => type === wanted)?.value ?? '';
  const parts = format.formatToParts(morning).map(({ type, value }): DatePart => {
    if (type === 'literal') return value;
    const field = fieldOf[type] ?? type;
    if (['day', 'hour', 'minute'].includes(field))
      return { field, pad: value.length === 2 } as DatePart;
    return { field } as DatePart;
  });
  const has = (field: string): boolean =>
    parts.some((part) => typeof part === 'object' && part.field === field);
  const months = Array.from({ length: 12 }, (_, month) =>
    read(new Date(Date.UTC(2026, month, 5)), 'month'),
  );
  // The 1st of March 2026 is a Sunday.
  const weekdays = Array.from({ length: 7 }, (_, day) =>
    read(new Date(Date.UTC(2026, 2, 1 + day)), 'weekday'),
  );
  return { parts, ...(has('month') ? { months } : {}), ...(has('weekday') ? { weekdays } : {}) };
}

function moneyPattern(tag: string, currency: string): string[] {
  const format = new Intl.NumberFormat(tag, { style: 'currency', currency });
  const names: Record<string, string> = {
    ...{ minusSign: 'minus', currency: 'symbol' },
    ...{ integer: 'number', group: 'number', decimal: 'number', fraction: 'number' },
  };
  const fields = format
    .formatToParts(-1234.5)
    .map(({ type, value }) => (type === 'literal' ? value : names[type]!));
  return fields.filter((field, index) => field !== 'number' || fields[index - 1] !== 'number');
}

function localeTable(tag: string): OwnLocale {
  const number = (type: string): string =>
    new Intl.NumberFormat(tag).formatToParts(-1234567.5).find((part) => part.type === type)!.value;
  const dayPeriod = (date: Date): string =>
    new Intl.DateTimeFormat(tag, { hour: 'numeric', hour12: true, timeZone: 'UTC' })
      .formatToParts(date)
      .find(({ type }) => type === 'dayPeriod')!.value;
  const symbols = Intl.supportedValuesOf('currency').flatMap((currency) => {
    const parts = new Intl.NumberFormat(tag, { style: 'currency', currency }).formatToParts(1);
    const symbol = parts.find(({ type }) => type === 'currency')!.value;
    return symbol === currency ? [] : [[currency, symbol] as const];
  });
  const offset = new Intl.DateTimeFormat(tag, { timeZoneName: 'shortOffset', timeZone: '+05:45' })
    .formatToParts(morning)
    .find(({ type }) => type === 'timeZoneName')!.value;
  return {
    language: new Intl.DisplayNames(tag, { type: 'language' }).of(tag)!,
    decimal: number('decimal'),
    group: number('group'),
    minus: number('minusSign'),
    lakh: new Intl.NumberFormat(tag).format(1234567).replaceAll(/\D/g, ' ').startsWith('12 34'),
    money: { letters: moneyPattern(tag, 'CHF'), sign: moneyPattern(tag, 'EUR') },
    symbols: Object.fromEntries(symbols),
    zone: offset.replace('+5:45', ''),
    dayPeriods: [dayPeriod(morning), dayPeriod(afternoon)],
    dates: Object.fromEntries(
      Object.keys(dateStyles).map((style) => [style, dateTable(tag, style as DateStyle)]),
    ) as OwnLocale['dates'],
    units: Object.fromEntries(
      durationUnits.map((unit) => [unit, [...new Set(unitWordsOfIntl(tag, unit))]]),
    ) as OwnLocale['units'],
  };
}

const tables = Object.fromEntries(languages.map((tag) => [tag, localeTable(tag)]));
const file = fileURLToPath(
  new URL('../src-shared/domain/locale-data/own-locales.json', import.meta.url),
);
writeFileSync(file, `${JSON.stringify(tables, null, 2)}\n`);
console.log(`${file}: ${languages.join(', ')}`);
