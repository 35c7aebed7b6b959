/** The writing worker, which a test can hold. */
import { RecordWriter } from '../../src-main/import/write/record-writer.ts';
import { Planner } from '../../src-main/import/plan/timesheet-plan.ts';
import { holdOperations, stopAt, tellEachStep } from './held-points.ts';

const { finish: plan } = Planner.prototype;
Planner.prototype.finish = function (...input) {
  stopAt('planning');
  return plan.apply(this, input);
};

const { write, finish } = RecordWriter.prototype;
RecordWriter.prototype.write = function (planned) {
  write.call(this, planned);
  stopAt('rows written');
};
RecordWriter.prototype.finish = function () {
  stopAt('last step');
  const written = finish.call(this);
  stopAt('written whole');
  return written;
};
tellEachStep();
holdOperations();

await import('../../src-main/import/jobs/writer-worker.ts');
