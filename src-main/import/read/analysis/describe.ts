/** Puts the analysis of a timesheet together, from its header and its first rows. */
import type { ColumnMapping } from '../../../../src-shared/contract/import-words.ts';
import type { FileAnalysis, ReadingChoice, ReadingChoices } from '../../rows/types.ts';
import { AmountForms, contradictsAmounts } from './amounts.ts';
import { dayReadings } from '../cells/date-text.ts';
import { assertComplete, columnIndexes, missingNeed } from './columns.ts';
import type { ColumnIndexes } from './columns.ts';
import { DateOrders } from './date-order.ts';
import { contradictsTimes, resolutionOf } from './durations.ts';
import { cellsOf, withoutTotals } from './evidence.ts';
import type { Evidence } from './evidence.ts';
import { headerKeyOf, recogniseColumns } from './headers.ts';
import { sampleRows } from './limits.ts';
import { mayHide, missingColumns } from './missing.ts';
import { decideRules } from './rules.ts';
import { dropTwins } from './twins.ts';

/** What was chosen by hand for earlier files, by the digest of their header (`headerKeyOf`). */
export type Remembered = ReadonlyMap<string, ReadingChoices | ColumnMapping[]>;

/** What is known of a file before its columns are. */
export type FileFacts = Pick<
  FileAnalysis,
  'format' | 'encoding' | 'delimiter' | 'sheet' | 'skippedRows' | 'merged' | 'stamp' | 'doubts'
> & {
  /** What was decided about encoding and sheet. */
  choices: ReadingChoice[];
  /**
   * Hands on all rows, with the cells of these columns only; null: all rows are evidence. Once
   * `isEnough` is true the others may be left out.
   */
  allRows:
    | ((
        indexes: readonly number[],
        onRow: (row: string[]) => void,
        isEnough: () => boolean,
      ) => Promise<void>)
    | null;
};

/**
 * The analysis of a timesheet. `wanted` is what the owner chose now; where that says nothing, what
 * was remembered for the header counts. Throws `mapping_incomplete` if the columns that the owner
 * chose now do not suffice.
 */
export async function describe(
  facts: FileFacts,
  headers: string[],
  evidence: Evidence,
  remembered: Remembered | undefined,
  wanted: ReadingChoices,
): Promise<FileAnalysis> {
  const headerKey = headerKeyOf(headers);
  const earlier = choicesOf(remembered?.get(headerKey), headers);
  const chosen: ReadingChoices = { ...earlier, ...wanted };
  const found = recogniseColumns(headers, (index) => evidence.map((row) => row[index] ?? ''));
  const columns = chosen.columns
    ? mapColumns(found, chosen.columns)
    : dropTwins(found, withoutTotals(found, evidence));
  if (chosen.columns) assertComplete(columns);
  // Internal rates, e-mails and the like go no further than this.
  const kept = evidence.map((row) =>
    row.map((cell, index) => (found[index]?.column === 'ignored' ? '' : cell)),
  );
  const { allRows, ...known } = facts;
  let forms = collectForms(columns, withoutTotals(columns, kept), facts);
  // What the first rows leave open may be told by a row far below, or be contradicted by it.
  if (allRows && isOpen(forms)) {
    forms = await collectAllForms(columns, facts, allRows, isSoonTold(forms));
  }
  return conclude({ ...known, headerKey, evidence: kept }, columns, forms, chosen);
}

/** A remembered mapping that no longer fits is as good as none. */
function choicesOf(
  remembered: ReadingChoices | ColumnMapping[] | undefined,
  headers: string[],
): ReadingChoices {
  // Versions before 0.2 remembered columns only.
  const choices = Array.isArray(remembered) ? { columns: remembered } : (remembered ?? {});
  const { columns, ...others } = choices;
  const fits =
    columns?.length === headers.length &&
    columns.every(({ index }, position) => index === position) &&
    missingNeed(columnIndexes(columns)) === null;
  return fits ? choices : others;
}

/** The columns of the file, read as the owner says; those that he does not name are ignored. */
function mapColumns(found: ColumnMapping[], wanted: ColumnMapping[]): ColumnMapping[] {
  return found.map((own) => {
    const column = wanted.find(({ index }) => index === own.index)?.column ?? 'ignored';
    return { ...own, column };
  });
}

function dateIndexOf(columns: ColumnMapping[]): number {
  const at = columnIndexes(columns);
  return at.date >= 0 ? at.date : at.begin;
}

/** How dates and amounts are written. */
interface Forms {
  dates: DateOrders;
  amounts: AmountForms;
}

type Origin = Pick<FileAnalysis, 'stamp' | 'format'>;

function collectForms(columns: ColumnMapping[], rows: Evidence, origin: Origin): Forms {
  const dates = new DateOrders(origin);
  for (const cell of cellsOf(rows, dateIndexOf(columns))) dates.add(cell);
  const amounts = new AmountForms(columnIndexes(columns));
  for (const row of rows) amounts.add(row);
  return { dates, amounts };
}

const isOpen = ({ dates, amounts }: Forms): boolean =>
  dates.isOpen || dates.months.isOpen || amounts.isOpen;

/**
 * Only that the year stands in front leaves the dates open: one day after the 12th of a month tells,
 * and large files have it soon. Without this a file of many rows a day would be read twice.
 */
const isSoonTold = ({ dates, amounts }: Forms): boolean =>
  dates.haveYearFirst && !dates.months.isOpen && !amounts.isOpen;

/** `untilTold`: the rows up to the one that tells suffice. */
async function collectAllForms(
  columns: ColumnMapping[],
  origin: Origin,
  allRows: NonNullable<FileFacts['allRows']>,
  untilTold: boolean,
): Promise<Forms> {
  const at = columnIndexes(columns);
  const dates = new DateOrders(origin);
  const amounts = new AmountForms(at);
  const date = dateIndexOf(columns);
  const indexes = [date, at.duration, at.rate, at.hourlyRate, at.fixedRate];
  await allRows(
    indexes.filter((index) => index >= 0),
    (row) => {
      if (date >= 0) dates.add(row[date] ?? '');
      // Totals are no amounts of records.
      if (date < 0 || row[date] !== '') amounts.add(row);
    },
    () => untilTold && !isOpen({ dates, amounts }),
  );
  return { dates, amounts };
}

type Known = Pick<FileAnalysis, 'headerKey' | 'evidence'> & Omit<FileFacts, 'allRows'>;

/** What follows from columns and choices. */
function conclude(
  known: Known,
  columns: ColumnMapping[],
  { dates, amounts }: Forms,
  chosen: ReadingChoices,
): FileAnalysis {
  const { evidence } = known;
  const work = withoutTotals(columns, evidence);
  const at = columnIndexes(columns);
  const { rules, choices, redundancy } = decideRules(columns, work, dates, amounts, chosen);
  const doubts = [...known.doubts];
  if (
    at.duration >= 0 &&
    chosen.durationUnit === undefined &&
    contradictsTimes(at.duration, rules, work, redundancy)
  ) {
    doubts.push('timesContradict');
  }
  if (contradictsAmounts(at, rules, work, redundancy)) doubts.push('amountsContradict');
  const all = [...known.choices, ...choices];
  return {
    ...known,
    kind: 'timesheet',
    columns,
    samples: evidence
      .slice(0, sampleRows)
      .map((row) => row.map((cell, index) => (columns[index]?.column === 'ignored' ? '' : cell))),
    resolution: at.duration < 0 ? 60 : resolutionOf(at.duration, rules, work),
    missing: missingColumns(columns, work),
    rules,
    choices: all,
    doubts,
    needsMapping:
      missingNeed(at) !== null ||
      lacksDates(at, work) ||
      (chosen.columns === undefined && mayHide(columns, work)) ||
      all.some((choice) => choice.chosen === null),
  };
}

/** Neither a column of dates nor dates beside the begins: no row could be read. */
function lacksDates(at: ColumnIndexes, evidence: Evidence): boolean {
  if (at.date >= 0) return false;
  const begins = cellsOf(evidence, at.begin);
  return begins.length > 0 && begins.every((cell) => Object.keys(dayReadings(cell)).length === 0);
}

/**
 * The analysis with columns as the owner mapped them, by its first rows alone. Throws
 * `mapping_incomplete` if rows could not be read with it.
 */
export function applyMapping(analysis: FileAnalysis, columns: ColumnMapping[]): FileAnalysis {
  const mapped = mapColumns(analysis.columns, columns);
  assertComplete(mapped);
  const rows = withoutTotals(mapped, analysis.evidence);
  const forms = collectForms(mapped, rows, analysis);
  const known: Known = {
    ...analysis,
    doubts: [],
    choices: analysis.choices.filter(({ about }) => about === 'encoding' || about === 'sheet'),
  };
  return conclude(known, mapped, forms, { columns: mapped });
}
