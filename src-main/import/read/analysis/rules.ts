/** How the cells of a file are read, by its rows and by what the owner chose; with the reasons. */
import type { ColumnMapping } from '../../../../src-shared/contract/import-words.ts';
import type {
  DateOrder,
  DurationUnit,
  ReadingChoice,
  ReadingChoices,
  ReadingRules,
} from '../../rows/types.ts';
import { dayText } from '../../../../src-shared/domain/day.ts';
import { dayReadings } from '../cells/date-text.ts';
import { parseMoney } from '../cells/money-text.ts';
import { durationUnits, numberDuration } from '../cells/number-duration.ts';
import { needsDecimalMark } from './amounts.ts';
import type { AmountForms } from './amounts.ts';
import { areClockFractions } from './clock-form.ts';
import { columnIndexes } from './columns.ts';
import type { ColumnIndexes } from './columns.ts';
import type { DateOrders } from './date-order.ts';
import { decideShortClock, decideUnit, timesFitNumbers } from './durations.ts';
import { cellsOf, plainNumber, Redundancy } from './evidence.ts';
import type { Evidence } from './evidence.ts';
import type { OrderDecision } from './order-decision.ts';

export interface DecidedRules {
  rules: ReadingRules;
  choices: ReadingChoice[];
  redundancy: Redundancy;
}

/** `dates`, `amounts`: all that were looked at, which are more than those of the evidence. */
export function decideRules(
  columns: ColumnMapping[],
  evidence: Evidence,
  dates: DateOrders,
  amounts: AmountForms,
  wanted: ReadingChoices,
): DecidedRules {
  const at = columnIndexes(columns);
  const clockFractions = areClockFractions([
    ...cellsOf(evidence, at.begin),
    ...cellsOf(evidence, at.end),
  ]);
  const redundancy = new Redundancy(at, clockFractions);
  const months = chooseMonthLanguage(dates, wanted.monthLanguage);
  const date = chooseDateOrder(dates, wanted.dateOrder);
  const unit = chooseUnit(at, columns, evidence, redundancy, wanted.durationUnit);
  const shortClock =
    at.duration < 0 ? 'hours' : decideShortClock(at.duration, evidence, redundancy);
  const mark = chooseDecimalMark(
    amounts,
    () => needsDecimalMark(at, amounts, { durationUnit: unit.unit, shortClock }),
    wanted.decimalMark,
  );
  const rules: ReadingRules = {
    dateOrder: date.order,
    monthLanguage: months.language,
    decimalComma: mark.decimalComma,
    hasUngroupedAmounts: amounts.hasUngrouped,
    durationUnit: unit.unit,
    shortClock,
    timesFitNumbers:
      at.duration >= 0 && timesFitNumbers(at.duration, unit.unit, evidence, redundancy),
    clockFractions,
    pointZeroColumns: pointZeroColumns(at, evidence),
  };
  const choices = [date.choice, months.choice, unit.choice, mark.choice].filter(
    (choice) => choice !== null,
  );
  return { rules, choices, redundancy };
}

function chooseDateOrder(
  dates: DateOrders,
  wanted: string | undefined,
): { order: ReadingRules['dateOrder']; choice: ReadingChoice | null } {
  const decision: OrderDecision = dates.decide();
  if (decision.possible.length === 0) return { order: decision.order, choice: null };
  // What was chosen for an earlier file counts only where this one's dates allow it.
  const chosen = decision.possible.find((order) => order === wanted);
  const order = chosen ?? decision.order;
  const isOpen = order === 'unknown' || order === 'none';
  return {
    order,
    choice: {
      about: 'dateOrder',
      chosen: isOpen ? null : order,
      because: chosen === undefined ? decision.because : 'chosen',
      options: decision.possible.map((value) => ({
        value,
        samples: dates.samples.map(
          (text) => `${text} → ${shownDay(text, value, dates.months.likeliest)}`,
        ),
      })),
    },
  };
}

/** What names of months mean that are different months in several languages. */
function chooseMonthLanguage(
  { months }: DateOrders,
  wanted: string | undefined,
): { language: string | null; choice: ReadingChoice | null } {
  const decision = months.decide();
  if (decision.meanings.length === 0) return { language: decision.language, choice: null };
  // What was chosen for an earlier file names every language in which its dates meant that.
  const earlier = wanted?.split(',') ?? [];
  const chosen = decision.meanings.find((languages) =>
    languages.some((language) => earlier.includes(language)),
  );
  const language = chosen?.[0] ?? decision.language;
  return {
    language,
    choice: {
      about: 'monthLanguage',
      chosen: chosen?.join(',') ?? (language === null ? null : decision.meanings[0]!.join(',')),
      because: chosen ? 'chosen' : decision.because,
      options: decision.meanings.map((languages) => ({
        value: languages.join(','),
        samples: months.samples.map((text) => `${text} → ${shownMonth(text, languages[0]!)}`),
      })),
    },
  };
}

function shownMonth(text: string, language: string): string {
  const [day] = Object.values(dayReadings(text, language));
  return day === undefined ? '?' : dayText(day);
}

function shownDay(text: string, order: DateOrder, language: string | null): string {
  const day = dayReadings(text, language)[order];
  return day === undefined ? '?' : dayText(day);
}

function chooseUnit(
  at: ColumnIndexes,
  columns: ColumnMapping[],
  evidence: Evidence,
  redundancy: Redundancy,
  wanted: string | undefined,
): { unit: DurationUnit; choice: ReadingChoice | null } {
  const header = columns[at.duration]?.header ?? '';
  const decision = decideUnit(at.duration, header, at, evidence, redundancy);
  const numbers = cellsOf(evidence, at.duration).filter((cell) => plainNumber(cell));
  if (numbers.length === 0) return { unit: decision.unit, choice: null };
  const chosen = durationUnits.find((unit) => unit === wanted);
  const unit = chosen ?? decision.unit;
  const samples = [...new Set(numbers)].slice(0, 3);
  return {
    unit,
    choice: {
      about: 'durationUnit',
      chosen: chosen === undefined && decision.isOpen ? null : unit,
      because: chosen === undefined ? decision.because : 'chosen',
      options: [unit, ...durationUnits.filter((one) => one !== unit)].map((value) => ({
        value,
        samples: samples.map((text) => `${text} → ${shownDuration(text, value)}`),
      })),
    },
  };
}

/** Seconds as `h:mm:ss`. */
function shownDuration(text: string, unit: DurationUnit): string {
  const seconds = numberDuration(plainNumber(text) ?? NaN, unit);
  if (seconds === null) return '?';
  const two = (part: number): string => String(part).padStart(2, '0');
  const whole = Math.abs(seconds);
  const clock = `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return seconds < 0 ? `-${clock}` : clock;
}

function chooseDecimalMark(
  amounts: AmountForms,
  needsMark: () => boolean,
  wanted: string | undefined,
): { decimalComma: boolean | null; choice: ReadingChoice | null } {
  const { decimalComma: decided, samples } = amounts;
  const chosen = wanted === 'comma' ? true : wanted === 'point' ? false : null;
  const decimalComma = chosen ?? decided;
  if (samples.length === 0) return { decimalComma, choice: null };
  // Kimai's own numbers have a point.
  const values = decimalComma === true ? ['comma', 'point'] : ['point', 'comma'];
  const isOpen = decimalComma === null && !amounts.hasUngrouped && needsMark();
  return {
    decimalComma,
    choice: {
      about: 'decimalMark',
      chosen: isOpen ? null : decimalComma === true ? 'comma' : 'point',
      because: isOpen ? 'unitOpen' : chosen !== null ? 'chosen' : reasonOf(amounts),
      options: values.map((value) => ({
        value,
        samples: samples.map((text) => `${text} → ${shownAmount(text, value === 'comma')}`),
      })),
    },
  };
}

function reasonOf({ decimalComma, hasUngrouped }: AmountForms): string {
  return decimalComma !== null || hasUngrouped ? 'otherAmounts' : 'timesAndAmounts';
}

function shownAmount(text: string, decimalComma: boolean): string {
  const money = parseMoney(text, decimalComma);
  return money === null ? '?' : String(money.amountE4 / 10_000);
}

/** Columns of numbers in which every cell ends in `.0`: some program made numbers of the texts. */
function pointZeroColumns(at: ColumnIndexes, evidence: Evidence): number[] {
  const columns = [at.id, at.customerNumber, at.projectNumber, at.orderNumber];
  return columns.filter((index) => {
    const cells = cellsOf(evidence, index);
    return cells.length > 0 && cells.every((cell) => /^\d+\.0$/.test(cell));
  });
}
