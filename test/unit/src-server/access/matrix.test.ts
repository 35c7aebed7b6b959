/** Page × access state × share option: every cell in HTML and in headers, searched for secrets. */
import { parse } from 'node-html-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Share, ShareOptions } from '../../../../src-shared/contract/shares.ts';
import { createTestApp, type TestApp } from '../../../support/app.ts';
import {
  budgets,
  dumpStore,
  findMarks,
  importMarkedWorld,
  neverShown,
  prices,
  userNames,
  type MarkedWorld,
} from '../../../support/marked-secrets.ts';
import { outputVariable, readOutput } from '../../../support/kept-output.ts';

const optionSets: Record<string, Partial<ShareOptions>> = {
  plain: {},
  users: { showUser: true },
  rates: { showRates: true },
  'month total': { showMonthTotal: true },
  budgets: { budgetStats: true, timeBudgetStats: true },
  'merged, no charts': { mergeMode: 'merge', annualChart: false, monthlyChart: false },
  everything: {
    showUser: true,
    showRates: true,
    budgetStats: true,
    timeBudgetStats: true,
    showActivity: true,
    showTags: true,
    showTimes: true,
    json: true,
  },
  json: { json: true },
};
const optionNames = Object.keys(optionSets);

const states = ['open', 'asked', 'refused', 'admitted', 'paused', 'expired', 'bot'] as const;
type State = (typeof states)[number];

const pages = {
  customer: () => '',
  month: () => '?year=2026&month=10',
  chart: () => '?year=2026&month=11&details=chart',
  project: ({ projectIds }: MarkedWorld) => `/p/${projectIds.shown}`,
  'excluded project': ({ projectIds }: MarkedWorld) => `/p/${projectIds.excluded}`,
  'foreign project': ({ projectIds }: MarkedWorld) => `/p/${projectIds.foreign}`,
  'data.json': () => '/data.json',
  'data.json of an excluded project': ({ projectIds }: MarkedWorld) =>
    `/data.json?project=${projectIds.excluded}`,
};
type Page = keyof typeof pages;
const pageNames = Object.keys(pages) as Page[];

let now = new Date(2026, 10, 24, 12).getTime();
let app: TestApp;
let world: MarkedWorld;
let url: string;
/** Per set of options: a share without a password, one with, and a session for the latter. */
const shares = new Map<string, { open: Share; guarded: Share; cookie: string }>();

beforeAll(async () => {
  app = await createTestApp({ clock: { now: () => new Date(now) } });
  world = await importMarkedWorld(app);
  await app.call('publish.set', { enabled: true, port: 0 });
  url = (await app.call('publish.status')).urls[0]!;
  const { customerId, projectIds } = world;
  const draft = { customerId, projectIds: [projectIds.shown], label: neverShown.label };
  const first = await app.call('shares.create', { ...draft, password: neverShown.password });
  for (const [name, set] of Object.entries(optionSets)) {
    const options = { ...set, projectSelection: 'selected' as const };
    const open = await app.call('shares.create', { ...draft, options });
    // A copy has the same password and costs no scrypt.
    const copy = await app.call('shares.duplicate', { id: first.id });
    const guarded = await app.call('shares.update', {
      id: copy.id,
      patch: { options: open.options },
    });
    shares.set(name, { open, guarded, cookie: await logIn(guarded) });
  }
  // Eight log-ins, each with a whole scrypt.
}, 180_000);
afterAll(() => app.close());

async function logIn(share: Share): Promise<string> {
  const body = new URLSearchParams({ password: neverShown.password });
  const response = await fetch(url + share.path, { method: 'POST', body, redirect: 'manual' });
  const cookies = response.headers.getSetCookie();
  return cookies.find((cookie) => cookie.includes(`Path=${share.path};`))!.split(';')[0]!;
}

interface Answer {
  status: number;
  /** Of an HTML page. */
  page: string | undefined;
  headers: Headers;
  body: string;
  /** Headers and body: all that a client gets. */
  everything: string;
}

async function request(address: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(address, { redirect: 'manual', ...init });
  const body = await response.text();
  const headers = [...response.headers].map((pair) => pair.join(': ')).join('\n');
  return {
    status: response.status,
    page: parse(body).querySelector('body')?.getAttribute('data-page'),
    headers: response.headers,
    body,
    everything: `${headers}\n\n${body}`,
  };
}

const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** A last letter that differs in the bits that 32 bytes leave unused: still another cookie. */
const otherSpelling = (letter: string): string => base64url[base64url.indexOf(letter) ^ 1]!;

async function ask(state: State, page: Page, optionName: string): Promise<Answer> {
  const { open, guarded, cookie } = shares.get(optionName)!;
  const rest = pages[page](world);
  const of = (share: Share): string => url + share.path + rest;
  switch (state) {
    case 'open':
      return request(of(open));
    case 'asked':
      return request(of(guarded));
    case 'refused':
      return request(of(guarded), {
        headers: { cookie: cookie.replace(/.$/, otherSpelling) },
      });
    case 'admitted':
      return request(of(guarded), { headers: { cookie } });
    case 'bot':
      return request(of(guarded), { headers: { cookie, 'User-Agent': 'Slackbot 1.0' } });
    case 'paused': {
      await app.call('shares.pause', { id: guarded.id });
      const answer = await request(of(guarded), { headers: { cookie } });
      await app.call('shares.resume', { id: guarded.id });
      return answer;
    }
    case 'expired': {
      const { id } = guarded;
      await app.call('shares.update', { id, patch: { expiresDay: '2026-11-24' } });
      now += 86_400_000;
      const answer = await request(of(guarded), { headers: { cookie } });
      now -= 86_400_000;
      await app.call('shares.update', { id, patch: { expiresDay: null } });
      return answer;
    }
  }
}

/** The status and the page that a cell of the table has; null: JSON. */
function expected(
  state: State,
  page: Page,
  options: Partial<ShareOptions>,
): [number, string | null] {
  if (state === 'paused' || state === 'expired') return [404, 'not-found'];
  const isJson = page.startsWith('data.json');
  if (isJson && !options.json) return [404, 'not-found'];
  if (state === 'bot') return [200, 'bot'];
  if (state === 'asked' || state === 'refused') return isJson ? [401, null] : [200, 'password'];
  if (page.includes('excluded') || page.includes('foreign')) return [404, 'not-found'];
  if (page === 'chart' && options.monthlyChart === false) return [302, null];
  if (isJson) return [200, null];
  return [200, page === 'project' ? 'project' : 'customer'];
}

describe.each(optionNames)('options: %s', (optionName) => {
  const options = optionSets[optionName]!;

  it.each(states)('%s', async (state) => {
    for (const page of pageNames) {
      const cell = `${optionName} / ${state} / ${page}`;
      const answer = await ask(state, page, optionName);
      const [status, name] = expected(state, page, options);
      expect(answer.status, cell).toBe(status);
      expect(answer.page ?? null, cell).toBe(name);
      checkHeaders(answer, state, cell);
      checkSecrets(answer, options, cell);
      const isData = status === 200 && name !== 'password' && name !== 'bot';
      expect(answer.everything.includes('Shown work'), cell).toBe(isData);
    }
  });
});

function checkHeaders({ headers, status }: Answer, state: State, cell: string): void {
  const policy = headers.get('Content-Security-Policy') ?? '';
  expect(policy, cell).toMatch(/^default-src 'none';/);
  expect(policy, cell).not.toMatch(/unsafe-eval|script-src[^;]*unsafe|\*|https?:/);
  expect(policy, cell).toMatch(/frame-ancestors 'none'/);
  expect(policy, cell).toMatch(/form-action 'self'/);
  expect(headers.get('Referrer-Policy'), cell).toBe('no-referrer');
  expect(headers.get('X-Robots-Tag'), cell).toBe('noindex, nofollow');
  expect(headers.get('X-Content-Type-Options'), cell).toBe('nosniff');
  expect(headers.get('X-Frame-Options'), cell).toBe('DENY');
  expect(headers.get('X-Powered-By'), cell).toBeNull();
  expect(headers.getSetCookie(), cell).toEqual([]);
  const cache = headers.get('Cache-Control');
  if (state === 'open' && status === 200 && headers.get('ETag') !== null) {
    expect(cache, cell).toBe('private, no-cache');
  } else if (state !== 'open') {
    expect(cache, cell).toBe('no-store');
    expect(headers.get('ETag'), cell).toBeNull();
  }
}

function checkSecrets(answer: Answer, options: Partial<ShareOptions>, cell: string): void {
  const { everything } = answer;
  expect(findMarks(everything), cell).toEqual([]);
  if (!options.showUser) expect(everything, cell).not.toMatch(userNames);
  if (!options.showRates && !options.showMonthTotal && !options.budgetStats) {
    expect(everything, cell).not.toMatch(prices);
  }
  if (!options.budgetStats) expect(everything, cell).not.toMatch(budgets);
}

describe('what is looked for', () => {
  it('would be found: it is shown where the options say so', async () => {
    const { everything } = await ask('open', 'customer', 'everything');
    expect(everything).toMatch(userNames);
    expect(everything).toMatch(prices);
    expect(everything).toMatch(budgets);
  });

  it('is kept for the search at the end of the whole run', () => {
    expect(readOutput(process.env[outputVariable]!, 'answers')).toContain('Shown work');
  });

  it('is not even stored: internal prices, e-mails, VAT ids, staff numbers', () => {
    const dump = dumpStore(app);
    expect(dump).toContain(neverShown.excludedProject);
    const { email, vatId, staffNumber } = neverShown;
    for (const mark of [email, vatId, staffNumber]) expect(dump).not.toContain(mark);
    // As a number of its own: moments and digests have any digits.
    expect(dump).not.toMatch(/(?<![\da-z])9137(?:\.31)?(?!\d)|91373100/i);
    // No client's address either. The settings name this computer as where a tunnel may end.
    expect(dump.replace('\\"host\\":\\"127.0.0.1\\"', '')).not.toContain('127.0.0.1');
  });
});

describe('log lines and error texts', () => {
  it('name no key, no password and no mark, whatever was tried', async () => {
    const { open, guarded } = shares.get('everything')!;
    const key = (share: Share): string => share.path.split('/').at(-1)!;
    const secret = neverShown.password;
    const tries: [string, unknown][] = [
      [secret, {}],
      ['shares.create', { customerId: world.customerId, password: secret.repeat(20) }],
      ['shares.create', { customerId: world.customerId, [secret]: 1 }],
      ['shares.update', { id: guarded.id, patch: { projectId: 1e9 }, password: secret }],
      ['shares.qr', { id: open.id, baseUrl: `ftp://${secret}` }],
      ['session.signIn', { profileId: 77, password: secret }],
      ['shares.get', { id: key(open) }],
    ];
    const replies: string[] = [];
    for (const [method, input] of tries) {
      const reply = await app.app.call({ method, input }, { sessionId: 'test' });
      expect(reply.ok, method).toBe(false);
      replies.push(JSON.stringify(reply));
    }
    for (const share of [open, guarded]) {
      for (const path of ['/p/x', '/data.json?month=13', '/nothing', '/logout', '/%00']) {
        const { status, everything } = await request(url + share.path + path);
        expect(findMarks(everything), path).toEqual([]);
        if (status === 404) expect(everything).not.toContain(key(share));
      }
    }
    const text = [...replies, ...app.logged].join('\n');
    expect(findMarks(text)).toEqual([]);
    for (const { open, guarded } of shares.values()) {
      expect(text).not.toContain(key(open));
      expect(text).not.toContain(key(guarded));
    }
  });
});
