import { randomBytes } from 'node:crypto';
import { parse } from 'node-html-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashPassword } from '../../../../src-main/passwords/hash-format.ts';
import {
  cookieFor,
  quickHash,
  startGuardedPortal,
  type GuardedPortal,
} from '../../../support/guarded-portal.ts';

let portal: GuardedPortal;
beforeAll(async () => {
  portal = await startGuardedPortal();
});
afterAll(() => portal.close());

const protectedShare = (options = {}) =>
  portal.share({ passwordHash: quickHash('Größe 1'), options });

/** The session cookie for an address after the right password. */
async function logIn(path: string): Promise<string> {
  const response = await portal.post(path, 'Größe 1');
  expect(response.status).toBe(303);
  return cookieFor(response, path)!;
}

const pageOf = async (path: string, cookie = ''): Promise<string | undefined> => {
  const response = await portal.request(path, { headers: { cookie } });
  return parse(await response.text())
    .querySelector('body')
    ?.getAttribute('data-page');
};

describe('the password page', () => {
  it('is all there is before the password: not even the customer is named', async () => {
    const share = protectedShare();
    for (const path of [share.path, `${share.path}/p/${portal.projectIds.open}`]) {
      const response = await portal.request(`${path}?year=2026&month=11`);
      const html = await response.text();
      expect(response.status).toBe(200);
      expect(response.headers.get('Cache-Control')).toBe('no-store');
      expect(response.headers.getSetCookie()).toEqual([]);
      expect(html).toContain('data-page="password"');
      expect(html).not.toMatch(/Acme|Open work|Other work|ann|bob/);
      expect(parse(html).querySelector('form')?.getAttribute('action')).toBe(
        `${path}?year=2026&month=11`,
      );
    }
  });

  // A length of its own would tell a page from another: whether there is work in a month.
  it('is what HEAD is told about too: its length, and not that of the page behind it', async () => {
    const share = protectedShare();
    const whole = await (await portal.request(share.path)).arrayBuffer();
    const head = await portal.request(share.path, { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(head.headers.get('Content-Length')).toBe(String(whole.byteLength));
    expect(head.headers.get('ETag')).toBeNull();
  });

  it('looks the same for a project that is not there', async () => {
    const share = protectedShare();
    const strip = (html: string) => html.replaceAll(/\/p\/\d+/g, '');
    const [there, foreign] = await Promise.all(
      [portal.projectIds.open, 987_654].map(async (id) =>
        strip(await (await portal.request(`${share.path}/p/${id}`)).text()),
      ),
    );
    expect(there).toBe(foreign);
  });

  it('refuses a wrong password with 403 and the right one with a redirect to the page', async () => {
    const share = protectedShare();
    const wrong = await portal.post(share.path, 'grösse 1');
    expect(wrong.status).toBe(403);
    expect(parse(await wrong.text()).querySelector('[role=alert]')?.text).toContain('not right');
    expect(wrong.headers.getSetCookie()).toEqual([]);
    const right = await portal.post(`${share.path}?year=2026&month=11&details=chart`, 'Größe 1');
    expect(right.status).toBe(303);
    expect(right.headers.get('Location')).toBe(`${share.path}?year=2026&month=11&details=chart`);
  });

  it('takes a password whichever way its letters were composed', async () => {
    const share = protectedShare();
    const response = await portal.post(share.path, 'Größe 1'.normalize('NFD'));
    expect(response.status).toBe(303);
  });

  it.each(['', 'x'.repeat(129), 'ä'.repeat(1000)])(
    'counts what cannot be right: %#',
    async (text) => {
      const share = protectedShare();
      expect((await portal.post(share.path, text)).status).toBe(403);
    },
  );

  it.each([' Größe 1', 'Größe 1\r\n', '\u00a0Größe 1\u200b'])(
    'takes %j, as mail programs copy it',
    async (typed) => {
      const share = protectedShare();
      expect((await portal.post(share.path, typed)).status).toBe(303);
    },
  );

  it('refuses a body that is no form of ours', async () => {
    const share = protectedShare();
    const tooLong = await portal.request(share.path, { method: 'POST', body: 'x'.repeat(50_000) });
    expect(tooLong.status).toBe(400);
    const json = await portal.request(share.path, { method: 'POST', body: '{"password":"x"}' });
    expect(json.status).toBe(403);
  });

  const foreign: Record<string, string>[] = [
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    { Origin: 'http://evil.example' },
    { Origin: 'null' },
    { Origin: 'http://127.0.0.1:1' },
  ];

  it.each(foreign)(
    'does not let another site guess in the name of a visitor: %j',
    async (headers) => {
      const share = protectedShare();
      const response = await portal.post(share.path, 'wrong', headers);
      expect(response.status).toBe(200);
      expect(parse(await response.text()).querySelector('[role=alert]')?.text).toContain(
        'Another website sent this form',
      );
      await portal.settled();
      const failures = portal.store.prepare(
        'SELECT COUNT(*) FROM password_failures WHERE share_id = ?',
      );
      expect(failures.pluck().get(share.id)).toBe(0);
    },
  );

  it.each(foreign)('does not let another site log a client out: %j', async (headers) => {
    const share = protectedShare();
    const cookie = await logIn(share.path);
    const out = await portal.request(`${share.path}/logout`, {
      method: 'POST',
      headers: { ...headers, cookie },
    });
    expect([out.status, out.headers.getSetCookie()]).toEqual([303, []]);
    expect(await pageOf(share.path, cookie)).toBe('customer');
  });

  it('takes posts of its own pages, by whatever name they were called', async () => {
    const share = protectedShare();
    const host = new URL(portal.url).host;
    portal.hop.publicUrl = 'https://hours.example.com';
    const own: Record<string, string>[] = [
      { Origin: `http://${host}` },
      { Origin: 'https://hours.example.com' },
      { Origin: 'https://other.example.com', 'X-Forwarded-Host': 'Other.example.com' },
      { Origin: 'null', 'Sec-Fetch-Site': 'same-origin' },
    ];
    for (const headers of own) {
      expect((await portal.post(share.path, 'Größe 1', headers)).status).toBe(303);
    }
    portal.hop.publicUrl = '';
  });

  it('sends who posts to a share without a password to its page', async () => {
    const share = portal.share();
    const response = await portal.post(share.path, 'anything');
    expect([response.status, response.headers.get('Location')]).toEqual([303, share.path]);
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  it('stores the hash anew, with the parameters of today, at the first success', async () => {
    const old = hashPassword('Größe 1', randomBytes(16), { costLog2: 2, r: 1, p: 1 });
    const share = portal.share({ passwordHash: old });
    const read = portal.store.prepare('SELECT password_hash FROM shares WHERE id = ?').pluck();
    await portal.post(share.path, 'wrong');
    await portal.settled();
    expect(read.get(share.id)).toBe(old);
    const cookie = await logIn(share.path);
    await portal.settled();
    expect(read.get(share.id)).toMatch(/^\$scrypt\$ln=1,r=1,p=1\$/);
    // It is the same password: nobody is logged out.
    expect(await pageOf(share.path, cookie)).toBe('customer');
    expect((await portal.post(share.path, 'Größe 1')).status).toBe(303);
    expect((await portal.post(share.path, 'Größe 2')).status).toBe(403);
  });
});

describe('the session cookie', () => {
  it('is HttpOnly, Lax, limited to the addresses of its share, and Secure on https', async () => {
    const share = protectedShare();
    const check = (response: Response, secure: boolean): void => {
      const cookies = response.headers.getSetCookie();
      expect(cookies.length).toBeGreaterThan(1);
      for (const cookie of cookies) {
        const [, ...attributes] = cookie.split('; ');
        const path = attributes.find((attribute) => attribute.startsWith('Path='));
        expect(path).toMatch(new RegExp(`^Path=(/[a-z]{2})?/auth/customer-portal/${share.key}$`));
        expect(attributes).toContain('HttpOnly');
        expect(attributes).toContain('SameSite=Lax');
        expect(attributes.includes('Secure')).toBe(secure);
        expect(cookie).not.toMatch(/Domain|Expires/);
        expect(cookie.includes('Max-Age')).toBe(cookie.startsWith('portal_known='));
      }
    };
    check(await portal.post(share.path, 'Größe 1'), false);
    check(await portal.post(share.path, 'Größe 1', { 'X-Forwarded-Proto': 'https' }), true);
    portal.hop.publicUrl = 'https://portal.example';
    check(await portal.post(share.path, 'Größe 1'), false);
    portal.hop.publicUrl = portal.url.replace('http:', 'https:');
    check(await portal.post(share.path, 'Größe 1'), true);
    portal.hop.publicUrl = '';
  });

  it('opens the pages of its share and of no other', async () => {
    const share = protectedShare();
    const other = protectedShare();
    const cookie = await logIn(share.path);
    expect(await pageOf(share.path, cookie)).toBe('customer');
    expect(await pageOf(`${share.path}/p/${portal.projectIds.open}`, cookie)).toBe('project');
    expect(await pageOf(other.path, cookie)).toBe('password');
  });

  it.each([
    ['password_version', 'a changed password'],
    ['session_version', 'sessions that the owner ended'],
  ])('ends at once with %s: %s', async (column) => {
    const share = protectedShare();
    const cookie = await logIn(share.path);
    portal.store.prepare(`UPDATE shares SET ${column} = ${column} + 1 WHERE id = ?`).run(share.id);
    expect(await pageOf(share.path, cookie)).toBe('password');
  });

  it('cannot be forged or altered', async () => {
    const share = protectedShare();
    const cookie = await logIn(share.path);
    const [id, started, seen, mac] = cookie.split('=')[1]!.split('.') as [string, ...string[]];
    const forged = [
      `${id}.${started}.${Number(seen) + 1}.${mac}`,
      `${'A'.repeat(22)}.${started}.${seen}.${mac}`,
      `${id}.${started}.${seen}.${'A'.repeat(43)}`,
      `${id}.${started}.${seen}`,
      '',
    ];
    for (const value of forged) {
      expect(await pageOf(share.path, `portal_session=${value}`), value).toBe('password');
    }
  });

  it('ends after two hours without a page and after twelve in any case', async () => {
    const share = protectedShare();
    const start = portal.clock.time;
    const hour = 3_600_000;
    const path = share.path;
    let cookie = await logIn(path);
    portal.clock.time = start + 2 * hour;
    expect(await pageOf(path, cookie)).toBe('password');
    for (let hours = 1; hours < 12; hours++) {
      portal.clock.time = start + hours * hour;
      const response = await portal.request(path, { headers: { cookie } });
      expect(await response.text()).toContain('data-page="customer"');
      cookie = cookieFor(response, path)!;
    }
    portal.clock.time = start + 12 * hour;
    expect(await pageOf(path, cookie)).toBe('password');
    portal.clock.time = start;
  });

  it('is not sent anew with every page', async () => {
    const share = protectedShare();
    const cookie = await logIn(share.path);
    const response = await portal.request(share.path, { headers: { cookie } });
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(response.headers.get('Cache-Control')).toBe('no-store');
  });
});

describe('several cookies of one name', () => {
  it('are all looked at: the right one may be any of them', async () => {
    const share = protectedShare();
    const cookie = await logIn(share.path);
    for (const header of [`portal_session=; ${cookie}`, `portal_session=x.y; a; ${cookie}; b=c`]) {
      expect(await pageOf(share.path, header)).toBe('customer');
    }
  });
});

describe('a change of language', () => {
  it('keeps the session in every usual language', async () => {
    const share = protectedShare();
    const response = await portal.post(share.path, 'Größe 1');
    const german = share.path.replace('/en/', '/de/');
    expect(await pageOf(german, cookieFor(response, german)!)).toBe('customer');
  });

  it('hands the session to any other language, and leads back to the same page', async () => {
    const share = protectedShare();
    const base = share.path.replace('/en/', '/');
    const loggedIn = await portal.post(share.path, 'Größe 1');
    const french = `${share.path.replace('/en/', '/fr/')}/p/${portal.projectIds.open}`;
    const asked = await portal.request(`${french}?year=2026&month=11`);
    expect(asked.status).toBe(302);
    const detour = asked.headers.get('Location')!;
    expect(detour).toBe(`${base}/session/fr/p/${portal.projectIds.open}?year=2026&month=11`);
    const resumed = await portal.request(detour, {
      headers: { cookie: cookieFor(loggedIn, base)! },
    });
    expect(resumed.headers.get('Location')).toBe(`${french}?year=2026&month=11`);
    const cookie = cookieFor(resumed, share.path.replace('/en/', '/fr/'))!;
    expect(await pageOf(`${french}?year=2026&month=11`, cookie)).toBe('project');
  });

  it('shows the password page where there is no session, and does not loop', async () => {
    const share = protectedShare();
    const french = share.path.replace('/en/', '/fr/');
    const response = await fetch(portal.url + french);
    const page = parse(await response.text());
    expect(page.querySelector('html')?.getAttribute('lang')).toBe('fr');
    expect(page.querySelector('form')?.getAttribute('action')).toBe(french);
    expect((await portal.post(french, 'Größe 1')).status).toBe(303);
    expect(await pageOf(french, (await logIn(french)) ?? '')).toBe('customer');
  });
});

describe('logging out', () => {
  it('clears the cookies of all languages and refuses copies of them', async () => {
    const share = protectedShare();
    const french = share.path.replace('/en/', '/fr/');
    const loggedIn = await portal.post(french, 'Größe 1');
    const cookie = cookieFor(loggedIn, french)!;
    const out = await portal.request(`${share.path}/logout`, {
      method: 'POST',
      headers: { cookie },
    });
    expect([out.status, out.headers.get('Location')]).toEqual([303, share.path]);
    const cleared = out.headers.getSetCookie();
    expect(cleared.length).toBeGreaterThan(2);
    for (const set of cleared) expect(set).toMatch(/^portal_session=; .*Max-Age=0/);
    expect((await portal.request(french, { headers: { cookie } })).status).toBe(302);
    expect(await pageOf(share.path, cookie)).toBe('password');
  });

  it.each([
    ['waits for an import', () => new Promise<void>(() => undefined)],
    ['fails', () => Promise.reject(new Error('disk full'))],
  ])('refuses copies at once, also while the store %s', async (_, endSession) => {
    const { journal } = portal.deps;
    const stored = journal.endSession;
    journal.endSession = endSession;
    const share = protectedShare();
    const cookie = await logIn(share.path);
    await portal.request(`${share.path}/logout`, { method: 'POST', headers: { cookie } });
    expect(await pageOf(share.path, cookie)).toBe('password');
    journal.endSession = stored;
  });

  it('is offered on pages behind a password, as a form that posts', async () => {
    const share = protectedShare();
    const cookie = await logIn(share.path);
    const html = await (await portal.request(share.path, { headers: { cookie } })).text();
    const logout = parse(html).querySelector('[data-logout]');
    const form = logout?.tagName === 'FORM' ? logout : logout?.closest('form');
    expect(form?.getAttribute('method')).toBe('post');
    expect(form?.getAttribute('action')).toBe(`${share.path}/logout`);
    const open = portal.share();
    expect(await (await portal.request(open.path)).text()).not.toContain('data-logout');
  });
});
