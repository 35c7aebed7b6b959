/** Everything the owner may edit: it is kept, holds against the next import, and shows on the pages. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Customer, Project } from '../../../../src-shared/contract/catalog.ts';
import type { ShareOptions } from '../../../../src-shared/contract/shares.ts';
import { createTestApp, type TestApp } from '../../../support/app.ts';
import {
  dayFraction,
  number,
  text,
  writeWorkbook,
  yesNo,
} from '../../../support/kimai-workbook.ts';

const header =
  'Date,From,To,Duration,Currency,Price,Name,User,Customer,Project,Activity,Description,Billable';
const record = (customer: string, project: string, words: string): string =>
  `2026-11-02,09:00,10:00,1:00,EUR,90,Anna,anna,${customer},${project},Work,${words},1`;
const timesheet = [
  header,
  record('Beta', 'Website', 'First of all'),
  record('Beta', 'Shop', 'Then this'),
  record('Acme', 'Blog', 'Elsewhere'),
].join('\n');

/** Kimai's columns of both lists; without budgets and colour they would say nothing else. */
const common = ['Budget', 'Hourly quota', 'Budget-Type', 'Color', 'Visible'].map(text);
const otherwise = [number(10), dayFraction(60, true), null, text('#111111'), yesNo(true)];
/** They say something else than the owner, and than the store. */
const lists = {
  customers: writeWorkbook([
    [...['ID', 'Name', 'Currency', 'Timezone'].map(text), ...common],
    [number(7), text('Beta'), text('EUR'), text('UTC'), ...otherwise],
  ]),
  projects: writeWorkbook([
    [...['ID', 'Name', 'Customer', 'Project start', 'Project end'].map(text), ...common],
    [number(9), text('Website'), text('Beta'), null, null, ...otherwise],
  ]),
};

let app: TestApp;
beforeEach(async () => {
  app = await createTestApp();
  await app.importBytes('export.csv', timesheet);
});
afterEach(() => app.close());

const find = async (kind: 'customers' | 'projects'): Promise<Customer | Project> =>
  kind === 'customers'
    ? (await app.call('customers.list')).find(({ name }) => name === 'Beta')!
    : (await app.call('projects.list')).find(({ name }) => name === 'Website')!;

const edits: [what: string, patch: object][] = [
  ['visibility', { visible: false }],
  ['colour', { color: '#123456' }],
  ['comment', { comment: 'Pays late' }],
  ['money budget', { budgetE4: 5_000_000 }],
  ['time budget', { timeBudgetS: 36_000 }],
  ['budget by the month', { budgetType: 'month' }],
  ['order', { sortOrder: -3 }],
];

describe.each([
  ['customer', 'customers', [...edits, ['currency', { currency: 'CHF' }] as const]],
  ['project', 'projects', edits],
] as const)('of a %s', (_name, kind, all) => {
  it.each(all)(
    'the %s, against a list that says something else, until it is taken back',
    async (_what, patch) => {
      const before = await find(kind);
      expect(before).not.toMatchObject(patch);
      const { undoId } = await app.call(`${kind}.update`, { id: before.id, patch });
      const edited = { ...before, ...patch, edited: Object.keys(patch) };
      expect(await find(kind)).toEqual(edited);
      const { preview } = await app.importBytes('list.xlsx', lists[kind]);
      // The list was read: what was not edited here is as it says.
      expect(preview!.counts.updated).toBe(1);
      const said = { budgetE4: 100_000, timeBudgetS: 60, color: '#111111' };
      expect(await find(kind)).toEqual({ ...before, ...said, ...patch, edited: edited.edited });
      await app.call('imports.undo', { importId: (await app.call('imports.list'))[0]!.id });
      await app.call('changes.undo', { undoId });
      expect(await find(kind)).toEqual(before);
    },
  );
});

it('what a list would have changed is named in its preview', async () => {
  const { id } = await find('customers');
  await app.call('customers.update', { id, patch: { budgetE4: 5, color: '#123456' } });
  const { jobId } = await app.openBytes('list.xlsx', lists.customers);
  const { rows } = await app.call('imports.rows', { jobId, kind: 'changed' });
  expect(rows).toMatchObject([{ customer: 'Beta', kept: ['budget_e4', 'color'] }]);
});

describe('the order', () => {
  const customers = async () => (await app.call('customers.list')).map(({ name }) => name);
  const projects = async () => (await app.call('projects.list')).map(({ name }) => name);

  it('of customers and projects: smaller numbers first, equal ones by name', async () => {
    expect(await customers()).toEqual(['Acme', 'Beta']);
    expect(await projects()).toEqual(['Blog', 'Shop', 'Website']);
    const website = await find('projects');
    await app.call('projects.update', { id: website.id, patch: { sortOrder: -1 } });
    expect(await projects()).toEqual(['Blog', 'Website', 'Shop']);
    const beta = await find('customers');
    await app.call('customers.update', { id: beta.id, patch: { sortOrder: -1 } });
    expect(await customers()).toEqual(['Beta', 'Acme']);
    expect(await projects()).toEqual(['Website', 'Shop', 'Blog']);
  });

  it("of projects is the one of the client's page", async () => {
    // Records come before: the last two names are those of the list of projects.
    const listed = async () =>
      [...(await pageOf()).matchAll(/>(Shop|Website)</g)].slice(-2).map(([, name]) => name);
    expect(await listed()).toEqual(['Shop', 'Website']);
    const { id } = await find('projects');
    await app.call('projects.update', { id, patch: { sortOrder: -1 } });
    expect(await listed()).toEqual(['Website', 'Shop']);
  });
});

/** The client's page of the month with all records. */
async function pageOf(options: Partial<ShareOptions> = {}): Promise<string> {
  const { id: customerId } = await find('customers');
  const draft = { customerId, options };
  const when = { year: 2026, month: 11 };
  return (await app.call('shares.preview', { draft, locale: 'en', ...when })).html;
}

describe('records', () => {
  const first = async () =>
    (await app.call('records.list', {})).rows.find(
      ({ description }) => description === 'First of all',
    )!;

  it("that are hidden leave the client's page, and come back", async () => {
    expect(await pageOf()).toContain('First of all');
    const { id } = await first();
    await app.call('records.update', { ids: [id], patch: { hidden: true } });
    expect(await pageOf()).not.toContain('First of all');
    expect(await pageOf()).toContain('Then this');
    expect(await first()).toMatchObject({ hidden: true });
    await app.call('records.update', { ids: [id], patch: { hidden: false } });
    expect(await pageOf()).toContain('First of all');
  });

  it('corrected to not billable leave a share of billable ones only', async () => {
    const billable = () => pageOf({ onlyBillable: true });
    expect(await billable()).toContain('First of all');
    const { id } = await first();
    await app.call('records.update', { ids: [id], patch: { billable: false } });
    expect(await billable()).not.toContain('First of all');
    expect(await pageOf()).toContain('First of all');
    expect(await first()).toMatchObject({ billable: false, billableEdited: true });
    // Back to what the file said.
    await app.call('records.update', { ids: [id], patch: { billable: null } });
    expect(await billable()).toContain('First of all');
    expect(await first()).toMatchObject({ billable: true, billableEdited: false });
  });
});
