/** Lines for whoever runs the program. Never pass keys, passwords, tokens, e-mails or amounts. */
export interface Log {
  info(line: string): void;
  /** `error` is logged by name, code and stack. Its message may be anything, so it is not logged. */
  error(line: string, error?: unknown): void;
}
