/** Operations of the writing worker: everything of an import that touches the store. */
import type { MessagePort } from 'node:worker_threads';
import type { DoubtCode } from '../../../src-shared/contract/import-words.ts';
import type { ImportPreview } from '../../../src-shared/contract/imports.ts';
import type { DayNumber } from '../../../src-shared/domain/day.ts';
import { AppError } from '../../../src-shared/errors.ts';
import { postNews } from '../../async/worker-answers.ts';
import { bumpDataVersion } from '../../store/data-version.ts';
import type { CommittedImport, NewImport } from '../../store/changes/imports.ts';
import { undoImport } from '../../store/changes/undo-import.ts';
import { noteUndone } from '../../store/kimai/kimai-imports.ts';
import { connect } from '../../store/open.ts';
import { inTransaction } from '../../store/transactions.ts';
import type { ListContent } from '../plan/list-plan.ts';
import type { Completeness, Replace } from '../plan/plan.ts';
import type { RowsPage } from '../preview/preview.ts';
import type { RowBatch } from '../rows/batch.ts';
import type { WriteControl, WriteStep } from '../write/write-control.ts';
import { BatchSession } from './batch-session.ts';
import { ListSession } from './list-session.ts';
import { defaultNewsEveryMs, type RowsNews } from './rows-news.ts';
import type { RowsWanted } from './session.ts';
import { TimesheetSession, type TimesheetFile } from './timesheet-session.ts';

/** What the reading worker sends. The port closes early if that worker was stopped. */
export type StreamMessage =
  | { type: 'batch'; batch: RowBatch }
  /** `doubts`: what only the whole file told. */
  | { type: 'end'; doubts: DoubtCode[] };

interface OfJob {
  jobId: string;
}

/** A file of a job of several. */
interface OfBatch extends OfJob {
  fileName: string;
  database: string;
  today: DayNumber;
}

interface StreamInput extends OfJob {
  database: string;
  file: TimesheetFile;
  today: DayNumber;
  /** The rows come from here. */
  port: MessagePort;
  /** Not null: write the rows as they come in, if the store is empty. */
  directEntry: NewImport | null;
  cancel: SharedArrayBuffer;
}

interface Streamed {
  preview: ImportPreview;
  /** What was written directly; null: the preview waits. */
  committed: CommittedImport | null;
}

/** By the job's id. */
const sessions = new Map<string, TimesheetSession | ListSession | BatchSession>();

function sessionOf(jobId: string): TimesheetSession | ListSession | BatchSession {
  const session = sessions.get(jobId);
  if (!session) throw new Error('the worker knows nothing of this job');
  return session;
}

function timesheetOf(jobId: string): TimesheetSession {
  const session = sessionOf(jobId);
  if (!(session instanceof TimesheetSession)) throw new Error('a list has no records');
  return session;
}

/** The session of a job of several files, made for the first of them. */
function batchOf({ jobId, database, today }: Omit<OfBatch, 'fileName'>): BatchSession {
  const known = sessions.get(jobId);
  if (known instanceof BatchSession) return known;
  const session = new BatchSession(database, today);
  sessions.set(jobId, session);
  return session;
}

/** What tests and benches set. */
export interface WriterOptions {
  /** Called at each step; `planning`: all rows of a timesheet are there, and are compared next. */
  onStep?: (step: 'planning' | WriteStep) => void;
  /** How often progress is told at most. */
  newsEveryMs?: number;
  withoutSums?: boolean;
}

/** `shared`: its element 0 is not 0 once the owner cancelled. */
const controlOf = (
  shared: SharedArrayBuffer,
  { onStep, withoutSums }: WriterOptions,
): WriteControl => {
  const view = new Int32Array(shared);
  return {
    get cancelled() {
      return Atomics.load(view, 0) !== 0;
    },
    onStep,
    withoutSums,
  };
};

export const createWriter = (options: WriterOptions = {}) => ({
  stream: (input: StreamInput) => stream(input, options),
  planList({
    jobId,
    database,
    content,
    today,
  }: OfJob & { database: string; content: ListContent; today: DayNumber }): ImportPreview {
    const session = new ListSession(database, content, today);
    sessions.set(jobId, session);
    return session.preview;
  },
  /** A list of an import of several files. Files are applied in the order in which they come. */
  addList({ content, fileName, ...ofBatch }: OfBatch & { content: ListContent }): void {
    batchOf(ofBatch).addList(fileName, content);
  },
  collect,
  /** All files of the import are there. */
  planBatch({ jobId, entry }: OfJob & { entry: NewImport }): ImportPreview {
    const session = sessionOf(jobId);
    if (!(session instanceof BatchSession)) throw new Error('this job has one file');
    session.plan(entry);
    return session.preview;
  },
  /** What a connected Kimai told and no import took over yet. `name`: of that Kimai. */
  planKimai({
    name,
    entry,
    ...ofBatch
  }: Omit<OfBatch, 'fileName'> & { name: string; entry: NewImport }): ImportPreview {
    const session = batchOf(ofBatch);
    session.readFromKimai(name);
    session.plan(entry);
    return session.preview;
  },
  rows: ({ jobId, ...wanted }: OfJob & RowsWanted): RowsPage => sessionOf(jobId).rows(wanted),
  refresh({ jobId }: OfJob): ImportPreview {
    const session = sessionOf(jobId);
    session.refresh();
    return session.preview;
  },
  complete({ jobId, complete }: OfJob & { complete: Completeness | null }): ImportPreview {
    const session = timesheetOf(jobId);
    session.setComplete(complete);
    return session.preview;
  },
  replace({ jobId, replace }: OfJob & { replace: Replace }): ImportPreview {
    const session = sessionOf(jobId);
    if (session instanceof ListSession) throw new Error('a list has no records');
    session.setReplace(replace);
    return session.preview;
  },
  commit({
    jobId,
    digest,
    entry,
    cancel,
  }: OfJob & { digest: string; entry: NewImport; cancel: SharedArrayBuffer }): CommittedImport {
    let postedAt = 0;
    return sessionOf(jobId).commit(digest, entry, controlOf(cancel, options), (rows) => {
      const now = performance.now();
      if (now - postedAt < (options.newsEveryMs ?? defaultNewsEveryMs)) return;
      postedAt = now;
      postNews({ jobId, rows, estimatedRows: null } satisfies RowsNews);
    });
  },
  /** Forgets a job. Does nothing if the job is not known (any more). */
  drop({ jobId }: OfJob): void {
    const session = sessions.get(jobId);
    sessions.delete(jobId);
    session?.close();
  },
  undo({ database, importId, now }: { database: string; importId: number; now: number }): void {
    const db = connect(database);
    try {
      inTransaction(db, () => {
        undoImport(db, importId, now);
        noteUndone(db, importId);
        bumpDataVersion(db);
      });
    } finally {
      db.close();
    }
  },
});
export type WriterOperations = ReturnType<typeof createWriter>;

/** Takes rows from the reading worker until it says that they are all there. */
function stream(input: StreamInput, options: WriterOptions): Promise<Streamed> {
  const session = new TimesheetSession(input.database, input.file, input.today);
  const control = controlOf(input.cancel, options);
  const { port, directEntry } = input;
  return new Promise((resolve, reject) => {
    // Batches that were under way still arrive after a failure, and the port tells of its end.
    let isOver = false;
    const fail = (error: unknown): void => {
      if (isOver) return;
      isOver = true;
      port.close();
      session.close();
      reject(error as Error);
    };
    try {
      session.begin(directEntry && { entry: directEntry, control });
    } catch (error) {
      fail(error);
      return;
    }
    port.on('message', (message: StreamMessage) => {
      if (isOver) return;
      try {
        if (message.type === 'batch') {
          session.add(message.batch);
          port.postMessage('ready');
          return;
        }
        options.onStep?.('planning');
        const committed = session.finish(message.doubts);
        sessions.set(input.jobId, session);
        isOver = true;
        port.close();
        resolve({ preview: session.preview, committed });
      } catch (error) {
        fail(error);
      }
    });
    port.on('close', () => fail(new AppError('worker_ended')));
  });
}

/** Takes the rows of one timesheet of several, and keeps them until all files are there. */
function collect({
  file,
  fileName,
  port,
  ...ofBatch
}: OfBatch & { file: TimesheetFile; port: MessagePort }): Promise<void> {
  const batches: RowBatch[] = [];
  return new Promise((resolve, reject) => {
    let isOver = false;
    port.on('message', (message: StreamMessage) => {
      if (message.type === 'batch') {
        batches.push(message.batch);
        port.postMessage('ready');
        return;
      }
      const late = message.doubts.filter((code) => !file.notices.includes(code));
      const notices = [...late, ...file.notices];
      batchOf(ofBatch).addTimesheet(fileName, { ...file, notices }, batches);
      isOver = true;
      port.close();
      resolve();
    });
    port.on('close', () => {
      if (!isOver) reject(new AppError('worker_ended'));
    });
  });
}
