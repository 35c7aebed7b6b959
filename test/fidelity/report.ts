import { kinds } from './holdings.ts';
import type { Difference, Tally } from './tally.ts';

/** The report of a run: counts per kind of value, the first differences, and the verdict. */
export function formatReport(tally: Tally, pages: number, shownDifferences = 20): string {
  const header = [
    '',
    'held',
    'compared',
    'equal',
    'different',
    'rule 1',
    'rule 2',
    'rule 3',
    'rule 4',
  ];
  const rows = kinds.map((kind) => {
    const { held, compared, equal, different, leftOut } = tally.counts.get(kind)!;
    return [kind, held, compared, equal, different, leftOut[1], leftOut[2], leftOut[3], leftOut[4]];
  });
  const sums = header.map((_, column) =>
    column === 0 ? 'all' : rows.reduce((sum, row) => sum + Number(row[column]), 0),
  );
  const lines = [
    ...formatTable([header, ...rows, sums]),
    '',
    ...tally.differences.slice(0, shownDifferences).map(formatDifference),
    ...tally
      .tooFew()
      .map((kind) => `too few: fewer values of kind “${kind}” were compared than the file holds`),
    `${pages} pages, ${tally.compared} values compared, ${tally.differences.length} differences: ` +
      (tally.passed ? 'equal' : 'NOT EQUAL'),
  ];
  return lines.join('\n');
}

function formatTable(rows: (string | number)[][]): string[] {
  const widths = rows[0]!.map((_, column) =>
    Math.max(...rows.map((row) => String(row[column]).length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const text = String(cell);
        return column === 0 ? text.padEnd(widths[0]!) : text.padStart(widths[column]!);
      })
      .join('  '),
  );
}

function formatDifference({ kind, page, expected, actual }: Difference): string {
  const ours = actual === null ? '(missing)' : JSON.stringify(actual);
  return `${kind} on ${page}\n  Kimai: ${JSON.stringify(expected)}\n  ours:  ${ours}`;
}
