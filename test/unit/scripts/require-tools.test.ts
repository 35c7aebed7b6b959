import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runScript, type ScriptRun } from '../../support/run-script.ts';

const root = resolve(import.meta.dirname, '../../..');
const browsers = resolve('/somewhere/browsers');

/** Looks for the tools in a process where this code was run before, in place of another machine. */
function requireToolsOn(code: string): ScriptRun {
  const before = `data:text/javascript,${encodeURIComponent(code)}`;
  const env = { CUSTOMER_PORTAL_CHROMIUM: '', PLAYWRIGHT_BROWSERS_PATH: browsers };
  const call = `const { requireTools } = await import('./scripts/require-tools.js'); requireTools();`;
  return runScript(['--import', before, '--input-type=module', '-e', call], root, env);
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
    console.log('ran:', [command, ...args].join(' '));
    return { status: exists('/usr/bin/chromium', [...commands, 'apt-get']) ? 0 : 1, stderr: 'no network' };
  };
  process.getuid = () => ${userId};
  syncBuiltinESMExports();`;

const debian = '/etc/debian_version';
const needed = /^The browser tests need Chromium: "apt install chromium", or .*$/m;

describe('before npm test', () => {
  it('a Chromium that is there is enough', async () => {
    const run = requireToolsOn(machine(0, `(path) => path === '/usr/bin/chromium'`));
    expect(await run.ended).toBe(0);
    expect(run.text()).toBe('');
  });

  it('Debian’s is installed where that is allowed', async () => {
    const there = `(path, commands) =>
      path === '${debian}' || (path === '/usr/bin/chromium' && commands.includes('apt-get'))`;
    const run = requireToolsOn(machine(0, there));
    expect(await run.ended).toBe(0);
    expect(run.text()).toMatch(/^ran: apt-get update\n[^]*^ran: apt-get install -y .*chromium$/m);
    // It may take minutes: what is done is told before.
    expect(run.text()).toMatch(/^Browser tests need Chromium\. Installing it: apt-get update\n/m);
  });

  it('says which tests are skipped without the servers they talk to', async () => {
    const there = `(path) => path === '${debian}' || path === '/usr/bin/chromium' || path === '/usr/sbin/sshd'`;
    const run = requireToolsOn(machine(1000, there));
    expect(await run.ended).toBe(0);
    expect(run.text()).toMatch(
      /^Tests of .* are skipped; for them "apt install nginx-light .*vsftpd openssl caddy apache2-bin iproute2"/,
    );
    expect(run.text()).not.toContain('openssh-server');
  });

  it('else Playwright’s', async () => {
    const there = `(path, commands) => path.startsWith('${browsers}') && commands.length > 0`;
    const run = requireToolsOn(machine(1000, there));
    expect(await run.ended).toBe(0);
    expect(run.text()).toMatch(/^ran: .*node.* .*playwright.* install chromium$/m);
  });

  it('else one line says what to install', async () => {
    const run = requireToolsOn(machine(1000, `(path) => path === '${debian}'`));
    expect(await run.ended).toBe(1);
    expect(run.text()).toMatch(needed);
    expect(run.text()).toContain('That failed: no network');
  });
});
