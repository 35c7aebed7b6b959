/** Reverse proxies of Debian that an owner may run, with one of our snippets, on a free port. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTool } from './tools.ts';

export interface Proxy {
  stop(): Promise<void>;
}

const programs = { caddy: 'caddy', apache: 'apache2' } as const;
export type OwnProxy = keyof typeof programs;
export const hasProxy = (kind: OwnProxy): boolean => findTool(programs[kind]) !== null;

const modules = '/usr/lib/apache2/modules';
const configs: Record<OwnProxy, (snippet: string, folder: string, port: number) => string> = {
  caddy: (snippet) => `{\n  admin off\n  auto_https off\n}\n${snippet}`,
  apache: (snippet, folder, port) => `ServerRoot "${folder}"
ServerName localhost
Listen 127.0.0.1:${port}
PidFile "${folder}/pid"
ErrorLog "${folder}/log"
${['mpm_event', 'authz_core', 'proxy', 'proxy_http', 'headers']
  .map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`)
  .join('\n')}
${process.getuid?.() === 0 ? 'User nobody\nGroup nogroup' : ''}
${snippet}`,
};

/** Throws with what it said if it ends at once. */
export async function startProxy(kind: OwnProxy, snippet: string, port: number): Promise<Proxy> {
  const folder = mkdtempSync(join(tmpdir(), `${kind}-`));
  const file = join(folder, 'config');
  writeFileSync(file, configs[kind](snippet, folder, port));
  const args =
    kind === 'caddy'
      ? ['run', '--config', file, '--adapter', 'caddyfile']
      : ['-DFOREGROUND', '-f', file];
  const child = spawn(findTool(programs[kind])!, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
  });
  const kill = (): boolean => child.kill('SIGTERM');
  process.once('exit', kill);
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const answers = (): Promise<boolean> =>
    fetch(`http://localhost:${port}/`).then(
      () => true,
      () => false,
    );
  while (!(await answers())) {
    if (child.exitCode !== null) throw new Error(`${kind} ended: ${said}`);
  }
  return {
    async stop() {
      process.off('exit', kill);
      if (child.exitCode === null) {
        const ended = once(child, 'exit');
        kill();
        await ended;
      }
      rmSync(folder, { recursive: true });
    },
  };
}
