/**
 * Reads a folder of golden data: what a real Kimai exported (`full-en.csv`, `customers-en.xlsx`,
 * `projects-en.xlsx`) and what its Customer Portal showed for it (`pages.jsonl`, one page a line).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { read, utils } from '@e965/xlsx';
import { z } from 'zod';

const share = z.strictObject({
  key: z.string(),
  scope: z.enum(['customer', 'project']),
  customer: z.string(),
  project: z.string().nullable(),
  showUser: z.boolean(),
  showRates: z.boolean(),
  mergeMode: z.enum(['NONE', 'MERGE', 'MERGE_USE_FIRST_OF_DAY', 'MERGE_USE_LAST_OF_DAY']),
  annualChart: z.boolean(),
  monthlyChart: z.boolean(),
  budgetStats: z.boolean(),
  timeBudgetStats: z.boolean(),
});
export type GoldenShare = z.infer<typeof share>;

const chart = z.strictObject({
  labels: z.array(z.string()),
  hours: z.array(z.number()),
  durations: z.array(z.string()),
});
export type GoldenChart = z.infer<typeof chart>;

/** Money bars have both amounts, time bars have neither. */
const bar = z.object({
  spent: z.string(),
  budget: z.string(),
  /** Width of the bar in percent, at most 100. */
  bar: z.string(),
  note: z.string(),
  level: z.string().nullable(),
  spentAmount: z.number().optional(),
  budgetAmount: z.number().optional(),
});
export type GoldenBar = z.infer<typeof bar>;

const details = z.object({
  columns: z.array(z.string()),
  /** Visible texts, in the order of the columns. */
  rows: z.array(z.array(z.string())),
  footer: z.array(z.string()),
  days: z.array(z.iso.date()),
  totals: z.array(z.number()).optional(),
  /** Per row its hourly rates, each with the duration beside it if there are several. */
  rates: z.array(z.array(z.tuple([z.string().nullable(), z.number()]))).optional(),
  sum: z.number().optional(),
});
export type GoldenDetails = z.infer<typeof details>;

const page = z.object({
  key: z.string(),
  /** Kimai's code, as in the address: `pt_BR`. */
  locale: z.string(),
  year: z.int(),
  month: z.int().min(1).max(12),
  view: z.enum(['table', 'chart']),
  /** Kimai's id: a project page inside a customer share. */
  projectId: z.int().optional(),
  share,
  heading: z.string(),
  annual: chart.nullable(),
  monthly: chart.nullable(),
  statistics: z.object({ rows: z.array(bar) }).optional(),
  details: details.optional(),
  projects: z
    .object({ rows: z.array(z.object({ name: z.string(), bars: z.array(bar) })) })
    .optional(),
  currency: z.string(),
});
export type GoldenPage = z.infer<typeof page>;

/** A customer or project of the lists: what names a page's project, and whose budget is monthly. */
export interface GoldenEntity {
  kimaiId: number;
  name: string;
  /** Name of the customer; a customer's own name for customers. */
  customer: string;
  monthly: boolean;
}

export interface Golden {
  dir: string;
  pages: GoldenPage[];
  customers: GoldenEntity[];
  projects: GoldenEntity[];
}

/** Throws with the line number if a page is not of the form that README describes. */
export function readGolden(dir: string): Golden {
  return {
    dir,
    pages: parsePages(readFileSync(join(dir, 'pages.jsonl'), 'utf8')),
    customers: readList(join(dir, 'customers-en.xlsx'), 'Name'),
    projects: readList(join(dir, 'projects-en.xlsx'), 'Customer'),
  };
}

/** One JSON object a line. */
export function parsePages(text: string): GoldenPage[] {
  const pages: GoldenPage[] = [];
  text.split('\n').forEach((line, index) => {
    if (line.trim() === '') return;
    const parsed = page.safeParse(JSON.parse(line));
    if (!parsed.success) {
      throw new Error(`pages.jsonl, line ${index + 1}: ${z.prettifyError(parsed.error)}`);
    }
    pages.push(parsed.data);
  });
  return pages;
}

/** The columns of Kimai's English lists that tell entities apart; the app reads the rest. */
function readList(file: string, customerHeader: 'Name' | 'Customer'): GoldenEntity[] {
  const workbook = read(readFileSync(file), { type: 'buffer' });
  const sheet = workbook.Sheets[workbook.SheetNames[0]!]!;
  return utils.sheet_to_json<Record<string, unknown>>(sheet, { defval: '' }).map((row) => ({
    kimaiId: Number(row['ID']),
    name: undoPrefix(String(row['Name'])),
    customer: undoPrefix(String(row[customerHeader])),
    monthly: row['Budget-Type'] === 'month',
  }));
}

/** Kimai puts `' ` before texts that a spreadsheet could take for a formula. */
const undoPrefix = (text: string): string => text.replace(/^' (?=[=\-@+\t\r\n]|.*dde)/is, '');

/** Whether the page is about the customer: with a table of projects, and a project column. */
export const isCustomerPage = (page: GoldenPage): boolean =>
  page.share.scope === 'customer' && page.projectId === undefined;

/** Whether Kimai found no record in the page's month: no table, and nothing but zeros in the chart. */
export const isEmptyMonth = (page: GoldenPage): boolean =>
  page.details === undefined && (page.monthly?.hours ?? []).every((hours) => hours === 0);

export const pageLabel = (page: GoldenPage): string =>
  [
    `/${page.locale}/${page.key}`,
    page.projectId === undefined ? '' : `/p/${page.projectId}`,
    `?year=${page.year}&month=${page.month}&details=${page.view}`,
  ].join('');
