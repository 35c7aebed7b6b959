import { parse } from 'node-html-parser';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Input } from '../../../../src-shared/contract.ts';
import type { Share } from '../../../../src-shared/contract/shares.ts';
import { connect, type Store } from '../../../../src-main/store/open.ts';
import { createTestApp, type TestApp } from '../../../support/app.ts';
import { seedCustomer, seedProject, seedRecords } from '../../../support/seed.ts';

const dayMs = 86_400_000;
const start = new Date(2026, 10, 24, 12).getTime();
let now = start;
let app: TestApp;
let db: Store;
let url: string;
let customerId: number;
let foreignId: number;
let projects: { open: number; second: number; archived: number; foreign: number };

beforeAll(async () => {
  app = await createTestApp({ clock: { now: () => new Date(now) } });
  db = connect(app.database);
  customerId = seedCustomer(db, { name: 'Acme' });
  foreignId = seedCustomer(db, { name: 'Rival' });
  projects = {
    open: seedProject(db, { customerId, name: 'Open work' }),
    second: seedProject(db, { customerId, name: 'Second work' }),
    archived: seedProject(db, { customerId, name: 'Old work', visible: false }),
    foreign: seedProject(db, { customerId: foreignId, name: 'Foreign work' }),
  };
  seedRecords(db, [
    {
      projectId: projects.open,
      day: '2026-11-02',
      durationS: 3600,
      user: 'ann',
      userName: 'Ann A.',
    },
    { projectId: projects.second, day: '2026-10-05', durationS: 60, user: 'bob', billable: false },
    { projectId: projects.archived, day: '2025-01-07', durationS: 60, user: 'cem' },
    { projectId: projects.open, day: '2026-11-09', durationS: 60, user: 'dan', hidden: true },
    { projectId: projects.foreign, day: '2026-11-03', durationS: 60, user: 'eve' },
  ]);
  await app.call('publish.set', { enabled: true, port: 0 });
  url = (await app.call('publish.status')).urls[0]!;
});
afterAll(async () => {
  db.close();
  await app.close();
});
beforeEach(() => {
  now = start;
});

const create = (draft: Partial<Input<'shares.create'>> = {}): Promise<Share> =>
  app.call('shares.create', { customerId, ...draft });
const pageOf = async (share: Share): Promise<number> =>
  (await fetch(url + share.path, { redirect: 'manual' })).status;
const rowOf = (id: number): Record<string, unknown> =>
  db.prepare('SELECT * FROM shares WHERE id = ?').get(id) as Record<string, unknown>;

describe('a new share', () => {
  it('has a key of its own, works at once and is in the list', async () => {
    const share = await create({ label: 'For the boss', options: { locale: 'de' } });
    expect(share.path).toMatch(/^\/de\/auth\/customer-portal\/[\w-]{32}$/);
    expect(share).toMatchObject({
      label: 'For the boss',
      customerName: 'Acme',
      state: 'active',
      hasPassword: false,
      views: 0,
      createdAt: start,
    });
    expect(await pageOf(share)).toBe(200);
    // Views are counted after the answer, those of one moment together.
    await expect.poll(() => app.call('shares.get', { id: share.id })).toMatchObject({ views: 1 });
    expect((await app.call('shares.list')).map(({ id }) => id)).toContain(share.id);
    const key = share.path.split('/').at(-1)!;
    for (const value of Object.values(rowOf(share.id))) {
      expect(Buffer.from(String(value)).includes(key)).toBe(false);
    }
  });

  it.each<[string, () => Partial<Input<'shares.create'>>, string]>([
    ["another customer's project", () => ({ projectId: projects.foreign }), 'projectId'],
    ['a project that is not there', () => ({ projectId: 999 }), 'projectId'],
    [
      "another customer's project in the list",
      () => ({ projectIds: [projects.open, projects.foreign] }),
      'projectIds',
    ],
    ['a last day that is over', () => ({ expiresDay: '2026-11-23' }), 'expiresDay'],
    [
      'a period that ends before it begins',
      () => ({
        options: { range: { kind: 'fixed', firstDay: '2026-02-01', lastDay: '2026-01-31' } },
      }),
      'options.range',
    ],
    ['a language that no page has', () => ({ options: { locale: 'xx' } }), 'options.locale'],
    [
      'an origin with a path',
      () => ({ options: { corsOrigins: ['https://a.example/x'] } }),
      'options.corsOrigins.0',
    ],
  ])('is refused with %s', async (_what, draft, field) => {
    const before = db.prepare('SELECT COUNT(*) FROM shares').pluck().get();
    await expect(create(draft())).rejects.toMatchObject({
      code: 'invalid_input',
      params: { field },
    });
    expect(db.prepare('SELECT COUNT(*) FROM shares').pluck().get()).toBe(before);
  });

  it('is refused for a customer that is not there', async () => {
    await expect(create({ customerId: 999 })).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('share and password', () => {
  it('are saved together: a password that cannot be saved leaves no share', async () => {
    const count = () => db.prepare('SELECT COUNT(*) FROM shares').pluck().get();
    const before = count();
    await expect(create({ password: 'ä'.repeat(65) })).rejects.toMatchObject({
      code: 'password_too_long',
    });
    expect(count()).toBe(before);
    db.exec(`CREATE TRIGGER refuse BEFORE INSERT ON shares WHEN NEW.password_hash IS NOT NULL
             BEGIN SELECT RAISE(ABORT, 'no room'); END`);
    await expect(create({ password: 'right one' })).rejects.toMatchObject({ code: 'internal' });
    db.exec('DROP TRIGGER refuse');
    expect(count()).toBe(before);
  });

  it('a share is never open while its new password is being hashed', async () => {
    const creating = create({ password: 'right one' });
    const early = db.prepare('SELECT COUNT(*) FROM shares WHERE password_hash IS NULL').pluck();
    const before = early.get();
    const share = await creating;
    expect(early.get()).toBe(before);
    expect(share.hasPassword).toBe(true);
    expect(await (await fetch(url + share.path)).text()).toContain('data-page="password"');
  });

  it('change together with the options or not at all', async () => {
    const share = await create({ label: 'before' });
    const id = share.id;
    db.exec(`CREATE TRIGGER refuse BEFORE UPDATE OF password_hash ON shares
             BEGIN SELECT RAISE(ABORT, 'no room'); END`);
    const update = app.call('shares.update', {
      id,
      patch: { label: 'after' },
      password: 'right one',
    });
    await expect(update).rejects.toMatchObject({ code: 'internal' });
    db.exec('DROP TRIGGER refuse');
    expect(await app.call('shares.get', { id })).toMatchObject({
      label: 'before',
      hasPassword: false,
    });
  });

  it('a password of fewer than six characters is refused unless the owner confirms it', async () => {
    const short = { code: 'password_too_short', params: { min: 6 } };
    await expect(create({ label: 'short', password: '12345' })).rejects.toMatchObject(short);
    expect((await app.call('shares.list')).some(({ label }) => label === 'short')).toBe(false);
    const { id } = await create();
    const update = { id, patch: {}, password: '12345' };
    await expect(app.call('shares.update', update)).rejects.toMatchObject(short);
    expect((await app.call('shares.get', { id })).hasPassword).toBe(false);
    const confirmed = await app.call('shares.update', { ...update, confirmShortPassword: true });
    expect(confirmed.hasPassword).toBe(true);
    expect((await create({ password: '123456' })).hasPassword).toBe(true);
  });

  it('a new or removed password grows the version that sessions are bound to', async () => {
    const { id } = await create();
    const versions = [rowOf(id).password_version];
    for (const password of ['another one', undefined, null]) {
      await app.call('shares.update', { id, patch: {}, password });
      versions.push(rowOf(id).password_version);
    }
    expect(versions).toEqual([1, 2, 2, 3]);
    expect(rowOf(id).password_hash).toBeNull();
  });
});

describe('an edited share', () => {
  it('keeps what the patch leaves out, and shows the rest on the next request', async () => {
    const share = await create({ label: 'mine', expiresDay: '2026-12-31' });
    const page = async () => (await fetch(url + share.path)).text();
    expect(await page()).toContain('Second work');
    const edited = await app.call('shares.update', {
      id: share.id,
      patch: {
        projectIds: [projects.open],
        options: { ...share.options, projectSelection: 'selected' },
      },
    });
    expect(edited).toMatchObject({
      label: 'mine',
      expiresDay: '2026-12-31',
      projectIds: [projects.open],
    });
    expect(edited.path).toBe(share.path);
    expect(await page()).not.toContain('Second work');
  });

  it.each<[string, Partial<Share['options']>, (page: string) => boolean]>([
    ['one project less', { projectSelection: 'selected' }, (page) => !page.includes('Second work')],
    ['no archived projects', { includeArchived: false }, (page) => !page.includes('Old work')],
    ['billable records only', { onlyBillable: true }, (page) => !page.includes('value="0.02"')],
    [
      'a first day',
      { range: { kind: 'fixed', firstDay: '2026-11-01', lastDay: null } },
      (page) => !page.includes('October 2026'),
    ],
    [
      'a rolling range',
      { range: { kind: 'rolling', span: 'this_year' } },
      (page) => !page.includes('2025'),
    ],
    ['users', { showUser: true }, (page) => page.includes('Ann A.')],
    ['times', { showTimes: true }, (page) => page.includes('data-column="times"')],
    ['no chart of the year', { annualChart: false }, (page) => !page.includes('"annual"')],
  ])(
    'shows %s on the very next request, whatever a browser has kept',
    async (_, options, holds) => {
      const share = await create({ projectIds: [projects.open] });
      // fetch itself would ask with `no-cache`, which is never answered by 304.
      const ask = (etag: string): Promise<Response> =>
        fetch(url + share.path, {
          headers: { 'If-None-Match': etag, 'Cache-Control': 'max-age=0' },
        });
      const before = await ask('"none"');
      expect(holds(await before.text())).toBe(false);
      const etag = before.headers.get('ETag')!;
      expect((await ask(etag)).status).toBe(304);
      await app.call('shares.update', {
        id: share.id,
        patch: { options: { ...share.options, ...options } },
      });
      const after = await ask(etag);
      expect(after.status).toBe(200);
      expect(holds(await after.text())).toBe(true);
    },
  );

  it('keeps the options that the patch does not name, so that two windows lose nothing', async () => {
    const { id } = await create({ options: { showRates: true } });
    await app.call('shares.update', { id, patch: { options: { showUser: true } } });
    const { options } = await app.call('shares.update', {
      id,
      patch: { options: { mergeMode: 'merge' } },
    });
    expect(options).toMatchObject({ showRates: true, showUser: true, mergeMode: 'merge' });
  });

  it('that has expired can still be edited, with its old last day or a new one', async () => {
    const share = await create({ expiresDay: '2026-11-25' });
    now = start + 3 * dayMs;
    expect(await app.call('shares.get', { id: share.id })).toMatchObject({ state: 'expired' });
    const update = (patch: Input<'shares.update'>['patch']) =>
      app.call('shares.update', { id: share.id, patch });
    await update({ label: 'over', expiresDay: '2026-11-25' });
    await expect(update({ expiresDay: '2026-11-26' })).rejects.toMatchObject({
      params: { field: 'expiresDay' },
    });
    expect(await update({ expiresDay: '2026-11-27' })).toMatchObject({ state: 'active' });
    expect(await pageOf(share)).toBe(200);
  });
});

describe('the life of a share', () => {
  it('pause and resume keep the key', async () => {
    const share = await create();
    expect(await app.call('shares.pause', { id: share.id })).toMatchObject({ state: 'paused' });
    expect(await pageOf(share)).toBe(404);
    const resumed = await app.call('shares.resume', { id: share.id });
    expect(resumed).toMatchObject({ state: 'active', path: share.path });
    expect(await pageOf(share)).toBe(200);
  });

  it('several are paused at once, and one undo brings back just those', async () => {
    const [first, second, third] = [await create(), await create(), await create()];
    await app.call('shares.pause', { id: second.id });
    const ids = [first, second, third].map(({ id }) => id);
    const paused = await app.call('shares.setPaused', { ids: [...ids, first.id], paused: true });
    expect(paused).toEqual({ ids: [first.id, third.id] });
    expect(await Promise.all([first, second, third].map(pageOf))).toEqual([404, 404, 404]);
    await app.call('shares.setPaused', { ids: paused.ids, paused: false });
    expect(await Promise.all([first, second, third].map(pageOf))).toEqual([200, 404, 200]);

    // One that is gone, and none is paused.
    await app.call('shares.delete', { id: third.id });
    await expect(app.call('shares.setPaused', { ids, paused: true })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await pageOf(first)).toBe(200);
  });

  it('a rotated key is a new address; the old one dies at once, and sessions with it', async () => {
    const share = await create();
    const rotated = await app.call('shares.rotateKey', { id: share.id });
    expect(rotated.path).not.toBe(share.path);
    expect(await pageOf(share)).toBe(404);
    expect(await pageOf(rotated)).toBe(200);
    expect(rowOf(share.id).session_version).toBe(2);
  });

  it('a copy has the same options and password and an address of its own', async () => {
    const share = await create({
      label: 'Boss',
      projectIds: [projects.open],
      options: { projectSelection: 'selected', showRates: true },
      password: 'right one',
    });
    const copy = await app.call('shares.duplicate', { id: share.id });
    expect(copy).toMatchObject({
      label: 'Boss (2)',
      projectIds: [projects.open],
      options: share.options,
      hasPassword: true,
    });
    expect(copy.path).not.toBe(share.path);
    expect(rowOf(copy.id).password_hash).toBe(rowOf(share.id).password_hash);
    expect((await app.call('shares.duplicate', { id: copy.id })).label).toBe('Boss (3)');
  });

  it('a deleted share is gone for clients, can come back as it was, and goes after 30 days', async () => {
    const share = await create({ label: 'gone', password: 'right one' });
    const { id } = share;
    await app.call('shares.delete', { id });
    expect(await pageOf(share)).toBe(404);
    expect((await app.call('shares.list')).map((row) => row.id)).not.toContain(id);
    const deleted = await app.call('shares.list', { deleted: true });
    expect(deleted.find((row) => row.id === id)).toMatchObject({ state: 'deleted', label: 'gone' });
    for (const method of ['shares.pause', 'shares.delete', 'shares.duplicate'] as const) {
      await expect(app.call(method, { id })).rejects.toMatchObject({ code: 'not_found' });
    }
    const restored = await app.call('shares.restore', { id });
    expect(restored).toMatchObject({ state: 'active', path: share.path, hasPassword: true });
    expect(await pageOf(share)).toBe(200);

    const other = await create();
    await app.call('shares.delete', { id });
    now = start + 29 * dayMs;
    await app.call('shares.delete', { id: other.id });
    expect(rowOf(id)).toBeDefined();
    now = start + 31 * dayMs;
    await app.call('shares.delete', { id: (await create()).id });
    expect(rowOf(id)).toBeUndefined();
    expect(rowOf(other.id)).toBeDefined();
  });

  it('lock-outs are cleared and sessions ended with one call', async () => {
    const { id } = await create();
    const insert = db.prepare('INSERT INTO password_failures VALUES (?, ?, ?)');
    for (let n = 0; n < 10; n++) insert.run(id, 'client', now - n);
    insert.run(id, 'another', now);
    expect(await app.call('shares.get', { id })).toMatchObject({ lockedClients: 1 });
    await app.call('shares.clearLockouts', { id });
    expect(await app.call('shares.views', { id })).toMatchObject({ lockedClients: 0 });
    await app.call('shares.endSessions', { id });
    expect(rowOf(id).session_version).toBe(2);
  });

  it('nothing can be done to what was never there', async () => {
    const id = 987_654;
    const methods = [
      'shares.get',
      'shares.pause',
      'shares.resume',
      'shares.rotateKey',
      'shares.duplicate',
      'shares.delete',
      'shares.restore',
      'shares.clearLockouts',
      'shares.endSessions',
      'shares.views',
    ] as const;
    for (const method of methods) {
      await expect(app.call(method, { id }), method).rejects.toMatchObject({ code: 'not_found' });
    }
    const update = app.call('shares.update', { id, patch: {} });
    await expect(update).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('what becomes public', () => {
  const exposure = (draft: Partial<Input<'shares.exposure'>['draft']> = {}) =>
    app.call('shares.exposure', { draft: { customerId, ...draft } });

  it('counts records and names projects and people as the page would show them', async () => {
    expect(await exposure({ options: { showUser: true } })).toEqual({
      projects: [
        { id: projects.open, name: 'Open work', archived: false },
        { id: projects.second, name: 'Second work', archived: false },
        { id: projects.archived, name: 'Old work', archived: true },
      ],
      excluded: [],
      users: ['Ann A.', 'bob', 'cem'],
      records: 3,
      firstDay: '2025-01-07',
      lastDay: '2026-11-02',
      fields: ['descriptions', 'durations', 'users'],
    });
  });

  it('follows every choice', async () => {
    const picked = await exposure({
      projectIds: [projects.open, projects.archived],
      options: { projectSelection: 'selected', includeArchived: false, showRates: true },
    });
    expect(picked).toMatchObject({
      projects: [{ id: projects.open }],
      users: [],
      records: 1,
      fields: ['descriptions', 'durations', 'rates', 'month_total'],
    });
    expect(picked.excluded.map(({ name }) => name)).toEqual(['Old work', 'Second work']);
    expect(await exposure({ options: { onlyBillable: true } })).toMatchObject({ records: 2 });
    const rolling = { range: { kind: 'rolling', span: 'last_month' } } as const;
    expect(await exposure({ options: rolling })).toMatchObject({ firstDay: '2026-10-05' });
    expect(await exposure({ projectId: projects.second })).toMatchObject({ records: 1 });
  });
});

describe('the preview', () => {
  it("is the client's page with nothing to fetch or run, and no address of its own", async () => {
    const { html } = await app.call('shares.preview', {
      draft: { customerId },
      locale: 'de',
    });
    const page = parse(html);
    expect(page.querySelector('html')?.getAttribute('lang')).toBe('de');
    expect(page.querySelector('h1')?.text).toContain('Acme');
    expect(page.querySelectorAll('script, link[rel=stylesheet], img[src], iframe')).toEqual([]);
    for (const link of page.querySelectorAll('a[href]')) {
      // The editor follows these inside the preview; no key is in them.
      expect(link.getAttribute('href')).toMatch(
        /^(#|\/[a-zA-Z_]+\/auth\/customer-portal\/preview[/?])/,
      );
    }
  });

  it('shows the month, view and project that are asked for, else the nearest', async () => {
    const preview = async (input: Partial<Input<'shares.preview'>>) =>
      (await app.call('shares.preview', { draft: { customerId }, locale: 'en', ...input })).html;
    expect(await preview({ year: 2026, month: 10 })).toContain('October 2026');
    expect(await preview({ year: 1999, month: 1 })).toContain('January 2025');
    const project = await preview({ projectId: projects.second });
    expect(project).toContain('data-page="project"');
    expect(await preview({ projectId: projects.foreign })).toContain('data-page="not-found"');
    expect(await preview({ details: 'chart' })).toContain('data-chart="monthly"');
  });
});

describe('the QR code', () => {
  it('is an SVG of the whole address', async () => {
    const share = await create();
    const { svg } = await app.call('shares.qr', { id: share.id, baseUrl: 'https://p.example/' });
    expect(svg).toMatch(/^<svg[^>]*>/);
    const same = await app.call('shares.qr', { id: share.id, baseUrl: 'https://p.example' });
    expect(same.svg).toBe(svg);
    const other = await app.call('shares.qr', { id: share.id, baseUrl: 'https://q.example' });
    expect(other.svg).not.toBe(svg);
  });
});

describe('the mail to a client', () => {
  const baseUrl = 'https://p.example/';

  it('has the link in the language of the mail, and never the password', async () => {
    const share = await create();
    const own = await app.call('shares.message', { id: share.id, baseUrl });
    expect(own).toMatchObject({ locale: 'en', subject: 'Time tracked for Acme' });
    expect(own.body).toContain(`https://p.example${share.path}\n`);
    expect(own.body).not.toContain('password');
    await app.call('shares.update', { id: share.id, patch: {}, password: 'anchor chain' });
    const german = await app.call('shares.message', { id: share.id, baseUrl, locale: 'de_AT' });
    expect(german.body).toContain(`https://p.example${share.path.replace('/en/', '/de_AT/')}\n`);
    expect(german.body).toContain('Das Passwort erhalten Sie getrennt.');
    expect(german.body).not.toContain('anchor chain');
    const alwaysOn = app.call('shares.message', { id: share.id, baseUrl: null });
    await expect(alwaysOn).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('a key that cannot be shown', () => {
  it('leaves the address working, and the owner without it', async () => {
    const share = await create();
    db.prepare('UPDATE shares SET key_sealed = ? WHERE id = ?').run(Buffer.alloc(60), share.id);
    expect(await app.call('shares.get', { id: share.id })).toMatchObject({ path: '' });
    expect(await pageOf(share)).toBe(200);
    const qr = app.call('shares.qr', { id: share.id, baseUrl: 'https://p.example' });
    await expect(qr).rejects.toMatchObject({ code: 'not_found' });
    expect((await app.call('shares.rotateKey', { id: share.id })).path).not.toBe('');
  });
});
