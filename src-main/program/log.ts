import { appendFileSync, renameSync, statSync } from 'node:fs';
import { withoutKeys } from '../../src-shared/domain/portal-address.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';

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
  const line = (level: string, text: string): void => {
    const clean = secrets.reduce(
      (rest, [pattern, by]) => rest.replace(pattern, by),
      withoutKeys(text),
    );
    write(`${clock.now().toISOString()} ${level} ${clean}\n`);
  };
  return {
    info: (text) => line('info', text),
    error: (text, error) =>
      line('error', error === undefined ? text : `${text}: ${describe(error)}`),
  };
}

const maxFileBytes = 1024 * 1024;

/**
 * A log for programs without a terminal. Before a file grows over 1 MiB it becomes `….old`, so two
 * of them are the most there is, however long the program runs.
 */
export function createFileLog(file: string, clock: Clock): Log {
  let bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return createLog((line) => {
    const more = Buffer.byteLength(line);
    if (bytes > 0 && bytes + more > maxFileBytes) {
      renameSync(file, `${file}.old`);
      bytes = 0;
    }
    appendFileSync(file, line, { mode: 0o600 });
    bytes += more;
  }, clock);
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return `a thrown ${typeof error}`;
  const { code } = error as { code?: unknown };
  const frames = (error.stack ?? '').split('\n').filter((frame) => /^\s+at /.test(frame));
  const head = typeof code === 'string' ? `${error.name} ${code}` : error.name;
  const cause = error.cause === undefined ? '' : `\n  caused by ${describe(error.cause)}`;
  return [head, ...frames].join('\n') + cause;
}
