import { z } from 'zod';
import { moment, none } from './common.ts';
import { query } from './method.ts';

export const logLevels = ['info', 'error'] as const;

/** So many entries of the log are shown at most. */
export const maxLogEntries = 500;

export const logEntry = z.strictObject({
  at: moment,
  level: z.enum(logLevels),
  /** English, for whoever looks for a cause; of an error with the places in the program. */
  text: z.string(),
});
export type LogEntry = z.infer<typeof logEntry>;

export const diagnosticsMethods = {
  /** What the program noted, the newest first. `level`: `info` is everything. */
  'app.log': query(
    'system_configuration',
    z.strictObject({ level: z.enum(logLevels).default('info') }),
    z.strictObject({ entries: z.array(logEntry).max(maxLogEntries) }),
  ),
  /**
   * A text about the program, this computer and the size of the data, with the end of the log, for
   * whoever is asked for help. No name, link, amount or path of the owner is in it.
   */
  'app.diagnostics': query(
    'system_configuration',
    none,
    z.strictObject({ fileName: z.string(), text: z.string() }),
  ),
};
