import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Input } from '../../../../src-shared/contract.ts';
import { rollupDifferences } from '../../../../src-main/store/records/rollup.ts';
import { createTestApp, type TestApp } from '../../../support/app.ts';

const header =
  'Date,From,To,Duration,Currency,Price,Name,User,Customer,Project,Activity,Description,Billable,Account';
const lines = [
  '2026-11-02,09:00,10:00,1:00,EUR,90,Anna,anna,Acme,Website,Development,First,1,',
  '2026-11-03,09:00,11:00,2:00,EUR,180,Anna,anna,Acme,Shop,Meeting,Second,0,',
  '2026-11-04,09:00,09:30,0:30,EUR,45,Bert,bert,Acme GmbH,Website,Development,100% done,1,',
  '2026-11-05,09:00,09:30,0:30,EUR,45,Bert,bert,Acme GmbH,Blog,Development,Third,1,',
  '2026-11-06,09:00,12:00,3:00,USD,300,Bert,bert,Other,Website,Development,Fourth,1,',
];
const file = (...rows: string[]): string => `${[header, ...rows].join('\n')}\n`;

let app: TestApp;
beforeEach(async () => {
  app = await createTestApp();
  await app.importBytes('export.csv', file(...lines));
});
afterEach(async () => {
  const db = new Database(app.database, { readonly: true });
  expect(rollupDifferences(db)).toEqual([]);
  db.close();
  await app.close();
});

const dumped = ['customers', 'projects', 'records', 'project_days', 'shares', 'share_projects'];
function dump(): string {
  const db = new Database(app.database, { readonly: true });
  const text = [...dumped, 'customer_aliases', 'project_aliases']
    .map((table) => JSON.stringify(db.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all()))
    .join('\n');
  db.close();
  return text;
}

async function idOf(name: string): Promise<number> {
  return (await app.call('customers.list')).find((customer) => customer.name === name)!.id;
}

async function projectId(customer: string, name: string): Promise<number> {
  const projects = await app.call('projects.list');
  return projects.find((one) => one.name === name && one.customerName === customer)!.id;
}

const share = async (customer: string, more: Partial<Input<'shares.create'>> = {}) =>
  app.call('shares.create', {
    label: 'Test',
    customerId: await idOf(customer),
    projectId: null,
    projectIds: [],
    options: {},
    ...more,
  } as Input<'shares.create'>);

describe('lists', () => {
  it('customers with their sums, projects with theirs', async () => {
    const customers = await app.call('customers.list');
    expect(customers).toMatchObject([
      {
        name: 'Acme',
        currency: 'EUR',
        projects: 2,
        records: 2,
        durationS: 10_800,
        rateE4: 2_700_000,
        firstDay: '2026-11-02',
        lastDay: '2026-11-03',
        edited: [],
      },
      { name: 'Acme GmbH', projects: 2 },
      { name: 'Other', currency: 'USD' },
    ]);
    const projects = await app.call('projects.list', { customerId: customers[0]!.id });
    expect(projects).toMatchObject([
      { name: 'Shop', records: 1 },
      { name: 'Website', customerName: 'Acme', durationS: 3600, rateE4: 900_000 },
    ]);
  });

  it('records: filters, search, order, paging and sums', async () => {
    const all = await app.call('records.list', {});
    expect(all).toMatchObject({ total: 5, durationS: 25_200 });
    expect(all.rows.map(({ day }) => day)).toEqual([
      '2026-11-06',
      '2026-11-05',
      '2026-11-04',
      '2026-11-03',
      '2026-11-02',
    ]);
    expect(all.rows[4]).toMatchObject({
      begin: '09:00',
      end: '10:00',
      user: 'Anna',
      rateE4: 900_000,
    });
    const list = async (filter: Input<'records.list'>): Promise<string[]> =>
      (await app.call('records.list', filter)).rows.map(({ description }) => description);
    const customerId = await idOf('Acme');
    expect(await list({ customerId })).toEqual(['Second', 'First']);
    expect(await list({ projectId: await projectId('Acme', 'Shop') })).toEqual(['Second']);
    expect(await list({ firstDay: '2026-11-03', lastDay: '2026-11-04' })).toHaveLength(2);
    expect(await list({ search: '100%' })).toEqual(['100% done']);
    expect(await list({ search: 'bert' })).toHaveLength(3);
    expect(await list({ offset: 4, limit: 1 })).toEqual(['First']);
    expect(await app.call('records.list', { customerId, search: 'sec' })).toMatchObject({
      total: 1,
      durationS: 7200,
    });
    expect(await list({ state: 'hidden' })).toEqual([]);
  });
});

describe('edits', () => {
  it('of a customer are marked and can be taken back', async () => {
    const id = await idOf('Acme');
    const before = dump();
    const { undoId } = await app.call('customers.update', {
      id,
      patch: { color: '#123456', budgetE4: 5_000_000, budgetType: 'month', comment: 'Good' },
    });
    const [customer] = await app.call('customers.list');
    expect(customer).toMatchObject({
      color: '#123456',
      budgetE4: 5_000_000,
      budgetType: 'month',
      comment: 'Good',
    });
    expect(customer!.edited.sort()).toEqual(['budgetE4', 'budgetType', 'color', 'comment']);
    await app.call('changes.undo', { undoId });
    expect(dump()).toBe(before);
    expect(await app.call('changes.list')).toMatchObject([
      { undoId, what: 'customers.update', undone: true },
    ]);
    await expect(app.call('changes.undo', { undoId })).rejects.toThrow('not_found');
  });

  it('an undo that comes too late is refused', async () => {
    const id = await projectId('Acme', 'Shop');
    const { undoId } = await app.call('projects.update', { id, patch: { visible: false } });
    await app.call('projects.update', { id, patch: { visible: true } });
    const before = dump();
    await expect(app.call('changes.undo', { undoId })).rejects.toThrow('undo_expired');
    expect(dump()).toBe(before);
  });

  it('hide records and correct the billable flag, through a re-import', async () => {
    const before = dump();
    const { rows } = await app.call('records.list', {});
    const ids = rows.slice(0, 2).map(({ id }) => id);
    const { undoId } = await app.call('records.update', {
      ids,
      patch: { hidden: true, billable: false },
    });
    expect((await app.call('records.list', { state: 'edited' })).total).toBe(2);
    expect(await app.call('records.list', { state: 'hidden' })).toMatchObject({
      total: 2,
      durationS: 12_600,
    });
    expect((await app.call('records.list', {})).total).toBe(5);
    const customers = await app.call('customers.list');
    expect(customers.find(({ name }) => name === 'Other')).toMatchObject({ records: 0 });

    const job = await app.openBytes('export.csv', file(...lines));
    expect(job.preview!.counts).toMatchObject({ updated: 0, unchanged: 5 });
    const shown = await app.call('imports.rows', { jobId: job.jobId, kind: 'unchanged' });
    expect(shown.rows.map(({ kept }) => kept)).toEqual([
      [],
      [],
      [],
      ['billable', 'hidden'],
      ['billable', 'hidden'],
    ]);
    await app.call('imports.commit', { jobId: job.jobId, digest: job.preview!.digest });
    expect((await app.call('records.list', { state: 'hidden' })).total).toBe(2);

    await app.call('changes.undo', { undoId });
    expect(dump()).toBe(before);
    const again = await app.call('records.update', { ids, patch: { billable: false } });
    await app.call('records.update', { ids, patch: { billable: null } });
    expect((await app.call('records.list', { state: 'edited' })).total).toBe(0);
    await expect(app.call('changes.undo', again)).rejects.toThrow('undo_expired');
  });

  it('of what is not there: not found', async () => {
    const patch = { visible: false };
    await expect(app.call('customers.update', { id: 99, patch })).rejects.toThrow('not_found');
    await expect(app.call('projects.update', { id: 99, patch })).rejects.toThrow('not_found');
    const hide = { ids: [1, 99], patch: { hidden: true } };
    const before = dump();
    await expect(app.call('records.update', hide)).rejects.toThrow('not_found');
    expect(dump()).toBe(before);
  });
});

describe('merging', () => {
  it('customers: records, projects, shares and names move, and come back', async () => {
    const into = await idOf('Acme');
    const from = await idOf('Acme GmbH');
    await share('Acme GmbH');
    const whole = await share('Acme GmbH', {
      options: { projectSelection: 'selected' },
      projectIds: [await projectId('Acme GmbH', 'Website'), await projectId('Acme GmbH', 'Blog')],
    } as never);
    const before = dump();
    const { undoId } = await app.call('customers.merge', { fromId: from, intoId: into });
    expect(await app.call('customers.list')).toMatchObject([
      { name: 'Acme', projects: 3, records: 4, durationS: 14_400, shares: 2 },
      { name: 'Other' },
    ]);
    const shares = await app.call('shares.list');
    const picked = shares.find(({ id }) => id === whole.id)!;
    expect(picked).toMatchObject({ customerId: into });
    expect(picked.projectIds.sort()).toEqual(
      [await projectId('Acme', 'Website'), await projectId('Acme', 'Blog')].sort(),
    );
    // An export that still has the old name means the customer that took over.
    const job = await app.importBytes('again.csv', file(...lines));
    expect(job.preview!.counts).toMatchObject({ inserted: 0, updated: 0, unchanged: 5 });
    await app.call('changes.undo', { undoId });
    expect(dump()).toBe(before);
  });

  it('projects: a share of one shows the other, never one of another customer', async () => {
    const website = await projectId('Acme', 'Website');
    const shop = await projectId('Acme', 'Shop');
    const one = await share('Acme', { projectId: shop });
    const list = await share('Acme', {
      options: { projectSelection: 'selected' },
      projectIds: [shop],
    } as never);
    const before = dump();
    const { undoId } = await app.call('projects.merge', { fromId: shop, intoId: website });
    const shares = await app.call('shares.list');
    expect(shares.find(({ id }) => id === one.id)).toMatchObject({ projectId: website });
    expect(shares.find(({ id }) => id === list.id)).toMatchObject({ projectIds: [website] });
    const [merged] = await app.call('projects.list', { customerId: await idOf('Acme') });
    expect(merged).toMatchObject({ name: 'Website', records: 2, durationS: 10_800 });
    const again = await app.openBytes('again.csv', file(...lines));
    expect(again.preview!.counts).toMatchObject({ inserted: 0, updated: 0 });
    await app.call('changes.undo', { undoId });
    expect(dump()).toBe(before);

    const foreign = await projectId('Acme GmbH', 'Website');
    await app.call('projects.merge', { fromId: shop, intoId: foreign });
    const after = await app.call('shares.list');
    expect(after.find(({ id }) => id === list.id)).toMatchObject({ projectIds: [] });
    expect(after.find(({ id }) => id === one.id)).toMatchObject({
      projectId: foreign,
      customerId: await idOf('Acme GmbH'),
    });
  });

  it('two currencies are never merged, nor a thing with itself', async () => {
    const fromId = await idOf('Other');
    const intoId = await idOf('Acme');
    const before = dump();
    const twoCurrencies = {
      code: 'merge_two_currencies',
      params: { from: 'USD', into: 'EUR' },
    };
    const merge = app.call('customers.merge', { fromId, intoId });
    await expect(merge).rejects.toMatchObject(twoCurrencies);
    const projects = app.call('projects.merge', {
      fromId: await projectId('Other', 'Website'),
      intoId: await projectId('Acme', 'Website'),
    });
    await expect(projects).rejects.toMatchObject(twoCurrencies);
    const withItself = app.call('customers.merge', { fromId, intoId: fromId });
    await expect(withItself).rejects.toThrow('merge_with_itself');
    expect(dump()).toBe(before);
    await expect(app.call('customers.merge', { fromId, intoId: 99 })).rejects.toThrow('not_found');
  });

  it('blocks the undo of an import whose records moved, until it is undone itself', async () => {
    const [entry] = await app.call('imports.list');
    expect(entry!.undoable).toBe(true);
    const { undoId } = await app.call('customers.merge', {
      fromId: await idOf('Acme GmbH'),
      intoId: await idOf('Acme'),
    });
    expect((await app.call('imports.list'))[0]!.undoable).toBe(false);
    const undo = { importId: entry!.id };
    await expect(app.call('imports.undo', undo)).rejects.toThrow('import_undo_blocked');
    await app.call('changes.undo', { undoId });
    await app.call('imports.undo', undo);
    expect(await app.call('customers.list')).toEqual([]);
  });
});

it('filters of the list of records are kept under names', async () => {
  const names = async () => (await app.call('records.filters')).map(({ name }) => name);
  expect(await names()).toEqual([]);
  await app.call('records.saveFilter', { name: ' Acme ', query: 'search=acme' });
  await app.call('records.saveFilter', { name: 'Longest', query: 'by=duration' });
  await app.call('records.saveFilter', { name: 'Acme', query: 'customer=1' });
  expect(await app.call('records.filters')).toEqual([
    { name: 'Acme', query: 'customer=1' },
    { name: 'Longest', query: 'by=duration' },
  ]);
  await app.call('records.removeFilter', { name: 'Acme' });
  await app.call('records.removeFilter', { name: 'never there' });
  expect(await names()).toEqual(['Longest']);
  for (const name of ['', '  ', 'x'.repeat(101)]) {
    await expect(app.call('records.saveFilter', { name, query: '' })).rejects.toMatchObject({
      code: 'invalid_input',
    });
  }
  for (let n = 1; n <= 50; n++) {
    await app.call('records.saveFilter', { name: `Filter ${n}`, query: '' });
  }
  // The oldest one went.
  expect(await names()).toHaveLength(50);
  expect((await names())[0]).toBe('Filter 1');
});
