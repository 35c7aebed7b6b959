import { parse } from 'node-html-parser';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attemptLimits } from '../../../../src-shared/domain/attempt-limits.ts';
import { AppError } from '../../../../src-shared/errors.ts';
import { clearLockouts } from '../../../../src-main/store/access-journal.ts';
import {
  quickHash,
  startGuardedPortal,
  type GuardedPortal,
} from '../../../support/guarded-portal.ts';

const minute = 60_000;
let portal: GuardedPortal;
let passwordHash: string;

beforeEach(async () => {
  portal = await startGuardedPortal();
  passwordHash = quickHash('right');
  // A proxy on this computer: one test speaks for many clients.
  portal.hop.trustedHeader = 'X-Client';
});
afterEach(() => portal.close());

const from = (client: string) => ({ 'X-Client': client });
const guess = (path: string, client: string, password = 'wrong'): Promise<Response> =>
  portal.post(path, password, from(client));

async function guessTimes(times: number, path: string, client: string): Promise<number[]> {
  const statuses: number[] = [];
  for (let n = 0; n < times; n++) statuses.push((await guess(path, client)).status);
  return statuses;
}

const alertOf = async (response: Response): Promise<string | undefined> =>
  parse(await response.text()).querySelector('[role=alert]')?.text;

const countOf = (kind: string): number =>
  portal.store
    .prepare('SELECT COALESCE(SUM(count), 0) FROM share_views WHERE kind = ?')
    .pluck()
    .get(kind) as number;

describe('ten failures within an hour', () => {
  it('lock the client on the share; a right password is then told the same', async () => {
    const share = portal.share({ passwordHash });
    expect(await guessTimes(12, share.path, '192.0.2.1')).toEqual([
      ...Array<number>(9).fill(403),
      ...Array<number>(3).fill(429),
    ]);
    const right = await guess(share.path, '192.0.2.1', 'right');
    expect(right.status).toBe(429);
    expect(right.headers.get('Retry-After')).toBe('3600');
    expect(right.headers.getSetCookie()).toEqual([]);
    expect(await alertOf(right)).toMatch(
      /^Too many failed attempts\..*November 24, 2026 at 1:00.PM/,
    );
    const page = await portal.request(share.path, { headers: from('192.0.2.1') });
    expect(page.status).toBe(200);
    expect(await alertOf(page)).toMatch(/^Too many failed attempts/);
    await portal.settled();
    expect([countOf('failure'), countOf('lockout')]).toEqual([10, 1]);
  });

  it('lock for an hour from the last one, not longer', async () => {
    const share = portal.share({ passwordHash });
    await guessTimes(9, share.path, '192.0.2.1');
    portal.clock.time += 59 * minute;
    expect((await guess(share.path, '192.0.2.1')).status).toBe(429);
    portal.clock.time += 60 * minute - 1;
    expect((await guess(share.path, '192.0.2.1', 'right')).status).toBe(429);
    portal.clock.time += 1;
    expect((await guess(share.path, '192.0.2.1', 'right')).status).toBe(303);
  });

  it('do not lock for a year if the clock is set back by one', async () => {
    const share = portal.share({ passwordHash });
    await guessTimes(10, share.path, '192.0.2.1');
    portal.clock.time -= 365 * 24 * 60 * minute;
    expect((await guess(share.path, '192.0.2.1', 'right')).status).toBe(303);
  });

  it('do not lock if they are spread over more than an hour', async () => {
    const share = portal.share({ passwordHash });
    for (let n = 0; n < 25; n++) {
      expect((await guess(share.path, '192.0.2.1')).status).toBe(403);
      portal.clock.time += 7 * minute;
    }
  });

  it('lock neither other clients nor other shares', async () => {
    const share = portal.share({ passwordHash });
    const other = portal.share({ passwordHash });
    await guessTimes(10, share.path, '192.0.2.1');
    expect((await guess(share.path, '192.0.2.2', 'right')).status).toBe(303);
    expect((await guess(other.path, '192.0.2.1', 'right')).status).toBe(303);
  });

  it('are not made fewer by looking, by redirects, or by a success elsewhere', async () => {
    const share = portal.share({ passwordHash });
    const own = portal.share({ passwordHash });
    await guessTimes(9, share.path, '192.0.2.1');
    for (let n = 0; n < 15; n++) {
      await portal.request(share.path, { headers: from('192.0.2.1') });
    }
    expect((await guess(own.path, '192.0.2.1', 'right')).status).toBe(303);
    expect((await guess(share.path, '192.0.2.1')).status).toBe(429);
  });

  it('are forgotten after a success on the same share', async () => {
    const share = portal.share({ passwordHash });
    await guessTimes(9, share.path, '192.0.2.1');
    expect((await guess(share.path, '192.0.2.1', 'right')).status).toBe(303);
    await portal.settled();
    expect(await guessTimes(9, share.path, '192.0.2.1')).toEqual(Array<number>(9).fill(403));
  });

  it('stay counted over a restart, and can be cleared by the owner', async () => {
    const share = portal.share({ passwordHash });
    await guessTimes(10, share.path, '192.0.2.1');
    await portal.settled();
    const client = portal.store.prepare('SELECT DISTINCT client FROM password_failures').pluck();
    const [digest, ...others] = client.all() as string[];
    expect(others).toEqual([]);
    expect(digest).toMatch(/^[\w-]{22}$/);
    clearLockouts(portal.store, share.id);
    expect((await guess(share.path, '192.0.2.1', 'right')).status).toBe(303);
  });

  it('count in the moment they happen, also while an import holds the write queue', async () => {
    const share = portal.share({ passwordHash });
    portal.deps.journal.recordFailure = () => new Promise(() => undefined);
    expect((await guessTimes(11, share.path, '192.0.2.1')).slice(8)).toEqual([403, 429, 429]);
  });

  it('count although they cannot be stored', async () => {
    const share = portal.share({ passwordHash });
    portal.deps.journal.recordFailure = () => Promise.reject(new Error('disk full'));
    expect((await guessTimes(11, share.path, '192.0.2.1')).slice(8)).toEqual([403, 429, 429]);
    expect(portal.logged.join()).toContain('could not be stored');
  });
});

describe('many attempts at once', () => {
  it('are no more than ten checked passwords for one client', async () => {
    const share = portal.share({ passwordHash });
    let checks = 0;
    const { check } = portal.deps.passwords;
    portal.deps.passwords.check = (password, hash) => {
      checks++;
      return check(password, hash);
    };
    const statuses = await Promise.all(
      Array.from({ length: 50 }, async () => (await guess(share.path, '192.0.2.1')).status),
    );
    expect(checks).toBe(10);
    expect(statuses.filter((status) => status === 403)).toHaveLength(9);
    // The others came while ten were being checked, or after the tenth had failed.
    expect(statuses.filter((status) => status === 429)).toHaveLength(41);
    expect((await guess(share.path, '192.0.2.1', 'right')).status).toBe(429);
  });
});

describe('a right password while too many are being checked', () => {
  const busy = {
    en: 'Many passwords are being checked right now, and yours has not been checked yet.',
    de: 'Im Moment werden viele Passwörter geprüft, Ihres noch nicht.',
  };

  it.each(Object.entries(busy))(
    'is told so in %s, with the form to try again',
    async (locale, text) => {
      const share = portal.share({ passwordHash });
      const path = share.path.replace('/en/', `/${locale}/`);
      const { check } = portal.deps.passwords;
      portal.deps.passwords.check = () => Promise.reject(new AppError('password_queue_full'));
      const refused = await guess(path, '192.0.2.1', 'right');
      expect(refused.status).toBe(429);
      expect(refused.headers.get('Retry-After')).toBe('5');
      expect(refused.headers.get('Cache-Control')).toBe('no-store');
      expect(refused.headers.getSetCookie()).toEqual([]);
      const page = parse(await refused.text());
      expect(page.querySelector('html')?.getAttribute('lang')).toBe(locale);
      expect(page.querySelector('[role=alert]')?.text).toContain(text);
      expect(page.querySelector('form')?.getAttribute('action')).toBe(path);
      portal.deps.passwords.check = check;
      expect((await guess(path, '192.0.2.1', 'right')).status).toBe(303);
      await portal.settled();
      expect(countOf('failure')).toBe(0);
      expect(portal.logged).toEqual([]);
    },
  );

  it('is not refused for ever: it is checked once the others are done', async () => {
    const share = portal.share({ passwordHash });
    const { check } = portal.deps.passwords;
    const waiting: (() => void)[] = [];
    portal.deps.passwords.check = (password, hash) =>
      new Promise((resolve, reject) => {
        waiting.push(() => void check(password, hash).then(resolve, reject));
      });
    const first = Array.from({ length: 10 }, () => guess(share.path, '192.0.2.1', 'right'));
    while (waiting.length < 10) await new Promise((resolve) => setImmediate(resolve));
    expect((await guess(share.path, '192.0.2.1', 'right')).status).toBe(429);
    for (const go of waiting.splice(0)) go();
    expect((await Promise.all(first)).map(({ status }) => status)).toEqual(
      Array<number>(10).fill(303),
    );
    const last = guess(share.path, '192.0.2.1', 'right');
    while (waiting.length === 0) await new Promise((resolve) => setImmediate(resolve));
    waiting[0]!();
    expect((await last).status).toBe(303);
  });
});

describe('the limits beyond one client on one share', () => {
  it('one client may fail 30 times an hour on all shares together', async () => {
    const { client, clientOnShare } = attemptLimits;
    for (let n = 0; n < client / clientOnShare; n++) {
      await guessTimes(clientOnShare, portal.share({ passwordHash }).path, '192.0.2.1');
    }
    const next = portal.share({ passwordHash });
    expect((await guess(next.path, '192.0.2.1', 'right')).status).toBe(429);
    expect((await guess(next.path, '192.0.2.2', 'right')).status).toBe(303);
    portal.clock.time += 60 * minute;
    expect((await guess(next.path, '192.0.2.1', 'right')).status).toBe(303);
  });

  it('one share takes 100 failures an hour, from however many clients', async () => {
    const share = portal.share({ passwordHash });
    for (let n = 0; n < attemptLimits.share; n++) {
      await portal.deps.journal.recordFailure(share.id, `client ${n}`, portal.clock.time);
    }
    expect((await guess(share.path, '192.0.2.200', 'right')).status).toBe(429);
    expect((await guess(portal.share({ passwordHash }).path, '192.0.2.200')).status).toBe(403);
  });

  it('all shares together take 1000 failures an hour', async () => {
    const shares = Array.from({ length: 11 }, () => portal.share({ passwordHash }).id);
    const insert = portal.store.prepare('INSERT INTO password_failures VALUES (?, ?, ?)');
    for (let n = 0; n < attemptLimits.all; n++) {
      insert.run(shares[n % 11], `client ${n}`, portal.clock.time);
    }
    expect((await guess(portal.share({ passwordHash }).path, '192.0.2.9', 'right')).status).toBe(
      429,
    );
  });
});

describe('a client that signed in to the share before', () => {
  const signIn = async (path: string, client: string): Promise<string> => {
    const response = await guess(path, client, 'right');
    expect(response.status).toBe(303);
    const known = response.headers
      .getSetCookie()
      .find((set) => set.startsWith('portal_known=') && set.includes(`Path=${path};`))!;
    expect(known).toMatch(/; HttpOnly; SameSite=Lax; Max-Age=34560000/);
    return known.split(';')[0]!;
  };
  const guessAs = (path: string, client: string, cookie: string, password: string) =>
    portal.post(path, password, { ...from(client), cookie });

  it('is not locked out by strangers who use up the attempts of the share', async () => {
    const share = portal.share({ passwordHash });
    const cookie = await signIn(share.path, '192.0.2.1');
    for (let n = 0; n < attemptLimits.share; n++) await guess(share.path, `198.51.100.${n}`);
    expect((await guess(share.path, '192.0.2.2', 'right')).status).toBe(429);
    const page = await portal.request(share.path, { headers: { ...from('192.0.2.9'), cookie } });
    expect(await alertOf(page)).toBeUndefined();
    expect((await guessAs(share.path, '192.0.2.9', cookie, 'right')).status).toBe(303);
  });

  it('is not locked out by somebody at its own address', async () => {
    const share = portal.share({ passwordHash });
    const cookie = await signIn(share.path, '192.0.2.1');
    await guessTimes(10, share.path, '192.0.2.1');
    expect((await guess(share.path, '192.0.2.1', 'right')).status).toBe(429);
    expect((await guessAs(share.path, '192.0.2.1', cookie, 'right')).status).toBe(303);
  });

  it('has ten attempts too, from wherever it comes and whichever cookie of it is sent', async () => {
    const share = portal.share({ passwordHash });
    const cookies = [await signIn(share.path, '192.0.2.1'), await signIn(share.path, '192.0.2.1')];
    const statuses: number[] = [];
    for (let n = 0; n < 12; n++) {
      statuses.push(
        (await guessAs(share.path, `198.51.100.${n}`, cookies[n % 2]!, 'wrong')).status,
      );
    }
    expect(statuses).toEqual([...Array<number>(9).fill(403), ...Array<number>(3).fill(429)]);
  });

  it('is known on that share only, and by a cookie that nobody can make', async () => {
    const share = portal.share({ passwordHash });
    const other = portal.share({ passwordHash });
    const cookie = await signIn(share.path, '192.0.2.1');
    for (let n = 0; n < attemptLimits.share; n++) {
      await guess(share.path, `198.51.100.${n}`);
      await guess(other.path, `203.0.113.${n}`);
    }
    expect((await guessAs(other.path, '192.0.2.1', cookie, 'right')).status).toBe(429);
    const digest = cookie.slice('portal_known='.length, 'portal_known='.length + 22);
    for (const forged of [
      `portal_known=${digest}.${'A'.repeat(43)}`,
      `portal_known=${'A'.repeat(22)}${cookie.slice(-44)}`,
      'portal_known=',
    ]) {
      expect((await guessAs(share.path, '192.0.2.1', forged, 'right')).status).toBe(429);
    }
  });
});
