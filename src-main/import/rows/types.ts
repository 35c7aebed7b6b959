/** The shapes that pass between the stages of an import: parse → normalise → plan → commit. */
import type {
  ColumnMapping,
  ColumnName,
  DoubtCode,
  ProblemCode,
} from '../../../src-shared/contract/import-words.ts';
import type { DayNumber } from '../../../src-shared/domain/day.ts';

/** What a column is known to be. */
export type TimesheetColumn = Exclude<ColumnName, 'unknown'>;

/**
 * How exactly a file states durations, in seconds: 1 to the second, 60 to the minute (truncated),
 * 36 to the hundredth of an hour (rounded).
 */
export type DurationResolution = 1 | 36 | 60;

/**
 * One time entry, as far as the file states it. Undefined: the file has no such column. The reader
 * sets every field, undefined ones too: a million objects of one shape are quicker than of many.
 */
export interface ImportRecord {
  /** Line of the file where the row begins, from 1 (the header is 1); sheet row for XLSX. */
  line: number;
  kimaiId?: number | undefined;
  day: DayNumber;
  /** Minutes after midnight of `day`, 0–1439; undefined if the file has no such column or cell. */
  beginMin?: number | undefined;
  /** Minutes after midnight, as printed (an end before the begin is on the next day). */
  endMin?: number | undefined;
  /** Has a begin but no end and no duration: counts 0. Only known if the file has an end column. */
  running: boolean;
  durationS: number;
  breakS?: number | undefined;
  /** Ten-thousandths of the unit (money.ts). */
  rateE4?: number | undefined;
  hourlyRateE4?: number | undefined;
  /** Zero in the file means none: undefined here only if the column is missing. */
  fixedRateE4?: number | null | undefined;
  /** ISO 4217, upper case. */
  currency?: string | undefined;
  displayName?: string | undefined;
  login?: string | undefined;
  customer: string;
  customerNumber?: string | undefined;
  project: string;
  projectNumber?: string | undefined;
  /** Of the project. Only what comes from Kimai's API says it: names may then be of any two. */
  projectKimaiId?: number | undefined;
  orderNumber?: string | undefined;
  activity: string;
  /** Line breaks as LF, DDE prefix undone. */
  description: string;
  exported?: boolean | undefined;
  billable?: boolean | undefined;
  /** Sorted, without duplicates, joined by `, `. */
  tags?: string | undefined;
}

export interface RowProblem {
  line: number;
  code: ProblemCode;
  /** Header of the column at fault; empty if it is the row itself. */
  header: string;
  /** The cell's text, cut to 200 characters. Internal rates and e-mails never get here. */
  value: string;
  /** What the row is for, if that could be read. */
  customer?: string;
  project?: string;
}

/**
 * In what order the parts of a date stand. `serial`, `serial1904`: the number that spreadsheets count
 * days by, from 1900 or from 1904.
 */
export type DateOrder = 'dmy' | 'mdy' | 'ymd' | 'ydm' | 'serial' | 'serial1904';

/** What a plain number in a duration column counts; `hourMinutes`: `1.30` is an hour and a half. */
export type DurationUnit = 'seconds' | 'minutes' | 'hours' | 'days' | 'hourMinutes';

/** How the cells of a file are to be understood where the cell alone does not tell. */
export interface ReadingRules {
  /**
   * Order of the dates. `none`: all that were looked at begin with a year of four digits and have the
   * month behind it; `unknown`: nothing tells, so that doubtful dates are problems.
   */
  dateOrder: DateOrder | 'none' | 'unknown';
  /**
   * Language of the months that stand in words, as in `MonthMeanings`; null: they need none, or
   * nothing tells.
   */
  monthLanguage: string | null;
  /** True for `1.947,99`, false for `1,947.99`; null: no amount in the first part tells. */
  decimalComma: boolean | null;
  /** Some amount above 999 has no separator of thousands: then `9.500` is nine and a half. */
  hasUngroupedAmounts: boolean;
  durationUnit: DurationUnit;
  /** What the first part of a duration with one colon counts: `45:00` can be minutes and seconds. */
  shortClock: 'hours' | 'minutes';
  /** Begin and end say exactly what rounded numbers of hours or days say about. */
  timesFitNumbers: boolean;
  /** Numbers in time columns are fractions of a day (`0.375`), not hours and minutes (`9.30`). */
  clockFractions: boolean;
  /** Positions of columns of numbers that some program wrote as `4.0`. */
  pointZeroColumns: number[];
}

/** Cells of one column, from 0; numbers of rows in the sheet, from 1. */
export interface MergedRange {
  column: number;
  firstRow: number;
  lastRow: number;
}

/** What the owner can decide about the reading of a file; texts, as they are remembered. */
export type ChoiceAbout =
  'encoding' | 'sheet' | 'dateOrder' | 'monthLanguage' | 'decimalMark' | 'durationUnit';

/** Decisions of the owner; what is missing is decided by evidence. */
export type ReadingChoices = Partial<Record<ChoiceAbout, string>> & {
  /** What each column is read as. */
  columns?: ColumnMapping[] | undefined;
};

/** One thing that was decided about a file, or has to be, with what else it could be. */
export interface ReadingChoice {
  about: ChoiceAbout;
  /** Null: nothing tells, the owner has to say. */
  chosen: string | null;
  /** Why: a key under `imports.evidence`. */
  because: string;
  /** What it can be, the likeliest first, each with cells or lines as they would be read. */
  options: { value: string; samples: string[] }[];
}

/** What a file is and how it will be read; decided before any row is. */
export interface FileAnalysis {
  kind: 'timesheet' | 'customers' | 'projects';
  format: 'csv' | 'xlsx';
  encoding: string | null;
  delimiter: ',' | ';' | '\t' | '|' | null;
  /** Name of the sheet; null for CSV. */
  sheet: string | null;
  /** Rows above the header that are skipped; empty lines of a CSV do not count. */
  skippedRows: number;
  /** Cells of a sheet that are joined downwards, if its rows need them; empty for CSV. */
  merged: readonly MergedRange[];
  columns: ColumnMapping[];
  /** First data rows, at most 5, for the mapping dialogue; ignored columns blanked. */
  samples: string[][];
  resolution: DurationResolution;
  /** Columns whose absence the owner should know about: no rates, no currency, no end … */
  missing: TimesheetColumn[];
  /** True if the owner has to map columns, or make another choice, before rows can be read. */
  needsMapping: boolean;
  /** Digest of the folded header, the key under which choices are remembered. */
  headerKey: string;
  rules: ReadingRules;
  choices: ReadingChoice[];
  /**
   * Where the file contradicts itself: the owner must have seen these before anything is written.
   */
  doubts: DoubtCode[];
  /**
   * Cells of the first rows (cut, ignored columns blanked) from which a mapping by hand is judged.
   * For the reader only, not for the renderer.
   */
  evidence: string[][];
  /** Size in bytes and time of last change when analysed: a file that changed is not read. */
  stamp: { size: number; changedMs: number };
}

/** A row of Kimai's XLSX list of customers. */
export interface ImportCustomer {
  line: number;
  kimaiId: number;
  name: string;
  number?: string;
  currency: string;
  /** Undefined: the column is missing or the cell empty (no permission to see budgets). */
  budgetE4?: number;
  timeBudgetS?: number;
  budgetType?: 'month' | null;
  color?: string | null;
  visible?: boolean;
}

/** A row of Kimai's XLSX list of projects. */
export interface ImportProject {
  line: number;
  kimaiId: number;
  name: string;
  customer: string;
  /** Of the customer. Only what comes from Kimai's API says it. */
  customerKimaiId?: number;
  number?: string;
  orderNumber?: string;
  budgetE4?: number;
  timeBudgetS?: number;
  budgetType?: 'month' | null;
  color?: string | null;
  visible?: boolean;
}
