/** `npm run test:sync -- DIR`, which compares our store with any recording of a Kimai. */
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { runScript } from '../../support/run-script.ts';

const root = resolve(import.meta.dirname, '../../..');

it('npm run test:sync says what a folder lacks, and does not take ours instead', async () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const [node, ...args] = scripts['test:sync']!.split(' ');
  expect(node).toBe('node');
  // As npm does, which hands on what stands after `--`.
  const run = runScript([...args, tmpdir()], root);
  expect(await run.ended).toBe(2);
  expect(run.text()).toContain('There is no sync-sequence.jsonl in');
});
