/** What is wrong with a cell, and what every reader of cells asks of one. */
import type { ProblemCode } from '../../../../src-shared/contract/import-words.ts';
import { cellText, type CsvRow } from './csv-rows.ts';

/** No date, time, amount or word is longer than that; longer cells are not even looked at. */
const maxValueChars = 80;

/** The first thing wrong with a row; thrown, so that nothing else of it is read. */
export class CellProblem {
  readonly code: ProblemCode;
  readonly index: number;

  constructor(code: ProblemCode, index: number) {
    this.code = code;
    this.index = index;
  }
}

/** True of cells that a row does not have, too. */
export const isEmptyCell = (row: CsvRow, index: number): boolean =>
  index < 0 || index >= row.count || row.starts[index] === row.ends[index];

/** A cell for the slow readers: trimmed, and refused at once if it is too long or a formula. */
export function shortText(row: CsvRow, index: number, code: ProblemCode): string {
  if (row.ends[index]! - row.starts[index]! > maxValueChars) throw new CellProblem(code, index);
  const text = cellText(row, index).trim();
  if (text.startsWith('=')) throw new CellProblem('formula', index);
  return text;
}
