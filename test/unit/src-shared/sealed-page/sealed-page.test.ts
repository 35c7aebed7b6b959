import { hkdfSync } from 'node:crypto';
import fc from 'fast-check';
import scrypt from 'scrypt-js';
import { describe, expect, it } from 'vitest';
import { createShareKey } from '../../../../src-main/secrets/share-key.ts';
import {
  linkKeyOf,
  pageKeyOf,
  passwordKeyOf,
  publicIdOf,
  readSecret,
} from '../../../../src-shared/sealed-page/keys.ts';
import {
  checkManifest,
  openContents,
  openManifest,
  openPart,
  sealManifest,
  sealPart,
} from '../../../../src-shared/sealed-page/manifest.ts';
import { fileNameOf, open, paddedSize, seal } from '../../../../src-shared/sealed-page/seal.ts';
import { SealedError } from '../../../../src-shared/sealed-page/sealed-error.ts';
import { readShare } from '../../../support/sealed-files.ts';
import earlier from '../../../fixtures/always-on/format-1.json' with { type: 'json' };

const secret = readSecret(createShareKey());
const salt = new Uint8Array(16).fill(7);
const passwordKey = new Uint8Array(32).fill(9);
const passwordSalt = new Uint8Array(16).fill(11);
const version = 1_790_000_000_123;
const bytes = (text: string) => new TextEncoder().encode(text);
const failureOf = async (run: () => unknown): Promise<string> => {
  try {
    await run();
  } catch (error) {
    if (error instanceof SealedError) return error.failure;
    throw error;
  }
  return 'none';
};
const namesOf = (): string[] => ['0/2026-10', '0/2026-11', '0/2026-12'];
const arbitraryBytes = fc.uint8Array({ maxLength: 9000 });

async function publishedPage(passwordKeyUsed: Uint8Array | null = null) {
  const key = pageKeyOf(secret, salt, passwordKeyUsed);
  const password = passwordKeyUsed && { key: passwordKeyUsed, salt: passwordSalt };
  const [first, second] = [
    await sealPart(key, '0/2026-10', version, { rows: ['first'] }),
    await sealPart(key, '0/2026-11', version, { rows: ['second'] }),
  ];
  const files = {
    '0/2026-10': { file: fileNameOf(first), version },
    '0/2026-11': { file: fileNameOf(second), version },
  };
  const options = { secret, version, salt, password, expiresDay: '2026-12-31' };
  const inside = { '0/2026-12': { rows: ['third'] } };
  const contents = { head: { heading: 'Acme' }, files, inside };
  const manifest = await sealManifest(options, contents, namesOf);
  return { key, first, second, manifest };
}

describe('keys', () => {
  it('comes all from the secret, and every value is another one', () => {
    const values = [
      publicIdOf(secret),
      Buffer.from(linkKeyOf(secret)).toString('hex'),
      Buffer.from(pageKeyOf(secret, salt, null)).toString('hex'),
      Buffer.from(pageKeyOf(secret, salt, passwordKey)).toString('hex'),
      Buffer.from(pageKeyOf(secret, new Uint8Array(16), null)).toString('hex'),
      Buffer.from(secret).toString('hex'),
    ];
    for (const value of values) {
      expect(values.filter((other) => other.includes(value) || value.includes(other))).toHaveLength(
        1,
      );
    }
    expect(publicIdOf(secret)).toMatch(/^[0-9a-f]{32}$/);
  });

  it('is what another HKDF makes of it', () => {
    const known = readSecret('AAECAwQFBgcICQoLDA0ODxAREhMUFRYX');
    const other = (use: string, length: number, own = new Uint8Array()) =>
      Buffer.from(hkdfSync('sha256', known, own, `customer-portal/1 ${use}`, length));
    // docs/always-on-format.md gives this one for whoever writes another reader.
    expect(publicIdOf(known)).toBe('8adf1e530b99a385a57f42d248e2fab4');
    expect(publicIdOf(known)).toBe(other('public id', 16).toString('hex'));
    expect(Buffer.from(linkKeyOf(known))).toEqual(other('link key', 32));
    expect(Buffer.from(pageKeyOf(known, salt, null))).toEqual(other('page key', 32, salt));
  });

  it.each([
    '',
    'short',
    'a'.repeat(31),
    'a'.repeat(33),
    `${'a'.repeat(31)}=`,
    `${'a'.repeat(31)}ä`,
  ])('refuses the secret %o', async (text) => {
    expect(await failureOf(() => readSecret(text))).toBe('wrong_link');
  });

  it('takes scrypt with N = 2^17, r = 8, p = 1 of the password in its normal form', async () => {
    const asked: number[] = [];
    const counting = (...[password, own, ...cost]: Parameters<typeof scrypt.scrypt>) => {
      asked.push(...(cost as number[]));
      return scrypt.scrypt(password, own, 16, 8, 1, 32);
    };
    const [key, same, other] = [
      await passwordKeyOf(counting as never, 'Grün', salt),
      await passwordKeyOf(counting as never, ' Gru\u0308n ', salt),
      await passwordKeyOf(counting as never, 'Grun', salt),
    ];
    expect(asked.slice(0, 4)).toEqual([131_072, 8, 1, 32]);
    expect(same).toEqual(key);
    expect(other).not.toEqual(key);
  });
});

describe('a sealed file', () => {
  const key = linkKeyOf(secret);

  it('opens to what was sealed, and twice the same looks different', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryBytes, fc.string(), async (content, name) => {
        const [one, two] = [
          await seal(key, { name, version }, content),
          await seal(key, { name, version }, content),
        ];
        expect(await open(key, { name, version }, one)).toEqual(content);
        expect(fileNameOf(one)).not.toBe(fileNameOf(two));
        // Beyond the header, which says the format and the version, nothing repeats.
        const same = one.subarray(12).filter((byte, index) => byte === two[12 + index]).length;
        expect(same / (one.length - 12)).toBeLessThan(0.05);
      }),
      { numRuns: 40 },
    );
  });

  it('does not open with any byte changed, cut or added, under another name, version or key', async () => {
    const as = { name: '0/2026-10', version };
    const file = await seal(key, as, bytes('three records'));
    await fc.assert(
      fc.asyncProperty(
        fc.nat(file.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, by) => {
          const changed = file.slice();
          changed[at]! ^= by;
          expect(['damaged', 'newer_format']).toContain(
            await failureOf(() => open(key, as, changed)),
          );
          expect(await failureOf(() => open(key, as, file.subarray(0, at)))).toBe('damaged');
        },
      ),
      { numRuns: 200 },
    );
    const longer = new Uint8Array([...file, 0]);
    expect(await failureOf(() => open(key, as, longer))).toBe('damaged');
    expect(await failureOf(() => open(key, { ...as, name: '0/2026-11' }, file))).toBe('damaged');
    expect(await failureOf(() => open(key, { ...as, version: version - 1 }, file))).toBe('damaged');
    expect(await failureOf(() => open(pageKeyOf(secret, salt, null), as, file))).toBe('damaged');
  });

  it('refuses whatever bytes a web space gives instead', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryBytes, async (any) => {
        expect(await failureOf(() => openManifest(secret, any))).toBe('damaged');
      }),
    );
    const html = bytes('<!doctype html><title>404 Not Found</title>'.repeat(10));
    expect(await failureOf(() => openManifest(secret, html))).toBe('damaged');
  });

  it('has one of few sizes: 1 to 30 records of random texts look alike', async () => {
    fc.assert(
      fc.property(fc.nat(2 ** 24), (size) => {
        const padded = paddedSize(size);
        expect(padded).toBeGreaterThanOrEqual(size);
        expect(padded).toBeLessThanOrEqual(Math.max(2048, size * 1.5));
        expect(/^1[01]?0*$/.test(padded.toString(2))).toBe(true);
      }),
    );
    const sizes = await Promise.all(
      [1, 10, 30].map(async (records) => {
        const rows = Array.from({ length: records }, () => createShareKey());
        return (await sealPart(key, 'x', 1, rows)).length;
      }),
    );
    expect(new Set(sizes).size).toBe(1);
  });
});

describe('a published page', () => {
  it('opens with the link alone, or with the password too', async () => {
    for (const password of [null, passwordKey]) {
      const { first, manifest } = await publishedPage(password);
      const opened = await openManifest(secret, manifest);
      expect(opened).toMatchObject({ version, salt, passwordSalt: password && passwordSalt });
      const page = await openContents<{ heading: string }>(secret, opened, password, namesOf);
      expect(page.head.heading).toBe('Acme');
      expect(page.inside).toEqual({ '0/2026-12': { rows: ['third'] } });
      expect(await openPart(page, '0/2026-10', first)).toEqual({ rows: ['first'] });
    }
  });

  it('tells a wrong password from a wrong link and from damage', async () => {
    const { manifest } = await publishedPage(passwordKey);
    const opened = await openManifest(secret, manifest);
    const wrong = new Uint8Array(32);
    expect(await failureOf(() => openContents(secret, opened, wrong, namesOf))).toBe(
      'wrong_password',
    );
    expect(await failureOf(() => openContents(secret, opened, null, namesOf))).toBe(
      'wrong_password',
    );
    const otherSecret = readSecret(createShareKey());
    expect(publicIdOf(otherSecret)).not.toBe(publicIdOf(secret));
    expect(await failureOf(() => openManifest(otherSecret, manifest))).toBe('damaged');
  });

  it('tells an exchanged file from a damaged one', async () => {
    const { first, second, manifest } = await publishedPage();
    const page = await openContents(secret, await openManifest(secret, manifest), null, namesOf);
    expect(await failureOf(() => openPart(page, '0/2026-10', second))).toBe('exchanged');
    const changed = first.map((byte, index) => (index === 50 ? byte ^ 1 : byte));
    expect(await failureOf(() => openPart(page, '0/2026-10', changed))).toBe('damaged');
    expect(await failureOf(() => openPart(page, '0/2026-12', first))).toBe('damaged');
    const earlier = await sealPart(page.key, '0/2026-10', version - 1, { rows: ['earlier'] });
    expect(await failureOf(() => openPart(page, '0/2026-10', earlier))).toBe('damaged');
  });

  it('refuses a manifest older than one that was seen, and one whose last day is over', async () => {
    const manifest = await openManifest(secret, (await publishedPage()).manifest);
    const check = (seen: number | null, today: string) =>
      failureOf(() => {
        checkManifest(manifest, seen, today);
      });
    expect(await check(null, '2026-12-31')).toBe('none');
    expect(await check(version, '2026-12-31')).toBe('none');
    expect(await check(version + 1, '2026-12-31')).toBe('rolled_back');
    expect(await check(version - 1, '2027-01-01')).toBe('expired');
  });

  it('names a thousand files in 10 kB, of which no size tells how many records they hold', async () => {
    const names = Array.from({ length: 1000 }, (_, index) => `${index % 9}/${202_001 + index}`);
    const files = Object.fromEntries(
      names.map((name) => [name, { file: fileNameOf(bytes(createShareKey())), version }]),
    );
    const options = { secret, version, salt, password: null, expiresDay: null };
    const manifest = await sealManifest(options, { head: {}, files, inside: {} }, () => names);
    expect(manifest.length).toBeLessThanOrEqual(12_288 + 100);
    const opened = await openManifest(secret, manifest);
    expect((await openContents(secret, opened, null, () => names)).files).toEqual(files);
  });

  it('opens that was published in format 1, which listed its files by name', async () => {
    const files = new Map(Object.entries<string>(earlier.files));
    const { head, parts } = await readShare(`https://example.com/#${earlier.secret}`, (path) =>
      Buffer.from(files.get(path.slice(`data/${earlier.publicId}/`.length))!, 'base64'),
    );
    expect(head).toEqual(earlier.head);
    expect(parts).toMatchObject({
      '0/202611': { rows: ['second'] },
      '7/202610': { rows: ['third'] },
    });
    expect(Object.keys(parts)).toHaveLength(4);
  });

  it('refuses files of a later format, rather than reading them wrongly', async () => {
    const { manifest } = await publishedPage();
    const later = manifest.map((byte, index) => (index === 3 ? 3 : byte));
    expect(await failureOf(() => openManifest(secret, later))).toBe('newer_format');
  });
});
