/** The reading worker, which a test can hold. */
import { BatchWriter } from '../../src-main/import/rows/batch-writer.ts';
import { holdOperations, stopAt, tellEachStep } from './held-points.ts';

const { take } = BatchWriter.prototype;
BatchWriter.prototype.take = function () {
  stopAt('rows read');
  return take.call(this);
};
tellEachStep();
holdOperations();

await import('../../src-main/import/jobs/reader-worker.ts');
