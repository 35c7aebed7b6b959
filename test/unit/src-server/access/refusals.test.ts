import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  quickHash,
  startGuardedPortal,
  type GuardedPortal,
} from '../../../support/guarded-portal.ts';

let portal: GuardedPortal;
beforeAll(async () => {
  portal = await startGuardedPortal();
});
afterAll(() => portal.close());

/** Everything of an answer but what names the moment or the connection. */
async function wholeAnswer(path: string, init?: RequestInit) {
  const response = await portal.request(path, init);
  const headers = [...response.headers].filter(
    ([name]) => !['date', 'connection', 'keep-alive'].includes(name),
  );
  return { status: response.status, headers, body: await response.text() };
}

const unknownKey = 'A'.repeat(32);

function refusedShares(): Record<string, string> {
  const passwordHash = quickHash('right');
  const deleted = portal.share({ passwordHash });
  portal.store.prepare('UPDATE shares SET deleted_at = 1 WHERE id = ?').run(deleted.id);
  const rotated = portal.share();
  portal.store
    .prepare('UPDATE shares SET key_digest = ? WHERE id = ?')
    .run(randomBytes(32), rotated.id);
  return {
    paused: portal.share({ paused: true }).key,
    'paused, with a password': portal.share({ paused: true, passwordHash }).key,
    expired: portal.share({ expiresDay: 20261123, options: { locale: 'de' } }).key,
    deleted: deleted.key,
    'rotated away': rotated.key,
    'too short': 'abc',
    'not even text': '%ff',
    'far too long': 'x'.repeat(5000),
  };
}

const requests: Record<string, { path: (key: string) => string; init?: RequestInit }> = {
  page: { path: (key) => `/en/auth/customer-portal/${key}` },
  'page in German': { path: (key) => `/de/auth/customer-portal/${key}?year=2026&month=11` },
  'page without a locale': { path: (key) => `/auth/customer-portal/${key}` },
  'page under an unknown locale': { path: (key) => `/xx/auth/customer-portal/${key}` },
  project: { path: (key) => `/en/auth/customer-portal/${key}/p/1` },
  'log-in': {
    path: (key) => `/en/auth/customer-portal/${key}`,
    init: { method: 'POST', body: new URLSearchParams({ password: 'right' }) },
  },
  'log-out': { path: (key) => `/en/auth/customer-portal/${key}/logout`, init: { method: 'POST' } },
  'data.json': { path: (key) => `/en/auth/customer-portal/${key}/data.json` },
  'preflight of data.json': {
    path: (key) => `/en/auth/customer-portal/${key}/data.json`,
    init: { method: 'OPTIONS', headers: { Origin: 'https://tool.example' } },
  },
  'another language': { path: (key) => `/auth/customer-portal/${key}/session/fr` },
  'a bot': {
    path: (key) => `/en/auth/customer-portal/${key}`,
    init: { headers: { 'User-Agent': 'Slackbot-LinkExpanding 1.0' } },
  },
};

describe('a key that opens nothing', () => {
  it.each(Object.entries(requests))(
    'gets the same bytes whatever the reason: %s',
    async (_name, { path, init }) => {
      const unknown = await wholeAnswer(path(unknownKey), init);
      expect(unknown.status).toBe(404);
      expect(unknown.body).toContain('data-page="not-found"');
      expect(unknown.headers.map(([name]) => name)).not.toContain('set-cookie');
      for (const [reason, key] of Object.entries(refusedShares())) {
        expect(await wholeAnswer(path(key), init), reason).toEqual(unknown);
      }
    },
  );

  it('is told in the language of the address', async () => {
    const { body } = await wholeAnswer(`/de/auth/customer-portal/${unknownKey}`);
    expect(body).toContain('<html lang="de"');
  });

  it('neither counts a visit nor a failure, and its key is in no log line', async () => {
    const paused = portal.share({ paused: true, passwordHash: quickHash('right') });
    await portal.request(paused.path);
    await portal.post(paused.path, 'wrong');
    await portal.settled();
    const count = portal.store.prepare(
      `SELECT (SELECT COUNT(*) FROM share_views WHERE share_id = :id) +
              (SELECT COUNT(*) FROM password_failures WHERE share_id = :id)`,
    );
    expect(count.pluck().get({ id: paused.id })).toBe(0);
    expect(portal.logged).toEqual([]);
  });

  it('works through its last day and from the next midnight on no more', async () => {
    const last = portal.share({ expiresDay: 20261124 });
    const before = portal.clock.time;
    portal.clock.time = new Date(2026, 10, 24, 23, 59, 59, 999).getTime();
    expect((await portal.request(last.path)).status).toBe(200);
    portal.clock.time += 1;
    expect((await portal.request(last.path)).status).toBe(404);
    portal.clock.time = before;
  });

  it('works again once it is resumed, with the same key', async () => {
    const share = portal.share({ paused: true });
    expect((await portal.request(share.path)).status).toBe(404);
    portal.store.prepare('UPDATE shares SET paused = 0 WHERE id = ?').run(share.id);
    expect((await portal.request(share.path)).status).toBe(200);
  });
});

describe('what fails inside', () => {
  it('answers a page that tells nothing, and logs the error without the address', async () => {
    const share = portal.share({ options: { locale: 'en' } });
    portal.store.prepare(`UPDATE shares SET options = '{"broken' WHERE id = ?`).run(share.id);
    const answer = await wholeAnswer(share.path);
    expect(answer.status).toBe(500);
    expect(answer.body).toContain('data-page="unavailable"');
    expect(answer.body).not.toMatch(/JSON|Syntax|at .*\.ts/);
    expect(Object.fromEntries(answer.headers)['cache-control']).toBe('no-store');
    const lines = portal.logged.splice(0).join('\n');
    expect(lines).toContain('a portal page failed');
    expect(lines).not.toContain(share.key);
  });

  it.each(['/en/auth/customer-portal/%E0%A4%A', '/%', '/en/auth', '/', '/en/auth/customer-portal'])(
    'an address that cannot be: %s',
    async (path) => {
      expect((await portal.request(path)).status).toBe(404);
      expect(portal.logged).toEqual([]);
    },
  );
});
