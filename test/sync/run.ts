/**
 * `npm run test:sync [-- DIR]`: compares our store with a recorded Kimai after each edit; DIR is a
 * folder with `sync-sequence.jsonl`. Without one, the recordings in test/fixtures/golden.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = process.argv[2];
if (folder !== undefined && !existsSync(join(folder, 'sync-sequence.jsonl'))) {
  console.error(`There is no sync-sequence.jsonl in ${resolve(folder)}.`);
  process.exit(2);
}
const root = resolve(import.meta.dirname, '../..');
const { status } = spawnSync(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', 'test/sync'],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      ...(folder !== undefined && { KIMAI_RECORDING: resolve(folder) }),
    },
  },
);
process.exit(status ?? 1);
