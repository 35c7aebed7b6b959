/** `npm run test:sync -- DIR`, which compares our store with any recording of a Kimai. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { outputVariable } from '../../support/kept-output.ts';
import { runScript } from '../../support/run-script.ts';

const root = resolve(import.meta.dirname, '../../..');
let folder: string;
beforeAll(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'recording-')), 'a Kimai of others');
  mkdirSync(folder);
});
afterAll(() => rmSync(join(folder, '..'), { recursive: true }));

/** As npm does, which hands on what stands after `--`. */
async function compare(): Promise<{ code: number | null; text: string }> {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const [node, ...args] = scripts['test:sync']!.split(' ');
  expect(node).toBe('node');
  // A run searches its own output for secrets and removes it: it must not take the one around it.
  const run = runScript([...args, folder], root, { [outputVariable]: undefined });
  return { code: await run.ended, text: run.text() };
}

it('says what a folder lacks, and does not take ours instead', async () => {
  const { code, text } = await compare();
  expect(code).toBe(2);
  expect(text).toContain('There is no sync-sequence.jsonl in');
});

it('compares a folder of that form, wherever it lies', async () => {
  const ours = join(root, 'test/fixtures/golden/kimai-api-2.30');
  // One token is enough: all of ours are compared in test/sync.
  const lines = readFileSync(join(ours, 'sync-sequence.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('"as":"admin"'));
  writeFileSync(join(folder, 'sync-sequence.jsonl'), `${lines.join('\n')}\n`);
  copyFileSync(join(ours, 'final.csv'), join(folder, 'final.csv'));
  const { code, text } = await compare();
  expect(text).toContain('a Kimai of others');
  expect(text).not.toContain('kimai-api-2');
  expect(code, text).toBe(0);
  // A run of tests within one; the limit only ends a hang.
}, 600_000);
