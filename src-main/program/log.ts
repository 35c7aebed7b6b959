import { appendFileSync, closeSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { withoutKeys } from '../../src-shared/domain/share-link.ts';
import type { Clock } from '../clock.ts';
import { logLine, type KeptLog, type Log, type LogEntry } from '../log.ts';

/** What, like share keys, must not reach a log even if somebody passes it by mistake. */
const secrets: [RegExp, string][] = [
  [/([?&#]token=)[^\s&"']+/g, '$1[token]'],
  // A slash ends a name: paths of packages (`node_modules/@koa/cors/index.js`) are none.
  [/(?<![^\s<>"'@/])[^\s<>"'@/]+@[^\s<>"'@/.]+\.[^\s<>"'@/,;)]+/g, '[e-mail]'],
];

/**
 * Lines with the time in front (UTC). An error is logged by name, code and stack, its causes
 * too; messages are left out since they may quote anything.
 */
export function createLog(write: (line: string) => void, clock: Clock): Log {
  const line = (level: LogEntry['level'], text: string): void => {
    const clean = secrets.reduce(
      (rest, [pattern, by]) => rest.replace(pattern, by),
      withoutKeys(text),
    );
    write(logLine(clock.now(), level, clean));
  };
  return {
    info: (text) => line('info', text),
    error: (text, error) =>
      line('error', error === undefined ? text : `${text}: ${describe(error)}`),
  };
}

const maxFileBytes = 1024 * 1024;

/** The log of the browser host and of the command line, in their data folder. */
export const logFile = (dataDir: string): string => join(dataDir, 'customer-portal.log');

/**
 * A log in a file: what people read on a terminal are sentences. Before a file grows over 1 MiB it
 * becomes `….old`, so two of them are the most there is, however long the program runs. A line that
 * cannot be written there, as in a folder that does not exist yet or on a full disk, goes to the
 * standard error output.
 */
export function createFileLog(file: string, clock: Clock): KeptLog {
  /** Null: not looked yet. */
  let bytes: number | null = null;
  function append(line: string): void {
    const more = Buffer.byteLength(line);
    bytes ??= statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    if (bytes > 0 && bytes + more > maxFileBytes) {
      renameSync(file, `${file}.old`);
      bytes = 0;
    }
    appendFileSync(file, line, { mode: 0o600 });
    bytes += more;
  }
  const log = createLog((line) => {
    try {
      append(line);
    } catch {
      process.stderr.write(line);
    }
  }, clock);
  return {
    ...log,
    read(maxBytes) {
      const now = readEnd(file, maxBytes);
      const before = readEnd(`${file}.old`, maxBytes - now.length);
      return Buffer.concat([before, now]).toString();
    },
  };
}

/** The last bytes of a file; empty if it cannot be read. */
function readEnd(file: string, maxBytes: number): Buffer {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return Buffer.alloc(0);
  }
  try {
    const { size } = statSync(file);
    const bytes = Buffer.alloc(Math.max(0, Math.min(size, maxBytes)));
    const read = readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
    return bytes.subarray(0, read);
  } catch {
    return Buffer.alloc(0);
  } finally {
    closeSync(descriptor);
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return `a thrown ${typeof error}`;
  const { code } = error as { code?: unknown };
  const frames = (error.stack ?? '').split('\n').filter((frame) => /^\s+at /.test(frame));
  const head = typeof code === 'string' ? `${error.name} ${code}` : error.name;
  const cause = error.cause === undefined ? '' : `\n  caused by ${describe(error.cause)}`;
  return [head, ...frames].join('\n') + cause;
}
