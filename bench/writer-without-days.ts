/** The writing worker without the day roll-up: only to measure what the roll-up costs. */
import { DaySums } from '../src-main/import/write/day-sums.ts';

DaySums.prototype.addNew = () => undefined;
DaySums.prototype.write = () => undefined;

await import('../src-main/import/jobs/writer-worker.ts');
