import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runScript, type ScriptRun } from '../../support/run-script.ts';

const root = resolve(import.meta.dirname, '../../..');
const browsers = resolve('/somewhere/browsers');

/** Runs a script in a process where this code was run before it, in place of another machine. */
function runAfter(code: string, script: string): ScriptRun {
  const before = `data:text/javascript,${encodeURIComponent(code)}`;
  const env = { CUSTOMER_PORTAL_CHROMIUM: '', PLAYWRIGHT_BROWSERS_PATH: browsers };
  return runScript(['--import', before, script], root, env);
}

/**
 * A machine on which only the files that `there` says exist, once these commands were run; it
 * runs nothing and prints each command instead.
 */
const machine = (userId: number, there: string): string => `
  import childProcess from 'node:child_process';
  import fs from 'node:fs';
  import { syncBuiltinESMExports } from 'node:module';
  const commands = [];
  const exists = ${there};
  fs.existsSync = (path) => exists(String(path), commands);
  childProcess.spawnSync = (command, args) => {
    commands.push(command);
    console.log([command, ...args].join(' '));
    return { status: 1 };
  };
  process.getuid = () => ${userId};
  syncBuiltinESMExports();`;

const debian = '/etc/debian_version';
const needed = /^The browser tests need Chromium: "apt install chromium", or .*$/m;

describe('before npm test', () => {
  const script = 'scripts/require-chromium.js';

  test('a Chromium that is there is enough', async () => {
    const run = runAfter(machine(0, `(path) => path === '/usr/bin/chromium'`), script);
    expect(await run.ended).toBe(0);
    expect(run.text()).toBe('');
  });

  test('Debian’s is installed where that is allowed', async () => {
    const there = `(path, commands) =>
      path === '${debian}' || (path === '/usr/bin/chromium' && commands.includes('apt-get'))`;
    const run = runAfter(machine(0, there), script);
    expect(await run.ended).toBe(0);
    expect(run.text()).toMatch(/^apt-get update\napt-get install -y .*chromium\n$/);
  });

  test('else Playwright’s', async () => {
    const there = `(path, commands) => path.startsWith('${browsers}') && commands.length > 0`;
    const run = runAfter(machine(1000, there), script);
    expect(await run.ended).toBe(0);
    expect(run.text()).toMatch(/^\S*node\S* \S*playwright\S* install chromium\n$/);
  });

  test('else one line says what to install', async () => {
    const run = runAfter(machine(1000, `(path) => path === '${debian}'`), script);
    expect(await run.ended).toBe(1);
    expect(run.text()).toMatch(needed);
    expect(run.text().trim().split('\n')).toHaveLength(2);
  });
});

describe('before everything that runs', () => {
  const isNode = (version: string): string => `
    const versions = { ...process.versions, node: '${version}' };
    Object.defineProperty(process, 'versions', { value: versions });
    Object.defineProperty(process, 'version', { value: 'v${version}' });`;

  test.each(['20.19.0', '22.12.0'])('Node %s is told in one line', async (version) => {
    const run = runAfter(isNode(version), 'scripts/require-node.js');
    expect(await run.ended).toBe(1);
    expect(run.text()).toContain(`needs Node 24, this is v${version}: run "npm ci" once`);
    expect(run.text().trim().split('\n')).toHaveLength(1);
  });

  test('the pinned one is right', async () => {
    const run = runAfter('', 'scripts/require-node.js');
    expect(await run.ended).toBe(0);
    expect(run.text()).toBe('');
  });
});
