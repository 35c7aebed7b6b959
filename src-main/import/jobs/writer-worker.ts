/** Worker thread: everything of an import that touches the store. */
import type { MessagePort } from 'node:worker_threads';
import {
  inTransaction,
  ListSession,
  TimesheetSession,
  type RowsWanted,
  type Session,
  type TimesheetFile,
} from './writer-session.ts';
import type { NewImport } from '../../store/changes/imports.ts';
import { connect } from '../../store/open.ts';
import { bumpDataVersion } from '../../store/data-version.ts';
import type { RowBatch } from '../rows/batch.ts';
import type { CancelFlag } from '../write/cancel.ts';
import type { ListContent } from '../plan/list-plan.ts';
import type { Completeness } from '../plan/timesheet-plan.ts';
import { undoImport } from '../write/undo.ts';
import { answerRequests, postNews } from './worker-answers.ts';

/** From the reading worker; the port closes early if that one was stopped. */
export type StreamMessage = { type: 'batch'; batch: RowBatch } | { type: 'end' };

interface Job {
  job: string;
}

const sessions = new Map<string, Session>();

function sessionOf(job: string): Session {
  const session = sessions.get(job);
  if (!session) throw new Error(`no session ${job}`);
  return session;
}

/** Element 0 of a shared array: not 0 once the owner cancelled. */
const cancelFlag = (shared: SharedArrayBuffer): CancelFlag => {
  const view = new Int32Array(shared);
  return {
    get cancelled() {
      return Atomics.load(view, 0) !== 0;
    },
  };
};

const newsEveryMs = 200;

answerRequests({
  /** Takes rows from the reading worker until it says that they are all there. */
  stream: (
    input: Job & {
      database: string;
      file: TimesheetFile;
      today: number;
      port: MessagePort;
      straight: NewImport | null;
      cancel: SharedArrayBuffer;
    },
  ) => {
    const session = new TimesheetSession(input.database, input.file, input.today);
    const cancel = cancelFlag(input.cancel);
    const { port, straight } = input;
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
        session.begin(straight && { entry: straight, cancel });
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
          const committed = session.finish();
          sessions.set(input.job, session);
          isOver = true;
          port.close();
          resolve({ preview: session.preview, committed });
        } catch (error) {
          fail(error);
        }
      });
      port.on('close', () => fail(new Error('the reading worker stopped')));
    });
  },
  list: (input: Job & { database: string; content: ListContent; today: number }) => {
    const session = new ListSession(input.database, input.content, input.today);
    sessions.set(input.job, session);
    return session.preview;
  },
  rows: ({ job, ...wanted }: Job & RowsWanted) => sessionOf(job).rows(wanted),
  preview: ({ job }: Job) => sessionOf(job).preview,
  refresh: ({ job }: Job) => {
    const session = sessionOf(job);
    session.refresh();
    return session.preview;
  },
  complete: ({ job, complete }: Job & { complete: Completeness | null }) => {
    const session = sessionOf(job) as TimesheetSession;
    session.setComplete(complete);
    return session.preview;
  },
  commit: (input: Job & { digest: string; entry: NewImport; cancel: SharedArrayBuffer }) => {
    let postedAt = 0;
    return sessionOf(input.job).commit(
      input.digest,
      input.entry,
      cancelFlag(input.cancel),
      (rows) => {
        const now = performance.now();
        if (now - postedAt < newsEveryMs) return;
        postedAt = now;
        postNews({ job: input.job, rows, bytes: 0, totalBytes: 0 });
      },
    );
  },
  drop: ({ job }: Job) => {
    sessions.get(job)?.close();
    sessions.delete(job);
  },
  undo: ({ database, importId, now }: { database: string; importId: number; now: number }) => {
    const db = connect(database);
    try {
      inTransaction(db, () => {
        undoImport(db, importId, now);
        bumpDataVersion(db);
      });
    } finally {
      db.close();
    }
  },
});
