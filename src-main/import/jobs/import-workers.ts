/** The two threads of an import: one reads files, the other one plans and writes. */
import { WorkerClient } from '../../async/worker-client.ts';
import type { WorkerUrls } from '../../context.ts';
import type { ReaderOperations } from './reader.ts';
import type { RowsNews } from './rows-news.ts';
import type { WriterOperations } from './writer.ts';

export interface ImportWorkers {
  reader: WorkerClient<ReaderOperations, RowsNews>;
  writer: WorkerClient<WriterOperations, RowsNews>;
}

/**
 * Rows live for one batch only. With the default, which grows to 48 MB and more, importing a
 * million of them peaks at 500 MB instead of 400, and is no quicker.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 16 };

interface Listeners {
  onNews(news: RowsNews): void;
  onReaderDeath(cause: Error): void;
  /** All plans and open transactions are lost. */
  onWriterDeath(cause: Error): void;
}

export function createImportWorkers(urls: WorkerUrls, listeners: Listeners): ImportWorkers {
  const { onNews, onReaderDeath, onWriterDeath } = listeners;
  const common = { resourceLimits, onNews };
  return {
    reader: new WorkerClient({ ...common, url: urls.importReader, onDeath: onReaderDeath }),
    writer: new WorkerClient({ ...common, url: urls.importWriter, onDeath: onWriterDeath }),
  };
}
