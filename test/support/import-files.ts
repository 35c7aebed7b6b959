/** Exports for tests of jobs: as many rows as wanted, of a few days, all different. */
export const exportHeader =
  'Date,From,To,Duration,Currency,Price,Name,User,Customer,Project,Activity,Description,Billable';

/** Rows `from` to `from + count`, each a line. */
export const exportRows = (count: number, from = 0): string =>
  Array.from(
    { length: count },
    (_, index) =>
      `2026-11-0${1 + ((from + index) % 9)},09:00,10:00,1:00,EUR,90,Anna,anna,Acme,Website,Development,Row ${from + index},1\n`,
  ).join('');

export const exportFile = (count: number, from = 0): string =>
  `${exportHeader}\n${exportRows(count, from)}`;

/** The reader takes so many bytes at once, and sends rows when it has this many or more. */
const chunkBytes = 64 * 1024;
const batchRows = 4096;

/** How far a file is read when so many batches of its rows are full. */
export function readUpTo(file: Buffer, batches: number): { rows: number; bytes: number } {
  const newline = 0x0a;
  // Whole rows, without the header.
  const rowsIn = (bytes: number): number =>
    file.subarray(0, bytes).filter((byte) => byte === newline).length - 1;
  let bytes = 0;
  for (let batch = 0, sent = 0; batch < batches; batch++) {
    while (rowsIn(bytes) - sent < batchRows) bytes += chunkBytes;
    sent = rowsIn(bytes);
  }
  return { rows: rowsIn(bytes), bytes };
}
