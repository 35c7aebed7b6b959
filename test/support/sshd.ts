import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from './free-port.ts';
import { findTool } from './tools.ts';

export const hasSshd =
  process.platform === 'linux' && findTool('sshd') !== null && findTool('ssh-keygen') !== null;

export interface Sshd {
  port: number;
  user: string;
  /** Private keys: one that is let in, one with the passphrase `sesame`, one that is not. */
  keys: { good: string; locked: string; unknown: string };
  /** Fingerprint of the host key. */
  fingerprint(): string;
  /** `config` is added; the host key stays unless `newHostKey`. */
  start(config?: string, newHostKey?: boolean): Promise<void>;
  /** Ends the server and every session at once. */
  stop(): Promise<void>;
  /** From now on nothing is answered, as if the network were gone; `stop` and `start` mend it. */
  freeze(): void;
  remove(): Promise<void>;
}

/** A real OpenSSH server on this computer, as the test's own user. */
export async function createSshd(): Promise<Sshd> {
  const folder = mkdtempSync(join(tmpdir(), 'ssh server-'));
  const file = (name: string): string => join(folder, name);
  const port = await findFreePort();
  const keygen = (name: string, passphrase = ''): void => {
    rmSync(file(name), { force: true });
    const args = ['-q', '-t', 'ed25519', '-N', passphrase, '-f', file(name)];
    execFileSync(findTool('ssh-keygen')!, args);
  };
  for (const name of ['host', 'good', 'unknown']) keygen(name);
  keygen('locked', 'sesame');
  const allowed = ['good', 'locked'].map((name) => readFileSync(file(`${name}.pub`), 'utf8'));
  writeFileSync(file('allowed'), allowed.join(''));
  chmodSync(folder, 0o700);
  let child: ChildProcess | null = null;

  async function stop(): Promise<void> {
    if (child === null) return;
    const ended = child.exitCode === null ? once(child, 'exit') : null;
    // Sessions are processes of their own, and go on without their server.
    for (const pid of [child.pid!, ...descendantsOf(child.pid!)]) kill(pid);
    await ended;
    child = null;
  }

  return {
    port,
    user: userInfo().username,
    keys: { good: file('good'), locked: file('locked'), unknown: file('unknown') },
    fingerprint() {
      const line = execFileSync(findTool('ssh-keygen')!, ['-lf', file('host.pub')]).toString();
      return /SHA256:(\S+)/.exec(line)![1]!;
    },
    async start(config = '', newHostKey = false) {
      if (newHostKey) keygen('host');
      writeFileSync(
        file('config'),
        `${config}
Port ${port}
ListenAddress 127.0.0.1
HostKey "${file('host')}"
AuthorizedKeysFile "${file('allowed')}"
PidFile none
StrictModes no
UsePAM no
KbdInteractiveAuthentication no
`,
      );
      // The privilege separation folder of root's server may not be there.
      if (userInfo().uid === 0) execFileSync('mkdir', ['-p', '/run/sshd']);
      child = spawn(findTool('sshd')!, ['-D', '-e', '-f', file('config')], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      const { pid } = child;
      const killAll = (): void => {
        if (pid !== undefined) for (const one of [pid, ...descendantsOf(pid)]) kill(one);
      };
      process.once('exit', killAll);
      child.once('exit', () => process.off('exit', killAll));
      let said = '';
      child.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
      while (!(await isOpen(port))) {
        if (child.exitCode !== null) throw new Error(`sshd ended: ${said}`);
      }
    },
    stop,
    freeze() {
      for (const pid of descendantsOf(child!.pid!)) process.kill(pid, 'SIGSTOP');
    },
    async remove() {
      await stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Linux keeps a list of each process's children. */
function descendantsOf(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return children
      .split(' ')
      .filter((text) => text !== '')
      .flatMap((text) => [Number(text), ...descendantsOf(Number(text))]);
  } catch {
    // It has ended.
    return [];
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
