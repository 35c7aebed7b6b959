/** The built program on a server: it goes on after errors, and starts as docs/server.md says. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findRunningProgram } from '../../../src-main/program/control.ts';
import { copyBuilt } from '../../support/built-program.ts';
import { killScripts, oneTimeAddress, runScript } from '../../support/run-script.ts';

const root = resolve(import.meta.dirname, '../../..');
const startsMs = 120_000;

let copies: string;
let built: string;
beforeAll(() => {
  copies = mkdtempSync(join(tmpdir(), 'server-'));
  built = copyBuilt(join(copies, 'built'));
});
afterAll(() => rmSync(copies, { recursive: true }));

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'server-data-'));
});
afterEach(() => {
  // A failed test leaves some.
  killScripts();
  rmSync(dataDir, { recursive: true });
});

/** What a running program answers to the command line. */
async function statusOf(folder: string): Promise<{ unexpected: number }> {
  const reply = await findRunningProgram(folder)!.call({ method: 'app.status', input: {} }, 'test');
  if (!reply.ok) throw new Error(reply.error.code);
  return reply.value as { unexpected: number };
}

it.skipIf(process.platform === 'win32')(
  'errors that nobody caught end nothing: they are logged and told',
  { timeout: startsMs },
  async () => {
    const breaks = `
      process.on('SIGUSR2', () => {
        const secret = ['hunter', 2].join('');
        void Promise.reject(new Error(secret));
        setImmediate(() => { throw new TypeError(secret); });
      });`;
    const preload = `data:text/javascript,${encodeURIComponent(breaks)}`;
    const host = ['out/main/browser-host.js', '--no-open', '--data', dataDir];
    const program = runScript(['--import', preload, ...host], built);
    const [url] = await program.printed(oneTimeAddress);
    program.send('SIGUSR2');
    await expect.poll(async () => (await statusOf(dataDir)).unexpected).toBe(2);
    // The owner's page is there as before.
    expect((await fetch(url, { redirect: 'manual' })).status).toBe(303);
    const cli = runScript(
      ['scripts/cli.js', 'app.log', '{"level":"error"}', '--data', dataDir],
      built,
    );
    expect(await cli.ended).toBe(0);
    const { entries } = JSON.parse(cli.text()) as { entries: { text: string }[] };
    expect(entries.map(({ text }) => text.split('\n')[0])).toEqual([
      'an error that nobody foresaw; the program goes on: TypeError',
      'an error that nobody foresaw; the program goes on: Error',
    ]);
    expect(cli.text() + program.text()).not.toContain('hunter2');
    expect(await program.stop('SIGTERM')).toBe(0);
  },
);

describe('the unit of docs/server.md', () => {
  const docs = readFileSync(join(root, 'docs/server.md'), 'utf8');
  const unit = /```ini\n([^]*?)```/.exec(docs)![1]!;
  const valueOf = (key: string): string => new RegExp(`^${key}=(.*)$`, 'm').exec(unit)![1]!;
  it(
    'starts the program, which says that it is well, and ends in order',
    { timeout: startsMs },
    async () => {
      const [node, ...words] = valueOf('ExecStart').split(' ');
      expect(node).toBe('/usr/bin/node');
      expect(words).toContain(`/var/lib/${valueOf('StateDirectory')}`);
      expect(valueOf('WorkingDirectory')).toBe('/opt/customer-portal');
      // On this machine the program and the folder lie elsewhere, and the port may be taken.
      const here: Record<string, string> = { '/var/lib/customer-portal': dataDir, '8724': '0' };
      const program = runScript(
        words.map((word) => here[word] ?? word),
        built,
      );
      await program.printed(oneTimeAddress);
      const runtime = readFileSync(join(dataDir, 'runtime.json'), 'utf8');
      const { url, token } = JSON.parse(runtime) as { url: string; token: string };
      const headers = { Authorization: `Bearer ${token}` };
      expect((await fetch(`${url}/healthz`, { headers })).status).toBe(200);
      // As systemd ends a service.
      expect(await program.stop('SIGTERM')).toBe(0);
      // The container starts the same.
      const [, command] = /^CMD (\[.*\])$/m.exec(docs)!;
      const folder = words.map((word) => (word.startsWith('/var/lib/') ? '/data' : word));
      expect(JSON.parse(command!)).toEqual(['node', ...folder]);
    },
  );

  const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;
  it.skipIf(!hasSystemd)('is right for systemd', () => {
    const file = join(copies, 'customer-portal.service');
    // A machine may have its Node elsewhere.
    writeFileSync(file, unit.replace('/usr/bin/node', '/bin/sh'));
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', file], {
      encoding: 'utf8',
    });
    expect(stderr.split('\n').filter((line) => line.includes('customer-portal'))).toEqual([]);
    expect(status).toBe(0);
  });
});
