/** Two computers in one: network namespaces with a cable between them. Linux, as root. */
import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { promisify } from 'node:util';
import { findTool } from './tools.ts';

const run = promisify(execFile);
const ip = findTool('ip');

/** Whether namespaces may be made here: containers often forbid it. */
export const hasNamespaces = ((): boolean => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || ip === null) return false;
  const name = `probe-${process.pid}`;
  try {
    execFileSync(ip, ['netns', 'add', name], { stdio: 'ignore' });
    execFileSync(ip, ['netns', 'exec', name, ip, 'link', 'set', 'lo', 'up'], { stdio: 'ignore' });
    execFileSync(ip, ['netns', 'del', name], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

export interface Computer {
  /** Runs `ip` there. */
  ip(...args: string[]): Promise<void>;
  /** Runs Node there; what it prints. Rejects with what it says if it fails. */
  node(...args: string[]): Promise<string>;
  /** Starts Node there, and leaves it running. */
  spawnNode(...args: string[]): ChildProcess;
}

export interface Cable {
  one: Computer;
  other: Computer;
  remove(): Promise<void>;
}

/** Both ends are called `eth0`. */
export async function layCable(oneAddress: string, otherAddress: string): Promise<Cable> {
  const names = ['one', 'other'].map((name) => `portal-${process.pid}-${name}`) as [string, string];
  const children: ChildProcess[] = [];
  const computer = (name: string): Computer => ({
    async ip(...args) {
      await run(ip!, ['-n', name, ...args]);
    },
    async node(...args) {
      const { stdout } = await run(ip!, ['netns', 'exec', name, process.execPath, ...args]);
      return stdout;
    },
    spawnNode(...args) {
      // `ip` becomes the program: to end the one is to end the other.
      const child = spawn(ip!, ['netns', 'exec', name, process.execPath, ...args], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      children.push(child);
      return child;
    },
  });
  for (const name of names) await run(ip!, ['netns', 'add', name]);
  const [one, other] = names.map(computer) as [Computer, Computer];
  await one.ip('link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', names[1]);
  for (const [end, address] of [
    [one, oneAddress],
    [other, otherAddress],
  ] as const) {
    await end.ip('link', 'set', 'lo', 'up');
    await end.ip('addr', 'add', `${address}/24`, 'dev', 'eth0');
    await end.ip('link', 'set', 'eth0', 'up');
    await end.ip('route', 'add', 'default', 'dev', 'eth0');
  }
  return {
    one,
    other,
    async remove() {
      for (const child of children) child.kill('SIGKILL');
      for (const name of names) await run(ip!, ['netns', 'del', name]);
    },
  };
}
