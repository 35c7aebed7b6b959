import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Log } from '../../../../src-main/log.ts';
import {
  loadSecrets,
  secretsFile,
  type Secrets,
  type SecretVault,
} from '../../../../src-main/secrets/secrets.ts';
import {
  createShareKey,
  digestShareKey,
  openShareKey,
  storeShareKey,
} from '../../../../src-main/secrets/share-key.ts';

let dataDir: string;
let logged: string[];
const log: Log = { info: (line) => logged.push(line), error: (line) => logged.push(line) };

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'secrets-'));
  logged = [];
});
afterEach(() => rmSync(dataDir, { recursive: true }));

/** Stands in for the operating system's store: each one opens only what it sealed itself. */
function vaultOf(name: string): SecretVault {
  const mark = Buffer.from(name.padEnd(8));
  return {
    seal: (plain) => Promise.resolve(Buffer.concat([mark, plain.map((byte) => byte ^ 0x5a)])),
    async open(sealed) {
      if (!sealed.subarray(0, 8).equals(mark)) throw new Error('cannot decrypt');
      return Buffer.from(sealed.subarray(8).map((byte) => byte ^ 0x5a));
    },
  };
}
const broken: SecretVault = {
  seal: () => Promise.reject(new Error('no key ring')),
  open: () => Promise.reject(new Error('no key ring')),
};
const mode = (): number => statSync(secretsFile(dataDir)).mode & 0o777;
const text = (): string => readFileSync(secretsFile(dataDir), 'utf8');

const load = async (...args: Parameters<typeof loadSecrets>): Promise<Secrets> =>
  (await loadSecrets(...args)).secrets;

describe('the secrets of a data folder', () => {
  it('are made once, 32 bytes each and all different, for their owner only', async () => {
    const first = await load(dataDir, null, log);
    const all = [first.shareKey, first.cookie, first.client].map((key) => key.toString('hex'));
    expect(new Set(all).size).toBe(3);
    for (const key of all) expect(key).toHaveLength(64);
    expect(mode()).toBe(0o600);
    expect(existsSync(`${secretsFile(dataDir)}.new`)).toBe(false);
    expect(await load(dataDir, null, log)).toEqual(first);
    expect(logged).toEqual([]);
  });

  it('are taken away from others who could read them', async () => {
    await load(dataDir, null, log);
    chmodSync(secretsFile(dataDir), 0o644);
    await load(dataDir, null, log);
    expect(mode()).toBe(0o600);
  });

  it('are sealed where the system has a store, also those that were not', async () => {
    const plain = await load(dataDir, null, log);
    const before = text();
    expect(await load(dataDir, vaultOf('mine'), log)).toEqual(plain);
    const data = (JSON.parse(before) as { rings: { data: string }[] }).rings[0]!.data;
    expect(text()).not.toContain(data);
    expect(mode()).toBe(0o600);
    expect(await load(dataDir, vaultOf('mine'), log)).toEqual(plain);
    expect(logged).toEqual([]);
  });

  it('that cannot be opened are kept and told; what was sealed is shown again with them', async () => {
    const mine = await load(dataDir, vaultOf('mine'), log);
    const key = createShareKey();
    const stored = storeShareKey(key, mine);

    const without = await load(dataDir, null, log);
    expect(logged.join()).toContain('cannot be opened here');
    expect(without.cookie).not.toEqual(mine.cookie);
    expect(openShareKey(stored, without)).toBeNull();
    const other = createShareKey();
    const storedWithout = storeShareKey(other, without);
    // The next time without a vault it is the same ring.
    expect((await load(dataDir, null, log)).cookie).toEqual(without.cookie);

    logged = [];
    const again = await load(dataDir, vaultOf('mine'), log);
    expect(again.cookie).toEqual(mine.cookie);
    expect(openShareKey(stored, again)).toBe(key);
    expect(openShareKey(storedWithout, again)).toBe(other);
    expect(logged).toEqual([]);
  });

  it('of a lost key ring are replaced without a vault that does not work', async () => {
    await load(dataDir, vaultOf('mine'), log);
    const lost = await load(dataDir, vaultOf('yours'), log);
    expect(logged.join()).toContain('cannot be opened here');
    expect(await load(dataDir, vaultOf('yours'), log)).toEqual(lost);
    expect((await load(dataDir, broken, log)).cookie).toEqual(lost.cookie);
  });

  it('say whether some could not be opened, and stay plain where the key ring refuses', async () => {
    expect((await loadSecrets(dataDir, broken, log)).someSealed).toBe(false);
    expect(text()).toContain('"sealed":false');
    expect(logged.join()).toContain('refused to seal');
    expect((await loadSecrets(dataDir, vaultOf('mine'), log)).someSealed).toBe(false);
    expect(text()).toContain('"sealed":true');
    expect((await loadSecrets(dataDir, broken, log)).someSealed).toBe(true);
    expect((await loadSecrets(dataDir, vaultOf('mine'), log)).someSealed).toBe(false);
  });

  it('that are damaged are put aside', async () => {
    writeFileSync(secretsFile(dataDir), '{"version":1,"rings"');
    await load(dataDir, null, log);
    expect(logged.join()).toContain('damaged');
    expect(readFileSync(join(dataDir, 'secrets-damaged.json'), 'utf8')).toContain('rings');
  });

  it('need a folder that can be written to', async () => {
    await expect(loadSecrets(join(dataDir, 'missing'), null, log)).rejects.toThrow(
      'data_folder_unwritable',
    );
  });
});

describe('the key of a share', () => {
  const secrets = { shareKey: Buffer.alloc(32, 7) };

  it('has 192 random bits and needs no escaping in an address', () => {
    const keys = Array.from({ length: 1000 }, createShareKey);
    expect(new Set(keys).size).toBe(1000);
    for (const key of keys) expect(key).toMatch(/^[\w-]{32}$/);
  });

  // One in sixteen would, if nothing were done about it.
  it('begins and ends with what no mail program cuts off a link', () => {
    const keys = Array.from({ length: 1000 }, createShareKey);
    for (const key of keys) expect(key).toMatch(/^[A-Za-z0-9].*[A-Za-z0-9]$/);
  });

  it('is stored as a digest and sealed, never as it is', () => {
    const key = createShareKey();
    const stored = storeShareKey(key, secrets);
    expect(stored.digest).toEqual(digestShareKey(key));
    expect(stored.sealed.includes(key)).toBe(false);
    expect(storeShareKey(key, secrets).sealed).not.toEqual(stored.sealed);
    expect(openShareKey(stored, secrets)).toBe(key);
  });

  it('cannot be opened if it was altered or put into another row', () => {
    const stored = storeShareKey(createShareKey(), secrets);
    const altered = Buffer.from(stored.sealed);
    altered[altered.length - 1]! ^= 1;
    expect(openShareKey({ ...stored, sealed: altered }, secrets)).toBeNull();
    const other = storeShareKey(createShareKey(), secrets);
    expect(openShareKey({ ...stored, digest: other.digest }, secrets)).toBeNull();
    expect(openShareKey({ ...stored, sealed: Buffer.alloc(5) }, secrets)).toBeNull();
  });
});
