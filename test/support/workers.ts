import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = resolve(import.meta.dirname, '../..');

/** The workers that tests start again and again: the program's own, and those that a test can hold. */
export const workerFiles = {
  importReader: 'src-main/import/jobs/reader-worker.ts',
  importWriter: 'src-main/import/jobs/writer-worker.ts',
  password: 'src-main/passwords/worker.ts',
  backup: 'src-main/backup/worker.ts',
  heldReader: 'test/support/held-reader.ts',
  heldWriter: 'test/support/held-writer.ts',
  holeyReader: 'test/support/holey-reader.ts',
};
export type WorkerName = keyof typeof workerFiles;

/** Names the folder of the built workers, for the processes of a test run. */
export const workersVariable = 'CUSTOMER_PORTAL_TEST_WORKERS';

/**
 * A worker, built from its sources at the start of the test run (build-workers.ts): Node needs a
 * third of a second to strip the types of all its files. Outside a test run it is the source.
 */
export function workerUrl(name: WorkerName): URL {
  const built = join(process.env[workersVariable] ?? '', `${name}.js`);
  return pathToFileURL(existsSync(built) ? built : join(root, workerFiles[name]));
}
