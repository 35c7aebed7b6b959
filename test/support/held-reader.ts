/** The reading worker, which a test can hold. */
import { Packer } from '../../src-main/import/rows/packer.ts';
import { stopAt, tellEachStep } from './held-points.ts';

const { take } = Packer.prototype;
Packer.prototype.take = function () {
  stopAt('rows read');
  return take.call(this);
};
tellEachStep();

await import('../../src-main/import/jobs/reader-worker.ts');
