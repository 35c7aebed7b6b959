/** Operations of the reading worker: reads files and sends their rows to the writing worker. */
import type { MessagePort } from 'node:worker_threads';
import { transferList } from '../rows/batch.ts';
import { BatchWriter } from '../rows/batch-writer.ts';
import type { ListContent } from '../plan/list-plan.ts';
import {
  analyseFile,
  noticesOf,
  readCustomers,
  readProjects,
  readTimesheet,
  type Remembered,
} from '../read/read-file.ts';
import type { DoubtCode, NoticeCode } from '../../../src-shared/contract/import-words.ts';
import type { FileAnalysis, ReadingChoices } from '../rows/types.ts';
import { postNews } from '../../async/worker-answers.ts';
import { defaultNewsEveryMs, type RowsNews } from './rows-news.ts';
import type { StreamMessage } from './writer.ts';

export interface Analysed {
  analysis: FileAnalysis;
  notices: NoticeCode[];
}

/**
 * Batches on their way: the other side takes them in bursts, and keeps them all until the import is
 * decided.
 */
const maxUnderWay = 64;

const analysed = (analysis: FileAnalysis): Analysed => ({
  analysis,
  notices: noticesOf(analysis),
});

/** What tests set. */
export interface ReaderOptions {
  /** Called before rows that were read are sent. */
  onRowsRead?: () => void;
  /** How often progress is told at most. */
  newsEveryMs?: number;
}

export const createReader = (options: ReaderOptions = {}) => ({
  analyse: async (input: {
    path: string;
    remembered: Remembered;
    choices: ReadingChoices;
    knownNames: string[];
  }) =>
    analysed(
      await analyseFile(input.path, {
        remembered: input.remembered,
        choices: input.choices,
        knownNames: new Set(input.knownNames),
      }),
    ),
  read: (input: ReadInput) => read(input, options),
  readList: async ({
    path,
    analysis,
  }: {
    path: string;
    analysis: FileAnalysis;
  }): Promise<ListContent> => {
    if (analysis.kind === 'customers') {
      const { rows, problems } = await readCustomers(path);
      return { kind: 'customers', entries: rows, problems };
    }
    const { rows, problems } = await readProjects(path);
    return { kind: 'projects', entries: rows, problems };
  },
});
export type ReaderOperations = ReturnType<typeof createReader>;

interface ReadInput {
  jobId: string;
  path: string;
  analysis: FileAnalysis;
  port: MessagePort;
}

/** Sends all rows to `port` in batches, no faster than the other side takes them. */
async function read(
  { jobId, path, analysis, port }: ReadInput,
  { onRowsRead, newsEveryMs = defaultNewsEveryMs }: ReaderOptions,
): Promise<void> {
  const batches = new BatchWriter();
  let underWay = 0;
  let goOn: (() => void) | null = null;
  let rows = 0;
  let postedAt = performance.now();
  // The first rows, by which the file was analysed, need not have shown it.
  const doubts = new Set<DoubtCode>();
  port.on('message', () => {
    underWay--;
    goOn?.();
  });

  async function send(): Promise<void> {
    onRowsRead?.();
    const batch = batches.take();
    const message: StreamMessage = { type: 'batch', batch };
    port.postMessage(message, transferList(batch));
    underWay++;
    if (underWay < maxUnderWay) return;
    await new Promise<void>((resolve) => (goOn = resolve));
    goOn = null;
  }

  function tellProgress(bytes: number): void {
    const now = performance.now();
    if (now - postedAt < newsEveryMs) return;
    postedAt = now;
    const estimatedRows = bytes > 0 ? (rows * analysis.stamp.size) / bytes : null;
    postNews({ jobId, rows, estimatedRows } satisfies RowsNews);
  }

  try {
    await readTimesheet(
      path,
      analysis,
      {
        onRecord(record) {
          rows++;
          batches.add(record);
        },
        onProblem(problem) {
          rows++;
          batches.addProblem(problem);
        },
      },
      {
        onBytes: tellProgress,
        onHidden: () => doubts.add('hiddenRows'),
        onDoubts: (found) => found.forEach((code) => doubts.add(code)),
        afterChunk: () => (batches.isFull ? send() : undefined),
      },
    );
    if (!batches.isEmpty) await send();
    port.postMessage({ type: 'end', doubts: [...doubts] } satisfies StreamMessage);
  } catch (error) {
    // The other side drops what it has.
    port.close();
    throw error;
  }
}
