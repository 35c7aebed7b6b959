import { timingSafeEqual } from 'node:crypto';
import scrypt from 'scrypt-js';

/** scrypt's parameters: N = 2^costLog2, block size r, parallelism p. */
export interface HashParameters {
  costLog2: number;
  r: number;
  p: number;
}

/** About 180 ms and 32 MiB a check on two cores of 2024; see docs/adr on scrypt in a worker. */
export const currentParameters: HashParameters = { costLog2: 15, r: 8, p: 1 };

export const saltBytes = 16;
const hashBytes = 32;
/** 2^17 takes 128 MiB: more than that in a stored hash was not written by us. */
const maxCostLog2 = 17;

interface EncodedHash extends HashParameters {
  salt: Buffer;
  hash: Buffer;
}

/** `$scrypt$ln=15,r=8,p=1$salt$hash`, both base64url. Takes the time that the parameters ask for. */
export function hashPassword(
  password: string,
  salt: Uint8Array,
  parameters: HashParameters,
): string {
  const { costLog2, r, p } = parameters;
  const hash = Buffer.from(derive(password, salt, parameters, hashBytes));
  const encodedSalt = Buffer.from(salt).toString('base64url');
  return `$scrypt$ln=${costLog2},r=${r},p=${p}$${encodedSalt}$${hash.toString('base64url')}`;
}

/** Whether the password is the hashed one; compared in constant time. Throws for what is no hash. */
export function matchesHash(password: string, encoded: string): boolean {
  const { salt, hash, ...parameters } = parseHash(encoded);
  return timingSafeEqual(derive(password, salt, parameters, hash.length), hash);
}

/** Whether the hash was made with other parameters than these. */
export function isOutdated(encoded: string, now: HashParameters): boolean {
  const { costLog2, r, p, salt } = parseHash(encoded);
  return costLog2 !== now.costLog2 || r !== now.r || p !== now.p || salt.length !== saltBytes;
}

function derive(
  password: string,
  salt: Uint8Array,
  { costLog2, r, p }: HashParameters,
  length: number,
): Uint8Array {
  return scrypt.syncScrypt(Buffer.from(password, 'utf8'), salt, 2 ** costLog2, r, p, length);
}

function parseHash(encoded: string): EncodedHash {
  const match = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([\w-]+)\$([\w-]+)$/.exec(encoded);
  const costLog2 = Number(match?.[1]);
  const r = Number(match?.[2]);
  const p = Number(match?.[3]);
  if (!match || costLog2 < 1 || costLog2 > maxCostLog2 || r < 1 || r > 32 || p < 1 || p > 16) {
    throw new Error('not a password hash of ours');
  }
  const [salt, hash] = [match[4]!, match[5]!].map((text) => Buffer.from(text, 'base64url'));
  return { costLog2, r, p, salt: salt!, hash: hash! };
}
