/**
 * Cells that a spreadsheet joined downwards: it keeps the value of the first one only, and shows it
 * for all of their rows.
 */
import type { ColumnMapping } from '../../../../src-shared/contract/import-words.ts';
import type { MergedRange } from '../../rows/types.ts';
import type { SheetCell, SheetRow } from './sheet-rows.ts';

/** Nobody joins so many by hand. */
const maxRanges = 50_000;

/** What is the same for each of the rows. A joined duration or amount is that of all of them. */
const shared = new Set<ColumnMapping['column']>([
  ...(['date', 'alias', 'username', 'customer', 'customerNumber', 'project'] as const),
  ...(['projectNumber', 'orderNumber', 'activity', 'description', 'currency'] as const),
  ...(['hourlyRate', 'billable', 'exported', 'tags', 'type'] as const),
]);

export const isBlank = (cell: SheetCell | undefined): boolean => !cell || cell.value === '';

/** Collects the ranges that a sheet names, `A2:A5`. */
export class MergedRanges {
  readonly all: MergedRange[] = [];

  open(name: string, { ref }: Readonly<Record<string, string>>): void {
    if (name !== 'mergeCell' || ref === undefined || this.all.length >= maxRanges) return;
    const [, letters, first, last] = /^([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})$/.exec(ref) ?? [];
    if (letters === undefined || Number(last) <= Number(first)) return;
    const column =
      [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
    this.all.push({ column, firstRow: Number(first), lastRow: Number(last) });
  }
}

/** Fills the empty cells below the first one of each range. Rows come in the sheet's order. */
export class MergedCells {
  readonly #left: MergedRange[];
  readonly #open: { range: MergedRange; cell: SheetCell }[] = [];

  constructor(ranges: readonly MergedRange[], columns: readonly ColumnMapping[]) {
    const isShared = ({ column }: MergedRange): boolean =>
      shared.has(columns[column]?.column ?? 'unknown');
    // The last one comes first, since taking the last entry of an array is cheap.
    this.#left = ranges.filter(isShared).toSorted((a, b) => b.firstRow - a.firstRow);
  }

  fill(row: SheetRow): void {
    for (let at = this.#open.length - 1; at >= 0; at -= 1) {
      const { range, cell } = this.#open[at]!;
      if (row.number > range.lastRow) this.#open.splice(at, 1);
      else if (isBlank(row.cells[range.column])) row.cells[range.column] = cell;
    }
    for (
      let next = this.#left.at(-1);
      next && next.firstRow <= row.number;
      next = this.#left.at(-1)
    ) {
      this.#left.pop();
      const cell = row.cells[next.column];
      if (next.firstRow === row.number && cell && !isBlank(cell))
        this.#open.push({ range: next, cell });
    }
  }
}
