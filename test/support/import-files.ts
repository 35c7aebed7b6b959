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
