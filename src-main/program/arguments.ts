import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { AppError } from '../../src-shared/errors.ts';
import { defaultDataDir } from './data-dir.ts';

export interface ProgramArguments {
  /** Absolute. */
  dataDir: string;
  sample: boolean;
  /** Browser host: the port to listen on, 0 for any. */
  port: number;
  /** Browser host: whether to open the default browser. */
  open: boolean;
}

/**
 * What both hosts understand on their command line. `strict`: unknown words are an error;
 * Electron's own switches come the same way, so there they pass.
 * Throws `invalid_input` with the option as `field`.
 */
export function parseProgramArguments(argv: string[], { strict = true } = {}): ProgramArguments {
  const { values } = parse(argv, strict);
  const sample = values.sample === true;
  const data = typeof values.data === 'string' ? values.data : undefined;
  const port = Number(typeof values.port === 'string' ? values.port : 0);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new AppError('invalid_input', { field: '--port' });
  }
  return {
    dataDir: resolve(data ?? defaultDataDir(sample ? 'sample' : 'own')),
    sample,
    port,
    open: values['no-open'] !== true,
  };
}

function parse(argv: string[], strict: boolean): ReturnType<typeof parseArgs> {
  try {
    return parseArgs({
      args: argv,
      strict,
      allowPositionals: !strict,
      options: {
        data: { type: 'string' },
        port: { type: 'string' },
        sample: { type: 'boolean' },
        'no-open': { type: 'boolean' },
        // Chosen by scripts/start.js before it comes here.
        browser: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new AppError('invalid_input', { field: wrongOption(error, argv) }, { cause: error });
  }
}

/** Which option `parseArgs` complained about: its errors name it only in their message. */
export const wrongOption = (error: unknown, argv: string[]): string =>
  /'(--?[^' ]+)/.exec(error instanceof Error ? error.message : '')?.[1] ?? argv.join(' ');
