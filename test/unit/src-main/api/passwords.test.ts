import { spawnSync } from 'node:child_process';
import { randomBytes, scryptSync } from 'node:crypto';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { hashPassword } from '../../../../src-main/passwords/hash-format.ts';
import { createPassphrase } from '../../../../src-main/passwords/passphrase.ts';
import {
  createPasswords,
  maxWaitingChecks,
  type Passwords,
} from '../../../../src-main/passwords/passwords.ts';
import { workerUrl } from '../../../support/workers.ts';

const quick = { costLog2: 1, r: 1, p: 1 };
const made: Passwords[] = [];
const start = (...parameters: [typeof quick?]): Passwords => {
  const passwords = createPasswords(workerUrl('password'), ...parameters);
  made.push(passwords);
  return passwords;
};
afterEach(async () => {
  for (const passwords of made.splice(0)) await passwords.close();
});

describe('a password', () => {
  it('is hashed by scrypt with N = 2^15, r = 8, p = 1 and 16 bytes of salt', async () => {
    const passwords = start();
    const encoded = await passwords.hash('Größe');
    const [, name, parameters, salt, hash] = encoded.split('$');
    expect([name, parameters]).toEqual(['scrypt', 'ln=15,r=8,p=1']);
    const saltBytes = Buffer.from(salt!, 'base64url');
    expect(saltBytes).toHaveLength(16);
    const expected = scryptSync('Größe', saltBytes, 32, {
      N: 2 ** 15,
      r: 8,
      p: 1,
      maxmem: 2 ** 26,
    });
    expect(Buffer.from(hash!, 'base64url')).toEqual(expected);
    expect(await passwords.check('Größe', encoded)).toEqual({ ok: true, newHash: null });
    expect(await passwords.check('größe', encoded)).toEqual({ ok: false, newHash: null });
  });

  it('has another hash each time', async () => {
    const passwords = start(quick);
    expect(await passwords.hash('same')).not.toBe(await passwords.hash('same'));
  });

  it('is hashed anew after a success with old parameters, not after a failure', async () => {
    const passwords = start(quick);
    const old = hashPassword('right', randomBytes(16), { costLog2: 3, r: 1, p: 1 });
    expect(await passwords.check('wrong', old)).toEqual({ ok: false, newHash: null });
    const { ok, newHash } = await passwords.check('right', old);
    expect(ok).toBe(true);
    expect(newHash).toMatch(/^\$scrypt\$ln=1,r=1,p=1\$/);
    expect(await passwords.check('right', newHash!)).toEqual({ ok: true, newHash: null });
  });

  it('is the same however its letters were composed', async () => {
    const passwords = start(quick);
    const encoded = await passwords.hash('Ångström ﬁ'.normalize('NFD'));
    expect((await passwords.check('Ångström fi', encoded)).ok).toBe(true);
  });

  it.each([' right', 'right\r\n', '\u00a0right\u200b', '\ufeff right \u2060', '\u200eright\t'])(
    'is right with invisible edges, when checked and when set: %j',
    async (typed) => {
      const passwords = start(quick);
      expect((await passwords.check(typed, await passwords.hash('right'))).ok).toBe(true);
      expect((await passwords.check('right', await passwords.hash(typed))).ok).toBe(true);
      expect((await passwords.check('ri ght', await passwords.hash(typed))).ok).toBe(false);
    },
  );

  it('that was set with a blank at its end before goes on working', async () => {
    const passwords = start(quick);
    const old = hashPassword('right ', randomBytes(16), quick);
    expect((await passwords.check('right ', old)).ok).toBe(true);
    expect((await passwords.check('right', old)).ok).toBe(false);
  });

  it('has at most 128 bytes', async () => {
    const passwords = start(quick);
    const longest = 'ä'.repeat(64);
    const encoded = await passwords.hash(longest);
    expect((await passwords.check(longest, encoded)).ok).toBe(true);
    const tooLong = { code: 'password_too_long', params: { max: 128 } };
    await expect(passwords.hash(`${longest}x`)).rejects.toMatchObject(tooLong);
    await expect(passwords.check(`${longest}x`, encoded)).rejects.toMatchObject(tooLong);
  });
});

describe('the worker', () => {
  it('leaves the main thread to pages while it hashes', async () => {
    const passwords = start();
    const encoded = await passwords.hash('right');
    let turns = 0;
    let isOver = false;
    const takeTurn = (): void => {
      if (isOver) return;
      turns++;
      setImmediate(takeTurn);
    };
    takeTurn();
    expect(await passwords.check('right', encoded)).toMatchObject({ ok: true });
    isOver = true;
    // Hashing here would leave one or two; in a worker there are thousands.
    expect(turns).toBeGreaterThan(10);
  });

  it('takes so many waiting checks and refuses more, but never the owner', async () => {
    const passwords = start(quick);
    const encoded = await passwords.hash('right');
    const checks = Array.from({ length: maxWaitingChecks + 6 }, () =>
      passwords.check('wrong', encoded),
    );
    const owner = [passwords.hash('new'), passwords.check('right', encoded, 'owner')];
    const results = await Promise.allSettled(checks);
    const refused = results.filter(({ status }) => status === 'rejected');
    // One is being checked, the others wait.
    expect(refused).toHaveLength(5);
    for (const { reason } of refused as PromiseRejectedResult[]) {
      expect(reason).toMatchObject({ code: 'password_queue_full' });
    }
    await expect(Promise.all(owner)).resolves.toHaveLength(2);
  });

  it('lets the owner go first', async () => {
    const passwords = start(quick);
    const encoded = await passwords.hash('right');
    const order: string[] = [];
    const clients = Array.from({ length: 5 }, () =>
      passwords.check('wrong', encoded).then(() => order.push('client')),
    );
    const owner = passwords.check('right', encoded, 'owner').then(() => order.push('owner'));
    await Promise.all([...clients, owner]);
    // The first client's was under way already.
    expect(order.indexOf('owner')).toBe(1);
  });

  it('refuses a hash that is none, says nothing about it, and goes on', async () => {
    const passwords = start(quick);
    const error = await passwords.check('x', 'no hash: secret').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'internal' });
    expect(String((error as Error).stack)).not.toContain('secret');
    const huge = '$scrypt$ln=30,r=8,p=1$AAAA$AAAA';
    await expect(passwords.check('x', huge)).rejects.toMatchObject({ code: 'internal' });
    await expect(passwords.hash('x')).resolves.toMatch(/^\$scrypt/);
  });

  it('that cannot start fails its job, and the next one tries again', async () => {
    const passwords = createPasswords(new URL('missing-worker.ts', import.meta.url), quick);
    made.push(passwords);
    await expect(passwords.hash('x')).rejects.toMatchObject({ code: 'internal' });
    await expect(passwords.hash('x')).rejects.toMatchObject({ code: 'internal' });
  });

  it('that ends in the middle of a job is started anew', async () => {
    const dying = new URL(
      `data:text/javascript,${encodeURIComponent(`
        import { parentPort } from 'node:worker_threads';
        parentPort.on('message', ({ id, input }) => {
          if (input.password === 'die') process.exit(3);
          parentPort.postMessage({ id, ok: true, value: input.password });
        });`)}`,
    );
    const passwords = createPasswords(dying, quick);
    made.push(passwords);
    const fails = passwords.hash('die');
    const waits = passwords.hash('next');
    await expect(fails).rejects.toMatchObject({ code: 'internal' });
    await expect(waits).resolves.toBe('next');
  });

  it('rejects what waits when the program closes', async () => {
    const passwords = start(quick);
    const jobs = Array.from({ length: 3 }, () => passwords.hash('x'));
    const results = Promise.allSettled(jobs);
    await passwords.close();
    for (const { status } of await results) expect(status).toBe('rejected');
    await expect(passwords.hash('x')).rejects.toMatchObject({ code: 'internal' });
  });
});

// Root may raise a priority again; without that right it is as everybody else.
const isRoot = process.getuid?.() === 0;
const inBackground = isRoot ? 'setpriv' : 'nice';
const before = [...(isRoot ? ['--bounding-set=-sys_nice', 'nice'] : []), '-n', '15'];
const hasCommands = spawnSync(inBackground, [...before, 'true']).status === 0;

it.skipIf(!hasCommands)('a program of low priority hashes passwords too', () => {
  const passwords = new URL('../../../../src-main/passwords/passwords.ts', import.meta.url).href;
  const code = `
    import { createPasswords } from ${JSON.stringify(passwords)};
    const passwords = createPasswords(new URL(${JSON.stringify(workerUrl('password').href)}));
    console.log(await passwords.hash('Größe'));
    await passwords.close();`;
  const args = [...before, process.execPath, '-e', code];
  const { stdout, stderr } = spawnSync(inBackground, args, { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^\$scrypt\$/);
});

describe('a generated passphrase', () => {
  it('has 63 bits, can be pronounced and typed anywhere', () => {
    const phrases = Array.from({ length: 500 }, createPassphrase);
    expect(new Set(phrases).size).toBe(500);
    for (const phrase of phrases)
      expect(phrase).toMatch(/^([bdfghjklmnprstvz][aeiou]){2}(-\w{4}){4}$/);
    const syllables = new Set(
      phrases.flatMap((phrase) => phrase.replaceAll('-', '').match(/../g)!),
    );
    expect(syllables.size).toBe(80);
    expect(Math.log2(80) * 10).toBeGreaterThan(60);
  });
});

afterAll(() => expect(made).toEqual([]));
