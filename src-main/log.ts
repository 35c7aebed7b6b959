/** Lines for whoever runs the program. Never pass keys, passwords, tokens, e-mails or amounts. */
export interface Log {
  info(line: string): void;
  /** `error` is logged by name, code and stack. Its message may be anything, so it is not logged. */
  error(line: string, error?: unknown): void;
}

/** A log that can be read again. */
export interface KeptLog extends Log {
  /** What was written last, whole lines, the oldest first; at most about `maxBytes` of it. */
  read(maxBytes: number): string;
}

/** What a log says once. `at`: ms since 1970 UTC. `text`: of an error, its stack too. */
export interface LogEntry {
  at: number;
  level: 'info' | 'error';
  text: string;
}

/** One line with the time in front (UTC); a stack goes on below. */
export const logLine = (at: Date, level: LogEntry['level'], text: string): string =>
  `${at.toISOString()} ${level} ${text}\n`;

/** The entries of such lines, in their order. What comes before the first whole one is left out. */
export function parseLog(lines: string): LogEntry[] {
  const entries: LogEntry[] = [];
  for (const line of lines.split('\n')) {
    const head = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) (info|error) (.*)$/.exec(line);
    const last = entries.at(-1);
    if (head) {
      const [, at = '', level, text = ''] = head;
      entries.push({ at: Date.parse(at), level: level as LogEntry['level'], text });
    } else if (last && line !== '') last.text += `\n${line}`;
  }
  return entries;
}
