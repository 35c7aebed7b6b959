/** What a running program takes of the computer. */
import { globSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Null where the system does not tell, as anywhere but on Linux, or the program has ended. */
export type Usage = { memoryMb: number; files: number } | null;

/** `memoryMb`: resident; `files`: open files, connections among them. */
export function usageOf(pid: number): Usage {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
    return {
      memoryMb: Math.round(kilobytes / 1024),
      files: readdirSync(`/proc/${pid}/fd`).length,
    };
  } catch {
    return null;
  }
}

export const tellUsage = (usage: Usage): string =>
  usage === null ? 'not measured' : `${usage.memoryMb} MB and ${usage.files} open files`;

/** Bytes of all files below a folder, also while some of them go. */
export function bytesIn(folder: string): number {
  return globSync('**/*', { cwd: folder }).reduce(
    (sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}
