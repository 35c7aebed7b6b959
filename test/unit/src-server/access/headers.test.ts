import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-shared/errors.ts';
import {
  cookieFor,
  quickHash,
  startGuardedPortal,
  type GuardedPortal,
} from '../../../support/guarded-portal.ts';

const tool = 'https://tool.example';
let portal: GuardedPortal;
/** Addresses of shares: without a password, with one, and one that takes no more passwords. */
let open: string;
let guarded: string;
let locked: string;
let cookie: string;

beforeAll(async () => {
  portal = await startGuardedPortal();
  const options = { json: true, corsOrigins: [tool] };
  const passwordHash = quickHash('right');
  open = portal.share({ options }).path;
  guarded = portal.share({ options, passwordHash }).path;
  locked = portal.share({ passwordHash }).path;
  for (let n = 0; n < 10; n++) await portal.post(locked, 'wrong');
  cookie = cookieFor(await portal.post(guarded, 'right'), guarded)!;
});
afterAll(() => portal.close());

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  portal.request(path, { headers });
const withoutLocale = (path: string): string => path.replace('/en/', '/');

/** One of every kind of answer that a portal gives, and its status. */
const answers: Record<string, [status: number, () => Promise<Response>]> = {
  page: [200, () => get(open)],
  'unchanged page': [
    304,
    async () => {
      const etag = (await get(open)).headers.get('ETag')!;
      return get(open, { 'If-None-Match': etag, 'Cache-Control': 'max-age=0' });
    },
  ],
  'page behind a password': [200, () => get(guarded, { cookie })],
  'password page': [200, () => get(guarded)],
  'wrong password': [403, () => portal.post(guarded, 'wrong')],
  'right password': [303, () => portal.post(guarded, 'right')],
  'locked out': [429, () => portal.post(locked, 'right')],
  'too busy to check': [
    429,
    async () => {
      const { check } = portal.deps.passwords;
      portal.deps.passwords.check = () => Promise.reject(new AppError('password_queue_full'));
      const answer = await portal.post(guarded, 'right');
      portal.deps.passwords.check = check;
      return answer;
    },
  ],
  'log-out': [303, () => portal.request(`${guarded}/logout`, { method: 'POST' })],
  'nearest month': [302, () => get(`${open}?year=1&month=13`)],
  'nearest month behind a password': [302, () => get(`${guarded}?month=13`, { cookie })],
  'address without a locale': [302, () => get(withoutLocale(open))],
  'session in another language': [
    302,
    () => get(`${withoutLocale(guarded)}/session/fr`, { cookie }),
  ],
  'page for bots': [200, () => get(open, { 'User-Agent': 'Slackbot 1.0' })],
  'data.json': [200, () => get(`${open}/data.json`)],
  'data.json without a session': [401, () => get(`${guarded}/data.json`)],
  'preflight of data.json': [
    204,
    () =>
      portal.request(`${open}/data.json`, {
        method: 'OPTIONS',
        headers: { Origin: tool, 'Access-Control-Request-Method': 'GET' },
      }),
  ],
  'unknown project': [404, () => get(`${open}/p/987654`)],
  'unknown key': [404, () => get(`/en/auth/customer-portal/${'A'.repeat(32)}`)],
  'unknown address': [404, () => get('/robots.txt')],
  'address that cannot be decoded': [404, () => get('/%')],
  'method that is not there': [404, () => portal.request(open, { method: 'PUT' })],
  'failure inside': [
    500,
    async () => {
      const broken = portal.share();
      portal.store.prepare(`UPDATE shares SET options = '{' WHERE id = ?`).run(broken.id);
      return get(broken.path);
    },
  ],
};

describe('every answer has the headers that protect it', () => {
  it.each(Object.entries(answers))('%s', async (name, [status, ask]) => {
    const { headers, status: answered } = await ask();
    expect(answered).toBe(status);
    const policy = headers.get('Content-Security-Policy') ?? '';
    expect(policy).toMatch(/^default-src 'none';.*base-uri 'none'; frame-ancestors 'none'$/);
    expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe|\*|https?:/);
    expect(Object.fromEntries(headers)).toMatchObject({
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    expect(headers.get('X-Powered-By')).toBeNull();
    // Only the share without a password has anything that may be kept, for whoever asked.
    const isKept = [
      'page',
      'unchanged page',
      'nearest month',
      'address without a locale',
      'unknown project',
    ];
    expect(headers.get('Cache-Control')).toBe(
      isKept.includes(name) ? 'private, no-cache' : 'no-store',
    );
    expect(headers.has('ETag')).toBe(['page', 'unchanged page'].includes(name));
  });
});
