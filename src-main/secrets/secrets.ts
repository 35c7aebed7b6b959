import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../src-shared/errors.ts';
import type { Log } from '../log.ts';
import type { ShareKeySecrets } from './share-key.ts';

/** Secrets of this installation, 32 random bytes each. */
export interface Secrets extends ShareKeySecrets {
  /** Signs the portal's session cookies. */
  cookie: Buffer;
  /** Keys the digests of client addresses. */
  client: Buffer;
}

/**
 * The operating system's secret store (Electron's safeStorage). Both reject if it refuses, and may
 * take as long as its owner needs to answer the system's question.
 */
export interface SecretVault {
  seal(plain: Buffer): Promise<Buffer>;
  open(sealed: Buffer): Promise<Buffer>;
}

export interface LoadedSecrets {
  secrets: Secrets;
  /** Some could not be opened here: the addresses of their shares work, but cannot be shown. */
  someSealed: boolean;
}

const ringSchema = z.strictObject({
  /** Whether `data` has to be opened by the vault. */
  sealed: z.boolean(),
  /** Base64 of 96 bytes: share key, cookie key, client key. */
  data: z.base64(),
});
const fileSchema = z.strictObject({ version: z.literal(1), rings: z.array(ringSchema).min(1) });
type Ring = z.infer<typeof ringSchema>;

const secretBytes = 32;

export const secretsFile = (dataDir: string): string => join(dataDir, 'secrets.json');

/**
 * The secrets of a data folder, made at the first call. They lie in `secrets.json`, which only
 * its owner may read (0600), sealed by the vault if there is one; a plain file is sealed as soon
 * as there is a vault.
 *
 * The file is a list of rings. If this host cannot open any of them (the command line has no
 * vault, a key ring was lost), a new one is added and the others are kept: the portal works on,
 * since addresses are looked up by digest, but keys sealed under a ring that cannot be opened
 * cannot be shown again until it can, and clients have to enter their password again. This is
 * logged. A file that is damaged is put aside as `secrets-damaged.json`.
 * Throws `data_folder_unwritable`.
 */
export async function loadSecrets(
  dataDir: string,
  vault: SecretVault | null,
  log?: Log,
): Promise<LoadedSecrets> {
  const stored = readRings(dataDir, log);
  const opened: (Buffer | null)[] = [];
  // One question of the system at a time.
  for (const ring of stored) opened.push(await openRing(ring, vault));
  const usable = opened.filter((data) => data !== null);
  const someSealed = stored.length > usable.length;
  if (someSealed) {
    log?.error(
      'some secrets of this folder cannot be opened here: addresses of older shares work, but cannot be shown',
    );
  }
  const isSealed = stored.some((ring) => ring.sealed);
  if (usable.length === 0) {
    const made = randomBytes(3 * secretBytes);
    writeRings(dataDir, [...stored, await newRing(made, isSealed ? null : vault, log)]);
    return { secrets: secretsOf([made]), someSealed };
  }
  if (vault !== null && !isSealed) {
    await sealAll(dataDir, usable, vault, log);
  }
  return { secrets: secretsOf(usable), someSealed };
}

function secretsOf(rings: readonly Buffer[]): Secrets {
  const part = (ring: Buffer, index: number): Buffer =>
    ring.subarray(index * secretBytes, (index + 1) * secretBytes);
  const [first, ...rest] = rings as [Buffer, ...Buffer[]];
  return {
    shareKey: part(first, 0),
    cookie: part(first, 1),
    client: part(first, 2),
    otherShareKeys: rest.map((ring) => part(ring, 0)),
  };
}

function readRings(dataDir: string, log: Log | undefined): Ring[] {
  const file = secretsFile(dataDir);
  if (!existsSync(file)) return [];
  try {
    chmodSync(file, 0o600);
    const parsed = fileSchema.safeParse(parseJson(readFileSync(file, 'utf8')));
    if (parsed.success) return parsed.data.rings;
    log?.error('secrets.json is damaged; it is kept as secrets-damaged.json');
    renameSync(file, join(dataDir, 'secrets-damaged.json'));
    return [];
  } catch (error) {
    throw new AppError('data_folder_unwritable', {}, { cause: error });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The bytes of a ring; null if it is sealed and the vault is not there or refuses. */
async function openRing(ring: Ring, vault: SecretVault | null): Promise<Buffer | null> {
  const data = Buffer.from(ring.data, 'base64');
  try {
    const plain = ring.sealed ? await vault?.open(data) : data;
    return plain?.length === 3 * secretBytes ? plain : null;
  } catch {
    // The caller says once, for all rings, that something could not be opened.
    return null;
  }
}

/** Plain files of an earlier run; a vault that refuses leaves them as they are. */
async function sealAll(
  dataDir: string,
  plain: readonly Buffer[],
  vault: SecretVault,
  log: Log | undefined,
): Promise<void> {
  const rings: Ring[] = [];
  for (const data of plain) rings.push(await newRing(data, vault, log));
  if (rings.every(({ sealed }) => sealed)) writeRings(dataDir, rings);
}

/** Sealed, if the vault does it; a key ring that refuses leaves a file that only its owner reads. */
async function newRing(
  plain: Buffer,
  vault: SecretVault | null,
  log: Log | undefined,
): Promise<Ring> {
  const unsealed = { sealed: false, data: plain.toString('base64') };
  if (vault === null) return unsealed;
  try {
    return { sealed: true, data: (await vault.seal(plain)).toString('base64') };
  } catch (error) {
    log?.error('the key ring refused to seal the secrets of this folder', error);
    return unsealed;
  }
}

/** In one step: after a power cut there is the old file or the new one. */
function writeRings(dataDir: string, rings: Ring[]): void {
  const file = secretsFile(dataDir);
  const next = `${file}.new`;
  try {
    rmSync(next, { force: true });
    const handle = openSync(next, 'wx', 0o600);
    try {
      writeFileSync(handle, `${JSON.stringify({ version: 1, rings })}\n`);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(next, file);
  } catch (error) {
    throw new AppError('data_folder_unwritable', {}, { cause: error });
  }
}
