import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { BatchWriter } from '../../src-main/import/rows/batch-writer.ts';
import { fullTraits } from '../../src-main/import/plan/file-traits.ts';
import type { ListContent } from '../../src-main/import/plan/list-plan.ts';
import { ListSession } from '../../src-main/import/jobs/list-session.ts';
import {
  TimesheetSession,
  type TimesheetFile,
} from '../../src-main/import/jobs/timesheet-session.ts';
import type { ImportRecord, RowProblem } from '../../src-main/import/rows/types.ts';
import type { CommittedImport, NewImport } from '../../src-main/store/changes/imports.ts';
import { databaseFile, openStore, type Store } from '../../src-main/store/open.ts';
import { rollupDifferences } from '../../src-main/store/records/rollup.ts';

export const goOn = { cancelled: false };
export const ignore = (): void => undefined;
export const today = 20261124;

export const entry = (kind: NewImport['kind'] = 'timesheet'): NewImport => ({
  fileName: 'export.csv',
  fileDigest: new Uint8Array(32),
  kind,
  importedAt: Date.UTC(2026, 10, 24),
});

/** A file that states everything, to the second. */
export const fullFile: TimesheetFile = { ...fullTraits, notices: [] };

let line = 1;

/** A row as the reader gives it; what is not said is as in a loss-free export without id. */
export function row(values: Partial<ImportRecord> = {}): ImportRecord {
  return {
    line: ++line,
    day: 20261102,
    beginMin: 540,
    endMin: 600,
    running: false,
    durationS: 3600,
    rateE4: 900_000,
    hourlyRateE4: 900_000,
    fixedRateE4: null,
    currency: 'EUR',
    displayName: 'Anna Muster',
    login: 'anna',
    customer: 'Acme',
    project: 'Website',
    activity: 'Development',
    description: 'Work',
    exported: false,
    billable: true,
    tags: '',
    ...values,
  };
}

export interface TestStore {
  dataDir: string;
  db: Store;
  /** A session with these rows, planned; the caller commits or closes it. */
  open(
    rows: ImportRecord[],
    file?: Partial<TimesheetFile>,
    problems?: RowProblem[],
  ): TimesheetSession;
  /** Imports rows and returns the counts. */
  add(rows: ImportRecord[], file?: Partial<TimesheetFile>): CommittedImport;
  list(content: ListContent): CommittedImport;
  all<T = Record<string, unknown>>(sql: string, ...params: unknown[]): T[];
  /** Everything an import or edit may change, apart from histories. */
  dump(): string;
  close(): void;
}

const dumped = [
  'customers',
  'projects',
  'users',
  'activities',
  'records',
  'project_days',
  'customer_aliases',
  'project_aliases',
  'shares',
  'share_projects',
];

/** A store on a file and imports without the workers around them. */
export function createTestStore(): TestStore {
  const dataDir = mkdtempSync(join(tmpdir(), 'import-'));
  const db = openStore(dataDir);
  const database = databaseFile(dataDir);
  const store: TestStore = {
    dataDir,
    db,
    open(rows, file = {}, problems = []) {
      const session = new TimesheetSession(database, { ...fullFile, ...file }, today);
      const writer = new BatchWriter();
      session.begin(null);
      for (const one of rows) writer.add(one);
      for (const problem of problems) writer.addProblem(problem);
      session.add(writer.take());
      session.finish();
      return session;
    },
    add(rows, file) {
      const session = store.open(rows, file);
      const committed = session.commit(session.preview.digest, entry(), goOn, ignore);
      session.close();
      expect(rollupDifferences(db)).toEqual([]);
      return committed;
    },
    list(content) {
      const session = new ListSession(database, content, today);
      const committed = session.commit(session.preview.digest, entry(content.kind), goOn);
      session.close();
      return committed;
    },
    all: <T>(sql: string, ...params: unknown[]) => db.prepare(sql).all(...params) as T[],
    dump: () =>
      dumped
        .map(
          (table) =>
            `${table} ${JSON.stringify(db.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all())}`,
        )
        .join('\n'),
    close() {
      expect(rollupDifferences(db)).toEqual([]);
      db.close();
      rmSync(dataDir, { recursive: true });
    },
  };
  return store;
}
