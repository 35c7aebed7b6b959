/** What the owner is told before anything is written, through the admin contract. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImportJob } from '../../../../src-shared/contract/imports.ts';
import { utils, write } from '@e965/xlsx';
import { createTestApp, type TestApp } from '../../../support/app.ts';
import { exportFile, exportHeader } from '../../../support/import-files.ts';
import { number, text, writeWorkbook, yesNo } from '../../../support/kimai-workbook.ts';
import { dumpStore } from '../../../support/store-state.ts';
import { ownerLanguages } from '../../../../src-shared/domain/locales.ts';
import { loadTexts } from '../../../support/texts.ts';

let app: TestApp;
beforeEach(async () => {
  app = await createTestApp();
});
afterEach(() => app.close());

const header = `ID,${exportHeader}`;
interface Cells {
  id: number;
  day?: string;
  customer?: string;
  project?: string;
  text?: string;
  price?: string;
  duration?: string;
}
const line = ({ id, day = '2026-11-02', text = 'Work', ...rest }: Cells): string => {
  const { customer = 'Acme', project = 'Website', price = '90', duration = '1:00:00' } = rest;
  return `${id},${day},09:00,10:00,${duration},EUR,${price},Anna,anna,${customer},${project},Dev,${text},1`;
};
const file = (...lines: string[]): string => [header, ...lines, ''].join('\n');
/** Kimai's list of projects: id, name, customer and colour. */
const projectList = (...projects: [number, string, string, string][]): Uint8Array =>
  writeWorkbook([
    ['ID', 'Name', 'Customer', 'Project start', 'Project end', 'Color', 'Visible'].map(text),
    ...projects.map(([id, name, customer, color]) => [
      number(id),
      text(name),
      text(customer),
      null,
      null,
      text(color),
      yesNo(true),
    ]),
  ]);
const shareLabels = ({ preview }: ImportJob): string[] =>
  preview!.shares.map(({ label }) => label).toSorted();

describe('rows', () => {
  it('that cannot be read are told with line, column, value and reason, as the others are', async () => {
    await app.importBytes('a.csv', file(line({ id: 1 }), line({ id: 2, customer: 'Beta' })));
    const before = dumpStore(app.database);
    const { jobId, preview } = await app.openBytes(
      'b.csv',
      file(
        line({ id: 1, text: '"two\nlines"' }),
        line({ id: 2, customer: 'Beta' }),
        line({ id: 3, day: '2026-02-30' }),
        line({ id: 4, price: 'ninety', customer: 'Beta' }),
        line({ id: 5, project: 'Shop', day: '2026-11-04' }),
        line({ id: 6, customer: 'Gamma', duration: 'long' }),
      ),
    );
    expect(preview!.counts).toEqual({
      inserted: 1,
      updated: 1,
      unchanged: 1,
      removed: 0,
      problems: 3,
    });
    const groups = preview!.groups.map(({ customer, project, counts }) => [
      `${customer} ${project}`,
      [counts.inserted, counts.updated, counts.unchanged, counts.problems],
    ]);
    expect(groups).toEqual([
      ['Acme Website', [0, 1, 0, 1]],
      ['Beta Website', [0, 0, 1, 1]],
      ['Acme Shop', [1, 0, 0, 0]],
      ['Gamma Website', [0, 0, 0, 1]],
    ]);
    const problems = await app.call('imports.rows', { jobId, kind: 'problem' });
    // The description of the first row has a line break.
    expect(problems.rows.map(({ line: at, customer, problem }) => [at, customer, problem])).toEqual(
      [
        [5, 'Acme', { code: 'date_invalid', header: 'Date', value: '2026-02-30' }],
        [6, 'Beta', { code: 'amount_invalid', header: 'Price', value: 'ninety' }],
        [8, 'Gamma', { code: 'duration_invalid', header: 'Duration', value: 'long' }],
      ],
    );
    const [changed] = (await app.call('imports.rows', { jobId, kind: 'changed' })).rows;
    expect(changed).toMatchObject({ line: 2, customer: 'Acme', project: 'Website' });
    expect(changed!.before).toEqual({ description: 'Work' });
    expect(changed!.after).toMatchObject({ description: 'two\nlines', day: '2026-11-02' });
    expect(await app.call('imports.rows', { jobId, kind: 'new' })).toMatchObject({
      total: 1,
      rows: [{ line: 7, project: 'Shop', before: null }],
    });
    expect(dumpStore(app.database)).toBe(before);
  });
});

it('two customers of one name are shown apart by their numbers', async () => {
  const numbered = (customer: string, number: string, day: string): string =>
    `${day},09:00,10:00,1:00,EUR,90,Anna,anna,${customer},Website,Dev,Work,1,${number}`;
  const lines = [
    numbered('Acme', '1001', '2026-11-02'),
    numbered('Acme', '1002', '2026-11-03'),
    numbered('Beta', '1003', '2026-11-03'),
  ];
  const job = await app.openBytes('a.csv', `${exportHeader},Account\n${lines.join('\n')}\n`);
  const names = job.preview!.groups.map(({ customer, customerNumber }) => [
    customer,
    customerNumber,
  ]);
  expect(names).toEqual([
    ['Acme', '1001'],
    ['Acme', '1002'],
    ['Beta', null],
  ]);
  expect(job.preview!.created).toMatchObject({ customers: 3, projects: 3 });
});

it('rows that a filter hides far below are told before anything is written', async () => {
  const header = exportHeader.split(',');
  const rows = exportFile(700).trimEnd().split('\n').slice(1);
  const sheet = utils.aoa_to_sheet([header, ...rows.map((row) => row.split(','))]);
  sheet['!rows'] = Array.from({ length: 690 }, (_, index) => ({ hidden: index === 650 }));
  const book = utils.book_new();
  utils.book_append_sheet(book, sheet, 'Sheet1');
  const bytes = write(book, { type: 'buffer', bookType: 'xlsx' }) as Buffer;
  const job = await app.openBytes('filtered.xlsx', bytes, true);
  expect(job).toMatchObject({
    state: 'preview',
    preview: { mustSee: ['hiddenRows'], counts: { inserted: 700 } },
  });
  expect((await app.call('records.list', {})).total).toBe(0);
});

describe('a file that lacks a column', () => {
  const names = exportHeader.split(',');
  const without = (...columns: string[]): string =>
    exportFile(3)
      .trimEnd()
      .split('\n')
      .map((one) => one.split(',').filter((_, at) => !columns.includes(names[at]!)))
      .join('\n');
  const texts = loadTexts() as Map<string, { imports: object }>;

  it.each([
    ['noRates', ['Price', 'Currency']],
    ['noCurrency', ['Currency']],
    ['noBegin', ['From']],
    ['noEnd', ['To']],
    ['noUser', ['Name', 'User']],
    ['noActivity', ['Activity']],
    ['noDescription', ['Description']],
    ['noBillable', ['Billable']],
  ])('%s: is imported with what it has, and that is said first', async (notice, columns) => {
    const job = await app.openBytes('less.csv', without(...columns));
    // Whole minutes are the other thing to tell about this file.
    expect(job.preview!.notices).toEqual([notice, 'noSeconds']);
    expect(job.preview!.counts).toMatchObject({ inserted: 3, problems: 0 });
    for (const locale of ownerLanguages) {
      expect(texts.get(locale)!.imports, locale).toHaveProperty(`notice.${notice}`);
    }
    await app.call('imports.commit', { jobId: job.jobId, digest: job.preview!.digest });
    expect((await app.call('records.list', {})).total).toBe(3);
  });
});

describe('published shares that will show something new', () => {
  beforeEach(async () => {
    await app.importBytes(
      'a.csv',
      file(
        line({ id: 1 }),
        line({ id: 2, project: 'Shop' }),
        line({ id: 3, project: 'Blog' }),
        line({ id: 4, customer: 'Beta' }),
      ),
    );
    for (const project of await app.call('projects.list', {})) {
      await app.call('shares.create', {
        label: `${project.customerName} ${project.name}`,
        customerId: project.customerId,
        projectId: project.id,
        password: null,
      });
    }
  });

  it('are those of the rows that come or change', async () => {
    const job = await app.openBytes('b.csv', file(line({ id: 2, project: 'Shop', text: 'More' })));
    expect(shareLabels(job)).toEqual(['Acme Shop']);
    const same = await app.openBytes('c.csv', file(line({ id: 1 })));
    expect(shareLabels(same)).toEqual([]);
  });

  it('are those of the project that a record leaves, too', async () => {
    const job = await app.openBytes('b.csv', file(line({ id: 2, project: 'Blog' })));
    expect(job.preview!.counts).toMatchObject({ updated: 1 });
    expect(shareLabels(job)).toEqual(['Acme Blog', 'Acme Shop']);
  });

  it('are no others, when a list only teaches the ids of the rest', async () => {
    // The page of one project does not show its colour, the list of a customer's projects does.
    const { id: customerId } = (await app.call('customers.list'))[0]!;
    await app.call('shares.create', { label: 'Acme as a whole', customerId, password: null });
    const list = projectList(
      [11, 'Website', 'Acme', '#112233'],
      [12, 'Shop', 'Acme', ''],
      [13, 'Website', 'Beta', ''],
    );
    const job = await app.openBytes('projects.xlsx', list);
    expect(job.kind).toBe('projects');
    expect(job.preview!.counts).toMatchObject({ updated: 1, unchanged: 2 });
    expect(shareLabels(job)).toEqual(['Acme as a whole']);
  });

  it('are those of both customers, when a project moves', async () => {
    const list = (customer: string): Uint8Array => projectList([12, 'Shop', customer, '']);
    await app.importBytes('projects.xlsx', list('Acme'));
    const customers = await app.call('customers.list');
    for (const { id, name } of customers) {
      const draft = { label: `${name} as a whole`, customerId: id, password: null };
      await app.call('shares.create', draft);
    }
    const job = await app.openBytes('moved.xlsx', list('Beta'));
    expect(shareLabels(job)).toEqual(['Acme Shop', 'Acme as a whole', 'Beta as a whole']);
  });
});

describe('a file that is said to be complete', () => {
  const rows = (): string[] => [
    line({ id: 1, day: '2026-11-02' }),
    line({ id: 2, day: '2026-11-03' }),
    line({ id: 3, day: '2026-11-04' }),
    line({ id: 4, day: '2026-11-03', project: 'Shop' }),
  ];
  const listed = async (jobId: string, kind: 'removed' | 'new'): Promise<unknown[]> =>
    (await app.call('imports.rows', { jobId, kind })).rows.map(({ project, before }) => [
      project,
      before?.['day'],
    ]);

  it('takes nothing away until that is said, and then only of its days and projects', async () => {
    await app.importBytes('a.csv', file(...rows()));
    const job = await app.openBytes('b.csv', file(rows()[0]!, line({ id: 9, day: '2026-11-05' })));
    expect(job.preview!.counts.removed).toBe(0);
    const { jobId } = job;
    const projects = await app.call('projects.list', {});
    const website = projects.find(({ name }) => name === 'Website')!.id;
    // Named twice, it still is one project.
    const complete = {
      firstDay: '2026-11-02',
      lastDay: '2026-11-03',
      projectIds: [website, website],
    };
    await app.call('imports.complete', { jobId, complete });
    expect(await listed(jobId, 'removed')).toEqual([['Website', '2026-11-03']]);
    const { preview } = await app.call('imports.job', { jobId });
    expect(preview!.counts).toMatchObject({ inserted: 1, unchanged: 1, removed: 1 });
    // What was shown before goes no more.
    const stale = app.call('imports.commit', { jobId, digest: job.preview!.digest });
    await expect(stale).rejects.toThrow('import_stale');
    expect((await app.call('records.list', {})).total).toBe(4);
    await app.call('imports.commit', { jobId, digest: preview!.digest });
    const left = await app.call('records.list', {});
    expect(left.rows.map(({ day }) => day).toSorted()).toEqual([
      '2026-11-02',
      '2026-11-03',
      '2026-11-04',
      '2026-11-05',
    ]);
  });

  it('warns if a row cannot be read: its record would go, too', async () => {
    await app.importBytes('a.csv', file(...rows()));
    const { jobId } = await app.openBytes('b.csv', file(line({ id: 1, price: 'ninety' })));
    const projects = await app.call('projects.list', {});
    const projectIds = projects.map(({ id }) => id);
    const complete = { firstDay: '2026-11-01', lastDay: '2026-11-30', projectIds };
    await app.call('imports.complete', { jobId, complete });
    const { preview } = await app.call('imports.job', { jobId });
    expect(preview!.counts).toMatchObject({ removed: 4, problems: 1 });
    expect(preview!.notices).toContain('completeWithProblems');
  });
});

describe('names and currencies of what is known', () => {
  const numbered =
    'Date,From,To,Duration,Price,Name,User,Customer,Project,Activity,Account,Project number';
  const entry = (names: { user?: string; customer?: string; project?: string }): string => {
    const { user = 'Anna', customer = 'Acme', project = 'Website' } = names;
    return `2026-11-02,09:00,10:00,1:00:00,90,${user},anna,${customer},${project},Dev,C-1,P-1`;
  };
  const content = (names: Parameters<typeof entry>[0] = {}): string =>
    `${numbered}\n${entry(names)}\n`;
  const dumped = (): string => dumpStore(app.database);

  it('are shown and can be imported, although no record changes', async () => {
    await app.importBytes('a.csv', content());
    const [customer] = await app.call('customers.list', {});
    await app.call('shares.create', {
      label: 'Acme',
      customerId: customer!.id,
      projectId: null,
      password: null,
    });
    const names = { user: 'Anna B.', customer: 'Acme Ltd', project: 'Shop' };
    const { jobId, preview } = await app.openBytes('b.csv', content(names));
    expect(preview!.counts).toMatchObject({ inserted: 0, updated: 0, unchanged: 1 });
    expect(preview!.learned).toEqual([
      { kind: 'customer', before: 'Acme', after: 'Acme Ltd' },
      { kind: 'project', before: 'Website', after: 'Shop' },
      { kind: 'user', before: 'Anna', after: 'Anna B.' },
    ]);
    expect(shareLabels({ preview } as ImportJob)).toEqual(['Acme']);
    const before = dumped();
    await app.call('imports.commit', { jobId, digest: preview!.digest });
    expect(dumped()).not.toBe(before);
    expect((await app.call('customers.list', {}))[0]!.name).toBe('Acme Ltd');
    expect((await app.call('records.list', {})).rows[0]).toMatchObject({
      project: 'Shop',
      user: 'Anna B.',
    });
    const [latest] = await app.call('imports.list');
    await app.call('imports.undo', { importId: latest!.id });
    expect((await app.call('customers.list', {}))[0]!.name).toBe('Acme');
  });

  it('a currency that was not known', async () => {
    await app.importBytes('a.csv', content());
    const withCurrency = content().replace('Price', 'Currency,Price').replace(',90,', ',CHF,90,');
    const { preview } = await app.openBytes('b.csv', withCurrency);
    expect(preview!.learned).toEqual([{ kind: 'currency', before: 'Acme', after: 'CHF' }]);
    expect(preview!.counts).toMatchObject({ inserted: 0, updated: 0, unchanged: 1 });
  });

  it('nothing, when the file says what is known', async () => {
    await app.importBytes('a.csv', content());
    expect((await app.openBytes('b.csv', content())).preview!.learned).toEqual([]);
  });
});

it('a mapping is remembered for its header and for no other, over a restart', async () => {
  const odd = (name: string): string => exportFile(2).replace('Customer', name);
  const { jobId, reading } = await app.openBytes('odd.csv', odd('Klient X'));
  const columns = reading!.columns.map((one) =>
    one.header === 'Klient X' ? { ...one, column: 'customer' as const } : one,
  );
  await app.call('imports.map', { jobId, columns });
  await app.jobIn(jobId, 'preview');
  await app.call('imports.cancel', { jobId });
  await app.app.close();
  app = await createTestApp({ dataDir: app.dataDir });
  expect(await app.openBytes('odd.csv', odd('Klient X'))).toMatchObject({
    state: 'preview',
    preview: { groups: [{ customer: 'Acme' }] },
  });
  expect((await app.openBytes('odd.csv', odd('Klient Y'))).state).toBe('mapping');
});
