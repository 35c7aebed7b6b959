/** Everything that changes the store, as the kills begin it: what tells whether it is there. */
import { number, text, writeWorkbook, yesNo, type Cell } from '../support/kimai-workbook.ts';
import { importFile, oneValue, type Killable } from './started.ts';

const importRows = 2_000;
/** A kill comes within this time after the change was asked for, of most changes. */
export const longestMs = 250;

/** What tells whether a change is there: the state before it and after it. */
export interface Change {
  what: string;
  /** How long after it was asked for a kill may come. */
  withinMs?: number;
  /** A query of one value that the change alters, and nothing else. */
  watched: string;
  /** Prepares; returns the change and the value afterwards. */
  prepare(
    program: Killable,
    dataDir: string,
    round: number,
  ): Promise<{ run: () => Promise<unknown>; after: unknown }>;
}

/** `round`: another number for each change, so that each has names of its own. */
export const timesheet = (round: number): string =>
  [
    'Date,From,Duration,Customer,Project,Activity,User',
    ...Array.from({ length: importRows }, (_, n) => {
      const day = String(1 + (n % 28)).padStart(2, '0');
      return `2025-11-${day},0${n % 10}:00,1:00,Round ${round},Project ${n % 7},Dev,User ${n}`;
    }),
  ].join('\n');

const listColumns =
  'ID,Name,Company name,Account,VAT-ID,Address,Contact,E-mail,Phone,Mobile,Fax,Homepage,Country,Currency,Timezone,Budget,Hourly quota,Budget-Type,Color,Visible,Comment,Billable';

/** A list of two customers, as Kimai exports one. */
export function customerList(round: number): Buffer {
  const columns = listColumns.split(',');
  const rows = ['a', 'b'].map((letter, index) => {
    const cells: Record<string, Cell> = {
      ID: number(1000 + 2 * round + index),
      Name: text(`Listed ${round}${letter}`),
      Account: text(`${round}${letter}`),
      Country: text('DE'),
      Currency: text('EUR'),
      Timezone: text('Europe/Berlin'),
      Budget: number(1000),
      Visible: yesNo(true),
      Billable: yesNo(true),
    };
    return columns.map((column) => cells[column] ?? null);
  });
  return writeWorkbook([columns.map(text), ...rows]);
}

export const countOf = (dataDir: string, sql: string): number => Number(oneValue(dataDir, sql));
export const records = 'SELECT COUNT(*) FROM records';

export const changes: readonly Change[] = [
  {
    what: 'import',
    withinMs: 500,
    watched: `${records}`,
    prepare: (program, dataDir, round) =>
      Promise.resolve({
        run: () => importFile(program, timesheet(round)),
        after: countOf(dataDir, records) + importRows,
      }),
  },
  {
    what: 'list import',
    watched: `SELECT COUNT(*) FROM customers WHERE name LIKE 'Listed %'`,
    prepare: (program, dataDir, round) =>
      Promise.resolve({
        run: () => importFile(program, customerList(round)),
        after: countOf(dataDir, `SELECT COUNT(*) FROM customers WHERE name LIKE 'Listed %'`) + 2,
      }),
  },
  {
    what: 'undo of an import',
    watched: records,
    async prepare(program, dataDir, round) {
      await importFile(program, timesheet(round));
      const id = countOf(dataDir, 'SELECT MAX(id) FROM imports');
      return {
        run: () => program.call('imports.undo', { importId: id }),
        after: countOf(dataDir, records) - importRows,
      };
    },
  },
  {
    what: 'edit of a share',
    watched: `SELECT group_concat(label || session_version) FROM shares`,
    async prepare(program, dataDir) {
      const [customer] = await program.call('customers.list', {});
      const share = await program.call('shares.create', { customerId: customer!.id, label: 'old' });
      const before = String(oneValue(dataDir, this.watched));
      return {
        run: () => program.call('shares.update', { id: share.id, patch: { label: 'new' } }),
        after: before.replace(/old(\d+)$/, 'new$1'),
      };
    },
  },
  {
    what: 'merge of customers',
    watched: `SELECT COUNT(*) FROM customers`,
    async prepare(program, dataDir, round) {
      await importFile(program, timesheet(round).replaceAll(`Round ${round}`, `Twin ${round}`));
      const all = await program.call('customers.list', {});
      const twin = all.find(({ name }) => name === `Twin ${round}`)!;
      const other = all.find(({ name }) => name !== `Twin ${round}`)!;
      return {
        run: () => program.call('customers.merge', { fromId: twin.id, intoId: other.id }),
        after: countOf(dataDir, 'SELECT COUNT(*) FROM customers') - 1,
      };
    },
  },
  {
    what: 'backup',
    watched: records,
    prepare: (program, dataDir) =>
      Promise.resolve({
        run: () => program.call('backups.make', {}),
        after: countOf(dataDir, records),
      }),
  },
  {
    what: 'restore',
    withinMs: 600,
    watched: records,
    async prepare(program, dataDir, round) {
      const made = await program.call('backups.make', {});
      const after = countOf(dataDir, records);
      await importFile(program, timesheet(round));
      return { run: () => program.call('backups.restore', { id: made.id }), after };
    },
  },
  {
    what: 'settings',
    withinMs: 40,
    watched: `SELECT value FROM settings WHERE key = 'app'`,
    async prepare(program, dataDir) {
      await program.call('settings.set', { theme: 'light' });
      return {
        run: () => program.call('settings.set', { theme: 'dark' }),
        after: String(oneValue(dataDir, this.watched)).replace('light', 'dark'),
      };
    },
  },
];
