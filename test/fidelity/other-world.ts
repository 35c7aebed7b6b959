/**
 * Turns a golden folder into another one of the same form: other names, ids, years and languages,
 * fewer pages. What is right for the one must be right for the other.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { read, utils, write, type WorkBook } from '@e965/xlsx';
import { parsePages, type GoldenPage } from './golden.ts';
import { localeTag } from './normalise.ts';

/** 28 years: the same days of the week, and 29 February where it was. */
const yearsLater = 28;
/** Added to the ids of records, customers and projects. */
const idsLater = 7000;

/** English pages become pages of these languages in turn, with their month names from `Intl`. */
const otherLocales = ['es', 'it', 'tr', 'nb_NO', 'en_GB', 'fa'];

const later = (day: string): string => `${Number(day.slice(0, 4)) + yearsLater}${day.slice(4)}`;

/** Keeps any order by name, and needs quotes in a CSV. */
const renamed = (name: string): string => (name === '' ? '' : `${name}, "Ω" & Æøå`);

/** Writes the other world of folder `from` into `to`; every `step`-th page of each share. */
export function writeOtherWorld(from: string, to: string, now: string, step: number): string {
  mkdirSync(to, { recursive: true });
  writeFileSync(
    join(to, 'full-en.csv'),
    otherRecords(readFileSync(join(from, 'full-en.csv'), 'utf8')),
  );
  writeFileSync(
    join(to, 'customers-en.xlsx'),
    otherList(join(from, 'customers-en.xlsx'), ['Name']),
  );
  writeFileSync(
    join(to, 'projects-en.xlsx'),
    otherList(join(from, 'projects-en.xlsx'), ['Name', 'Customer']),
  );
  const pages = parsePages(readFileSync(join(from, 'pages.jsonl'), 'utf8'));
  const lines = pages.filter((_, index) => index % step === 0).map(otherPage);
  writeFileSync(join(to, 'pages.jsonl'), lines.map((page) => JSON.stringify(page)).join('\n'));
  return later(now);
}

/** The same export of other people's work. */
function otherRecords(csv: string): string {
  const book = read(csv, { type: 'string', raw: true });
  const sheet = book.Sheets[book.SheetNames[0]!]!;
  const rows = utils.sheet_to_json<Record<string, string>>(sheet, { raw: false, defval: '' });
  return utils.sheet_to_csv(
    utils.json_to_sheet(
      // Newest first, as some exports are: the order of rows must not matter.
      rows.toReversed().map((row) => ({
        ...row,
        ID: String(Number(row['ID']) + idsLater),
        Date: later(row['Date']!),
        Name: renamed(row['Name']!),
        User: row['User'] === '' ? '' : `${row['User']}.2`,
        Customer: renamed(row['Customer']!),
        Project: renamed(row['Project']!),
      })),
    ),
    { forceQuotes: false },
  );
}

function otherList(file: string, nameHeaders: string[]): Buffer {
  const book: WorkBook = read(readFileSync(file), { type: 'buffer', cellNF: true });
  const sheet = book.Sheets[book.SheetNames[0]!]!;
  const range = utils.decode_range(sheet['!ref']!);
  for (let column = range.s.c; column <= range.e.c; column++) {
    const header = String(sheet[utils.encode_cell({ r: 0, c: column })]?.v ?? '');
    for (let line = 1; line <= range.e.r; line++) {
      const cell = sheet[utils.encode_cell({ r: line, c: column })];
      if (!cell) continue;
      if (header === 'ID')
        utils.cell_set_number_format(Object.assign(cell, { v: Number(cell.v) + idsLater }), '0');
      if (nameHeaders.includes(header)) Object.assign(cell, { t: 's', v: renamed(String(cell.v)) });
    }
  }
  return write(book, { type: 'buffer', bookType: 'xlsx' }) as Buffer;
}

function otherPage(page: GoldenPage, index: number): GoldenPage {
  const locale = page.locale === 'en' ? otherLocales[index % otherLocales.length]! : page.locale;
  const customerPage = page.share.scope === 'customer' && page.projectId === undefined;
  const userColumn = page.share.showUser ? 1 : -1;
  const projectColumn = customerPage ? (page.share.showUser ? 2 : 1) : -1;
  return {
    ...page,
    locale,
    year: page.year + yearsLater,
    ...(page.projectId === undefined ? {} : { projectId: page.projectId + idsLater }),
    share: {
      ...page.share,
      customer: renamed(page.share.customer),
      project: page.share.project && renamed(page.share.project),
    },
    heading: renamed(page.heading),
    annual: page.annual && { ...page.annual, labels: monthNames(locale) },
    ...(page.details && {
      details: {
        ...page.details,
        days: page.details.days.map(later),
        rows: page.details.rows.map((cells) =>
          cells.map((cell, column) =>
            column === userColumn || column === projectColumn ? renamed(cell) : cell,
          ),
        ),
      },
    }),
    ...(page.projects && {
      projects: {
        rows: page.projects.rows.map((row) => ({ ...row, name: renamed(row.name) })),
      },
    }),
  };
}

function monthNames(locale: string): string[] {
  const format = new Intl.DateTimeFormat(localeTag(locale), {
    month: 'long',
    timeZone: 'UTC',
    calendar: 'gregory',
  });
  return Array.from({ length: 12 }, (_, month) =>
    format.format(new Date(Date.UTC(2001, month, 1))),
  );
}
