import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';

/** The name of the program that listens on a port, where Linux tells it; else null. */
export function portHolder(port: number): string | null {
  if (process.platform !== 'linux') return null;
  try {
    const inodes = new Set(
      ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => listening(file, port)),
    );
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      if (hasSocket(pid, inodes)) return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
    }
  } catch {
    // What the system keeps to itself stays unknown.
  }
  return null;
}

/** Lines: number, local address as hex `IP:PORT`, remote address, state (0A: listening) … inode. */
function listening(file: string, port: number): string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => state === '0A' && local?.endsWith(`:${hex}`))
    .map((fields) => fields[9]!);
}

function hasSocket(pid: string, inodes: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
      return inode !== undefined && inodes.has(inode);
    });
  } catch {
    // Another user's process, or it has ended.
    return false;
  }
}

const mostTries = 50;

/** The next port above one that nobody listens on; null if there is none near. */
export async function nextFreePort(port: number): Promise<number | null> {
  const first = port < 1024 || port > 65_000 ? 8724 : port + 1;
  for (let tried = first; tried < first + mostTries; tried++) {
    if (await isFree(tried)) return tried;
  }
  return null;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
