import { randomUUID } from 'node:crypto';
import type { Reply, Request } from '../../src-shared/contract.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { KeptLog } from '../log.ts';
import type { BuiltFiles } from '../program/built-files.ts';
import { findRunningProgram } from '../program/control.ts';
import { openProgram } from '../program/program.ts';

/** The contract of one data folder, wherever it is answered. */
export interface Connection {
  /** Whether a running program answers; otherwise this process does, for one command. */
  isRunning: boolean;
  call(request: Request): Promise<Reply>;
  close(): Promise<void>;
}

/**
 * Opens the data folder for the length of one command, or reaches the program that has it. A
 * program of our own goes nowhere near the network: it publishes nothing.
 * Throws `data_folder_in_use` if the program that has it cannot be reached (yet).
 */
export async function connect(
  dataDir: string,
  { files, log }: { files: BuiltFiles; log: KeptLog },
): Promise<Connection> {
  const sessionId = randomUUID();
  try {
    const program = await openProgram({ host: 'cli', dataDir, files, log });
    return {
      isRunning: false,
      call: (request) => program.app.call(request, { sessionId }),
      close: () => program.close(),
    };
  } catch (error) {
    const taken = error instanceof AppError && error.code === 'data_folder_in_use';
    const running = taken ? findRunningProgram(dataDir) : null;
    if (running === null) throw error;
    return {
      isRunning: true,
      call: (request) =>
        running.call(request, sessionId).catch((cause: unknown) => {
          // It has ended, or another command has the folder for a moment.
          throw new AppError('data_folder_in_use', {}, { cause });
        }),
      close: () => Promise.resolve(),
    };
  }
}
