/**
 * Facts that must never reach a client, each marked so that any output can be searched for it.
 * They come into the store the way they do in life: by importing a Kimai export that holds them.
 */
import { connect } from '../../src-main/store/open.ts';
import type { TestApp } from './app.ts';

/** Never to be seen by any client, whatever the options. */
export const neverShown = {
  email: 'mail-mark@secret.example',
  staffNumber: 'STAFF-MARK-4711',
  vatId: 'DE-MARK-999888777',
  accountNumber: 'ACCOUNT-MARK-0815',
  orderNumber: 'ORDER-MARK-2024',
  customerComment: 'COMMENT-MARK-CUSTOMER',
  projectComment: 'COMMENT-MARK-PROJECT',
  excludedProject: 'PROJECT-MARK-EXCLUDED',
  otherCustomer: 'CUSTOMER-MARK-RIVAL',
  otherProject: 'PROJECT-MARK-RIVAL',
  hiddenRecord: 'DESCRIPTION-MARK-HIDDEN',
  label: 'LABEL-MARK-OWNER',
  password: 'password-mark-Xy7',
  hash: '$scrypt$',
} as const;

/** Digits of the internal price 9137.31, as a number, as text of any locale and as stored. */
export const internalPrice = /9[.,\s ’']?137/;
/** Of the price 8642.97 and the hourly price 4321.48: only with rates on. */
export const prices = /8[.,\s ’']?642|4[.,\s ’']?321/;
/** Of the budget 7531: only with budgets on. */
export const budgets = /7[.,\s ’']?531/;
/** Only with users on. */
export const userNames = /USERNAME-MARK|login-mark/;

const header =
  'Date,From,To,Duration,Currency,Price,"Internal price","Hourly price","Fixed price",Name,User,' +
  'E-mail,"Staff number",Customer,Project,Activity,Description,Billable,Tags,Type,category,' +
  'Account,"Project number",VAT-ID,"Order number"';

function row(date: string, customer: string, project: string, description: string): string {
  const { email, staffNumber, accountNumber, vatId, orderNumber } = neverShown;
  return (
    `${date},09:00,11:00,2:00,EUR,8642.97,9137.31,4321.48,0,USERNAME-MARK,login-mark,` +
    `${email},${staffNumber},${customer},${project},Coding,${description},1,,timesheet,work,` +
    `${accountNumber},,${vatId},${orderNumber}`
  );
}

export interface MarkedWorld {
  customerId: number;
  projectIds: { shown: number; excluded: number; foreign: number };
}

/** Imports the export, and sets by hand what only the owner's app knows. */
export async function importMarkedWorld(app: TestApp): Promise<MarkedWorld> {
  const { excludedProject, otherCustomer, otherProject, hiddenRecord } = neverShown;
  await app.importBytes(
    'marked.csv',
    [
      header,
      row('2026-11-02', 'Acme', 'Shown work', 'Shown text'),
      row('2026-11-03', 'Acme', 'Shown work', hiddenRecord),
      row('2026-11-04', 'Acme', excludedProject, 'Excluded text'),
      row('2026-10-05', 'Acme', 'Shown work', 'Older text'),
      row('2026-11-05', otherCustomer, otherProject, 'Foreign text'),
      '',
    ].join('\n'),
  );
  const customers = await app.call('customers.list');
  const projects = await app.call('projects.list', {});
  const customerId = customers.find(({ name }) => name === 'Acme')!.id;
  const idOf = (name: string): number => projects.find((project) => project.name === name)!.id;
  const projectIds = {
    shown: idOf('Shown work'),
    excluded: idOf(excludedProject),
    foreign: idOf(otherProject),
  };
  const budget = { budgetE4: 75_310_000, timeBudgetS: 360_000 };
  await app.call('customers.update', {
    id: customerId,
    patch: { comment: neverShown.customerComment, ...budget },
  });
  await app.call('projects.update', {
    id: projectIds.shown,
    patch: { comment: neverShown.projectComment, ...budget },
  });
  const records = await app.call('records.list', { search: hiddenRecord });
  await app.call('records.update', {
    ids: records.rows.map(({ id }) => id),
    patch: { hidden: true },
  });
  return { customerId, projectIds };
}

/** Marks of `neverShown` and the internal price that are in a text. */
export function findMarks(text: string): string[] {
  const found = Object.entries(neverShown).filter(([, mark]) => text.includes(mark));
  const names = found.map(([name]) => name);
  return internalPrice.test(text) ? [...names, 'internalPrice'] : names;
}

/** Everything in the store, as text: what is not in here cannot leak from here. */
export function dumpStore(app: TestApp): string {
  const db = connect(app.database);
  try {
    const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
    return (tables as string[])
      .map((table) => JSON.stringify(db.prepare(`SELECT * FROM ${table}`).all()))
      .join('\n');
  } finally {
    db.close();
  }
}
