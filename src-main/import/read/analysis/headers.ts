/**
 * What each column of a timesheet export is, from its header: any of Kimai's languages and versions
 * (tables/kimai-csv-columns.json). Where a label has had several meanings the order decides, as
 * Kimai's layouts have always had it.
 */
import { createHash } from 'node:crypto';
import csvTable from '../tables/kimai-csv-columns.json' with { type: 'json' };
import type { ColumnMapping } from '../../../../src-shared/contract/import-words.ts';
import type { TimesheetColumn } from '../../rows/types.ts';
import { foldLabel } from '../cells/fold-label.ts';

/** Column names of the table that are called otherwise here; those we do not keep are `ignored`. */
const ours: Record<string, TimesheetColumn> = {
  number: 'customerNumber',
  project_number: 'projectNumber',
  account_number: 'ignored',
  activity_number: 'ignored',
  category: 'ignored',
  email: 'ignored',
  internalRate: 'ignored',
  vat_id: 'ignored',
};

/** Raw translation keys and the spellings of Kimai's own importer (docs/kimai-files.md, sections 3 and 11). */
const synonyms: Record<string, string> = {
  begin: 'begin',
  end: 'end',
  'break duration': 'break',
  duration_decimal: 'duration',
  duration_seconds: 'duration',
  'duration (seconds)': 'duration',
  fixedrate: 'fixedRate',
  fixed_rate: 'fixedRate',
  hourlyrate: 'hourlyRate',
  hourly_rate: 'hourlyRate',
  internalrate: 'internalRate',
  internal_rate: 'internalRate',
  rate_internal: 'internalRate',
  alias: 'alias',
  username: 'username',
  account_number: 'account_number',
  accountnumber: 'account_number',
  activity_number: 'activity_number',
  number: 'number',
  customer_number: 'number',
  project_number: 'project_number',
  ordernumber: 'orderNumber',
  order_number: 'orderNumber',
  vat_id: 'vat_id',
  vatid: 'vat_id',
  category: 'category',
};

const labels = csvTable.labels as Record<string, string[]>;

/** The digest under which a mapping by hand is remembered for files with this header. */
export function headerKeyOf(headers: string[]): string {
  return createHash('sha256').update(headers.map(foldLabel).join('\0')).digest('hex').slice(0, 32);
}

/** The table's names of the columns that a header can mean; empty if it is unknown. */
export function meaningsOf(header: string): readonly string[] {
  const folded = foldLabel(header);
  const found = own(labels, folded);
  if (found) return found;
  const key = folded.startsWith('label.') ? folded.slice('label.'.length) : folded;
  const synonym = own(synonyms, key) ?? (key === folded ? undefined : own(labels, key));
  if (synonym) return typeof synonym === 'string' ? [synonym] : synonym;
  // Custom fields as Kimai's importer spells them.
  if (folded.startsWith('meta.')) return ['meta'];
  // `Date (America/New_York)` of a coming Kimai, `Duration (min)` of a person.
  const open = Math.max(folded.lastIndexOf('('), folded.lastIndexOf('['));
  return open > 0 && /[)\]]$/.test(folded) ? meaningsOf(folded.slice(0, open)) : [];
}

function own<T>(table: Record<string, T>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** How many headers are known: what tells the delimiter, and a header from a first row of data. */
export function countKnown(headers: string[]): number {
  return headers.filter((header) => meaningsOf(header).length > 0).length;
}

/**
 * What each column is read as. `cellsOf` gives sample values of a column, for the few labels that
 * the order alone does not tell apart. Of columns that say the same, one is kept (`dropTwins`).
 */
export function recogniseColumns(
  headers: string[],
  cellsOf: (index: number) => string[],
): ColumnMapping[] {
  const meanings = headers.map(meaningsOf);
  const chosen = meanings.map((candidates) => (candidates.length === 1 ? candidates[0]! : null));
  meanings.forEach((candidates, index) => {
    if (candidates.length > 1) chosen[index] = resolve(index, meanings, chosen, cellsOf);
  });
  resolveUsers(meanings, chosen);
  return headers.map((header, index) => ({
    index,
    header,
    column: columnOf(chosen[index] ?? null, header, () => cellsOf(index)),
  }));
}

function columnOf(
  name: string | null,
  header: string,
  cells: () => string[],
): TimesheetColumn | 'unknown' {
  if (name === 'meta') return 'ignored';
  if (name !== null) return ours[name] ?? (name as TimesheetColumn);
  // Trailing separators of spreadsheets make nameless, empty columns.
  return header.trim() === '' && cells().every((cell) => cell.trim() === '')
    ? 'ignored'
    : 'unknown';
}

/** The historic collisions of docs/kimai-files.md, section 3; user columns are left to `resolveUsers`. */
function resolve(
  index: number,
  meanings: (readonly string[])[],
  chosen: (string | null)[],
  cellsOf: (index: number) => string[],
): string {
  const candidates = meanings[index]!;
  const earlier = meanings.slice(0, index);
  const twinBefore = earlier.includes(candidates);
  const seen = (name: string): boolean => chosen.slice(0, index).includes(name);
  if (candidates.includes('hourlyRate')) {
    // Hungarian 0.8 calls both so, the hourly rate first.
    return twinBefore || seen('hourlyRate') ? 'rate' : 'hourlyRate';
  }
  if (candidates.includes('vat_id')) {
    // Hungarian: the customer's number once, the VAT id now. Alone it is not worth a leak.
    if (chosen.includes('vat_id')) return 'number';
    const twinAfter = meanings.slice(index + 1).includes(candidates);
    return twinAfter && !chosen.includes('number') ? 'number' : 'vat_id';
  }
  const usersBefore = earlier.filter(canBeUser).length;
  if (candidates.includes('number')) {
    // Danish 1.14–2.3: the user left of the customer, the customer's number right of it.
    return usersBefore > 0 && seen('customer') ? 'number' : 'user';
  }
  if (candidates.includes('id')) {
    // French: the login, or the id of a custom template.
    const cells = cellsOf(index).filter((cell) => cell !== '');
    const isNumber = cells.length > 0 && cells.every((cell) => /^\d+$/.test(cell));
    const isFirst = !seen('date') && !seen('begin');
    return isNumber && (isFirst || usersBefore > 1) ? 'id' : 'user';
  }
  return 'user';
}

function canBeUser(candidates: readonly string[]): boolean {
  return candidates.includes('alias') || candidates.includes('username');
}

/**
 * "User" and "Name" swapped their meaning twice. What never changed: of two columns the left one is
 * the display name and the right one the login; a single one is the display name.
 */
function resolveUsers(meanings: (readonly string[])[], chosen: (string | null)[]): void {
  const users = chosen.flatMap((name, index) =>
    name === 'user' || name === 'alias' || name === 'username' ? [index] : [],
  );
  const [first, second, ...others] = users;
  for (const index of others) chosen[index] = 'meta';
  if (first === undefined) return;
  if (second === undefined) {
    chosen[first] = 'alias';
    return;
  }
  // Only labels that never meant anything else may be the other way round (custom templates).
  const swapped = isOnly(meanings[first]!, 'username') || isOnly(meanings[second]!, 'alias');
  const contradicts = isOnly(meanings[first]!, 'alias') || isOnly(meanings[second]!, 'username');
  const leftIsLogin = swapped && !contradicts;
  chosen[first] = leftIsLogin ? 'username' : 'alias';
  chosen[second] = leftIsLogin ? 'alias' : 'username';
}

function isOnly(candidates: readonly string[], name: string): boolean {
  return candidates.length === 1 && candidates[0] === name;
}
