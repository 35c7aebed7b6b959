import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { isMethodName, type Output } from '../../src-shared/contract.ts';
import { AppError } from '../../src-shared/errors.ts';
import { wrongOption } from '../program/arguments.ts';
import { createClient, type Client } from '../program/client.ts';
import { defaultDataDir } from '../program/data-dir.ts';
import { previewFile, uploadFile } from '../program/import-file.ts';
import type { Translate } from '../program/texts.ts';
import type { Connection } from './connection.ts';
import { generalHelp, methodHelp } from './help.ts';

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
  data?: string | undefined;
  file?: string | undefined;
  profile?: string | undefined;
  yes?: boolean | undefined;
}

/**
 * Runs one command: JSON on `out`, one translated line on `err`.
 * Returns the exit code: 0 done, 1 the program refused, 2 wrong usage.
 */
export async function runCli(argv: string[], world: CliWorld): Promise<0 | 1 | 2> {
  const { t, out, err } = world;
  try {
    const { values, positionals } = parse(argv, t);
    const [word, ...rest] = positionals;
    if (values.help === true) {
      out(word === undefined ? generalHelp(t, defaultDataDir()) : methodHelp(t, method(word)));
      return 0;
    }
    if (word === undefined) throw new UsageError(t('cli.error.methodMissing'));
    // Everything that can be wrong without a data folder is told before one is made.
    const command =
      word === 'import'
        ? await importCommand(rest, values, world)
        : await callCommand(word, rest, values, world);
    const connection = await world.connect(resolve(values.data ?? defaultDataDir()));
    try {
      const client = createClient((request) => connection.call(request));
      await signInIfNeeded(client, values.profile, world);
      out(JSON.stringify(await command(client), null, 2));
      return 0;
    } finally {
      await connection.close();
    }
  } catch (error) {
    if (error instanceof UsageError) {
      err(error.message);
      return 2;
    }
    if (!(error instanceof AppError)) throw error;
    err(t(`error.${error.code}`, error.params));
    return 1;
  }
}

type Command = (client: Client) => Promise<unknown>;

/** `METHOD [JSON]`; the JSON may be `-` for standard input. */
async function callCommand(
  word: string,
  [json, ...more]: string[],
  { file }: Options,
  { t, stdin }: CliWorld,
): Promise<Command> {
  const name = method(word);
  if (more[0] !== undefined)
    throw new UsageError(t('cli.error.unknownOption', { option: more[0] }));
  const input = parseJson(json === '-' ? await readAll(stdin) : (json ?? '{}'), t);
  if (file !== undefined) await checkFile(file, t);
  return async (client) => {
    // The router checks the input against the contract; here it may be anything.
    if (file === undefined) return client(name, input as never);
    return client(name, {
      ...(input as object),
      uploadId: await uploadFile(client, file),
    } as never);
  };
}

/** `import FILE [--yes]`: what would change, or what did. */
async function importCommand(
  [file, ...more]: string[],
  { yes }: Options,
  { t, err }: CliWorld,
): Promise<Command> {
  if (file === undefined) throw new UsageError(t('cli.error.fileMissing', { file: '' }));
  if (more[0] !== undefined)
    throw new UsageError(t('cli.error.unknownOption', { option: more[0] }));
  await checkFile(file, t);
  return async (client) => {
    const { jobId, preview } = await previewFile(client, file);
    if (yes === true) {
      return client('imports.commit', { jobId, digest: preview?.digest ?? '' });
    }
    await client('imports.cancel', { jobId });
    err(t('cli.error.notConfirmed'));
    return preview;
  };
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

function method(word: string): Parameters<typeof methodHelp>[1] {
  if (!isMethodName(word)) throw new AppError('unknown_method');
  return word;
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

function parse(argv: string[], t: Translate) {
  try {
    return parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        data: { type: 'string' },
        file: { type: 'string' },
        profile: { type: 'string' },
        yes: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(t('cli.error.unknownOption', { option: wrongOption(error, argv) }));
  }
}
