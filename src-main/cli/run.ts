import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { contract, isMethodName, type MethodName, type Output } from '../../src-shared/contract.ts';
import type { ImportCounts } from '../../src-shared/contract/imports.ts';
import { parseOptions, type Words } from '../program/arguments.ts';
import { createClient, type Client } from '../program/client.ts';
import { defaultDataDir } from '../program/data-dir.ts';
import { errorText, exitCode } from '../program/error-text.ts';
import { explainFile } from './explain-file.ts';
import { previewFiles, uploadFile } from '../program/import-file.ts';
import type { Translate } from '../program/texts.ts';
import type { Connection } from './connection.ts';
import { generalHelp, methodHelp } from './help.ts';
import { nearestWord } from './nearest-word.ts';

export interface CliWorld {
  t: Translate;
  env: NodeJS.ProcessEnv;
  stdin: NodeJS.ReadableStream;
  out(line: string): void;
  err(line: string): void;
  connect(dataDir: string): Promise<Connection>;
}

/** What the person typed cannot be right; told in one line. */
class UsageError extends Error {}

interface Options {
  data?: string;
  file?: string;
  profile?: string;
  yes?: boolean;
  explain?: boolean;
  help?: boolean;
}

/** What a command prints, and the exit code: 1 if it did not do what it was asked to. */
interface Result {
  value: unknown;
  code: 0 | 1;
}

/**
 * Runs one command: JSON on `out`, one translated line on `err`.
 * Returns the exit code: 0 done, 1 the program refused, 2 wrong usage.
 */
export async function runCli(argv: string[], world: CliWorld): Promise<0 | 1 | 2> {
  const { t, out, err } = world;
  let dataDir: string | null = null;
  try {
    const { values, positionals } = parse(argv);
    const [word, ...rest] = positionals;
    if (values.help === true) {
      out(word === undefined ? generalHelp(t, defaultDataDir()) : methodHelp(t, method(word, t)));
      return 0;
    }
    if (word === undefined) throw new UsageError(t('cli.error.methodMissing'));
    // Everything that can be wrong without a data folder is told before one is made.
    const command =
      word === 'import'
        ? await importCommand(rest, values, world)
        : await callCommand(word, rest, values, world);
    dataDir = resolve(values.data ?? defaultDataDir());
    const connection = await world.connect(dataDir);
    try {
      const client = createClient((request) => connection.call(request));
      await signInIfNeeded(client, values.profile, world);
      const { value, code } = await command(client, connection);
      out(JSON.stringify(value, null, 2));
      return code;
    } finally {
      await connection.close();
    }
  } catch (error) {
    if (error instanceof UsageError) {
      err(error.message);
      return 2;
    }
    const text = errorText(t, error, dataDir);
    if (text === null) throw error;
    err(text);
    return exitCode(error);
  }
}

type Command = (client: Client, connection: Connection) => Promise<Result>;

/** `METHOD [JSON]`; the JSON may be `-` for standard input. */
async function callCommand(
  word: string,
  [json, ...more]: string[],
  { file }: Options,
  { t, stdin, err }: CliWorld,
): Promise<Command> {
  const name = method(word, t);
  if (more[0] !== undefined)
    throw new UsageError(t('cli.error.unknownOption', { option: more[0] }));
  const input = parseJson(json === '-' ? await readAll(stdin) : (json ?? '{}'), t);
  if (file !== undefined) await checkFile(file, t);
  return async (client, { isRunning }) => {
    const upload = file === undefined ? {} : { uploadId: await uploadFile(client, file) };
    // The router checks the input against the contract; here it may be anything.
    const whole = file === undefined ? input : { ...(input as object), ...upload };
    const value = await client(name, whole as never);
    if (name === 'publish.set' && !isRunning) err(t('cli.note.publishLater'));
    return { value, code: 0 };
  };
}

/** `import FILE … [--yes | --explain]`: as one import: what would change, what did, or how the file is read. */
async function importCommand(
  [file, ...more]: string[],
  { yes, explain }: Options,
  { t, err }: CliWorld,
): Promise<Command> {
  if (file === undefined) throw new UsageError(t('cli.error.fileMissing', { file: '' }));
  for (const path of [file, ...more]) await checkFile(path, t);
  if (explain === true) {
    if (more[0] !== undefined)
      throw new UsageError(t('cli.error.unknownOption', { option: more[0] }));
    return async (client) => ({ value: await explainFile(client, file, t), code: 0 });
  }
  return async (client) => {
    const { jobId, preview, files } = await previewFiles(client, file, more);
    // A script cannot see what the owner must have seen.
    const doubts = (preview?.mustSee ?? []).map((key) => t(`imports.notice.${key}`));
    if (yes === true && doubts.length > 0) {
      await client('imports.cancel', { jobId });
      err(t('cli.error.doubts', { doubts: doubts.join(' ') }));
      return { value: preview, code: 1 };
    }
    // What could not be read is named; the others wait for a run without it.
    const failed = files.filter(({ error }) => error !== null);
    if (failed.length > 0) {
      await client('imports.cancel', { jobId });
      for (const { fileName, error } of failed) {
        err(`${fileName}: ${t(`error.${error!.code}`, error!.params)}`);
      }
      return { value: preview, code: 1 };
    }
    const refused = preview === null ? 0 : refusedRows(preview.counts);
    if (yes === true && refused === 0) {
      const value = await client('imports.commit', { jobId, digest: preview?.digest ?? '' });
      return { value, code: 0 };
    }
    await client('imports.cancel', { jobId });
    err(refused === 0 ? t('cli.error.notConfirmed') : t('cli.error.allRefused', { rows: refused }));
    return { value: preview, code: refused === 0 ? 0 : 1 };
  };
}

/** How many rows there are if none of them could be read, else 0. */
function refusedRows({ inserted, updated, unchanged, removed, problems }: ImportCounts): number {
  return inserted + updated + unchanged + removed === 0 ? problems : 0;
}

async function signInIfNeeded(
  client: Client,
  profileName: string | undefined,
  { t, env }: CliWorld,
): Promise<void> {
  const { session } = await client('app.status', {});
  if (session.profile !== null && profileName === undefined) return;
  const password = env.CUSTOMER_PORTAL_PASSWORD;
  const profile = chooseProfile(session, profileName, t);
  if (password === undefined) throw new UsageError(t('cli.error.passwordMissing'));
  await client('session.signIn', { profileId: profile.id, password });
}

function chooseProfile(
  { profiles }: Output<'app.status'>['session'],
  name: string | undefined,
  t: Translate,
): { id: number } {
  const [only, ...others] = profiles;
  if (name === undefined && only !== undefined && others.length === 0) return only;
  if (name === undefined) throw new UsageError(t('cli.error.passwordMissing'));
  const found = profiles.find((profile) => profile.name === name);
  if (found === undefined) throw new UsageError(t('cli.error.profileUnknown', { name }));
  return found;
}

function method(word: string, t: Translate): MethodName {
  if (isMethodName(word)) return word;
  const nearest = nearestWord(word, [...Object.keys(contract), 'import']);
  throw new UsageError(t('cli.error.unknownMethod', { method: word, nearest }));
}

function parseJson(json: string, t: Translate): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new UsageError(t('cli.error.json'));
  }
}

async function checkFile(file: string, t: Translate): Promise<void> {
  try {
    await access(file);
  } catch {
    throw new UsageError(t('cli.error.fileMissing', { file }));
  }
}

function parse(argv: string[]): Omit<Words, 'values'> & { values: Options } {
  return parseOptions(argv, {
    data: { type: 'string' },
    file: { type: 'string' },
    profile: { type: 'string' },
    yes: { type: 'boolean' },
    explain: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  });
}
