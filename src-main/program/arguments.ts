import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultDataDir } from './data-dir.ts';

export interface ProgramArguments {
  /** Absolute. */
  dataDir: string;
  sample: boolean;
  /** Browser host: the port to listen on, 0 for any. */
  port: number;
  /** Browser host: whether to open the default browser. */
  open: boolean;
  /** Whether the browser host is asked for, by its name or by an option that only it has. */
  browser: boolean;
  help: boolean;
}

/** What is wrong with what was typed, told to people by the text `cli.error.<kind>`. */
export class ArgumentError extends Error {
  readonly kind: 'unknownOption' | 'missingValue' | 'wrongValue';
  readonly params: Readonly<{ option: string; value: string }>;

  constructor(kind: ArgumentError['kind'], option: string, value = '') {
    super(kind);
    this.name = 'ArgumentError';
    this.kind = kind;
    this.params = { option, value };
  }
}

/** Takes `--name value` and `--name=value`; more are in `parseArgs` of Node. */
export type OptionTypes = Record<string, { type: 'string' | 'boolean'; short?: string }>;

export interface Words {
  values: Record<string, string | boolean | undefined>;
  /** Words that belong to no option. */
  positionals: string[];
}

/**
 * Splits a command line into options and words. `strict`: options that are not in the table are an
 * error; those of the table have to have their value in any case. Throws `ArgumentError`.
 */
export function parseOptions(argv: string[], options: OptionTypes, { strict = true } = {}): Words {
  const { values, positionals, tokens } = parseArgs({
    args: argv,
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const known = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
    if (known === undefined) {
      if (strict) throw new ArgumentError('unknownOption', token.rawName);
    } else if (known.type === 'boolean') {
      if (token.value !== undefined) {
        throw new ArgumentError('wrongValue', token.rawName, token.value);
      }
    } else if (isMissing(token)) {
      throw new ArgumentError('missingValue', token.rawName);
    }
  }
  return { values: values as Words['values'], positionals };
}

/** `--data --sample`: the second word is an option, not the folder. */
const isMissing = (token: {
  value: string | undefined;
  inlineValue: boolean | undefined;
}): boolean =>
  token.value === undefined ||
  token.value === '' ||
  (token.inlineValue === false && token.value.startsWith('-'));

/**
 * What the start script and both hosts understand on their command line. `strict`: unknown words
 * are an error; Electron's own switches come the same way, so there they pass.
 * Throws `ArgumentError`.
 */
export function parseProgramArguments(argv: string[], { strict = true } = {}): ProgramArguments {
  const { values, positionals } = parseOptions(
    argv,
    {
      data: { type: 'string' },
      port: { type: 'string' },
      sample: { type: 'boolean' },
      'no-open': { type: 'boolean' },
      browser: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
    { strict },
  );
  if (strict && positionals[0] !== undefined) {
    throw new ArgumentError('unknownOption', positionals[0]);
  }
  const sample = values.sample === true;
  const data = typeof values.data === 'string' ? values.data : undefined;
  return {
    dataDir: resolve(data ?? defaultDataDir(sample ? 'sample' : 'own')),
    sample,
    port: readPort(values.port),
    open: values['no-open'] !== true,
    browser: values.browser === true || values['no-open'] === true || values.port !== undefined,
    help: values.help === true,
  };
}

function readPort(text: string | boolean | undefined): number {
  if (typeof text !== 'string') return 0;
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    throw new ArgumentError('wrongValue', '--port', text);
  return port;
}
