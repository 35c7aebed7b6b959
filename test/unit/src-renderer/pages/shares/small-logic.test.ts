import { describe, expect, it } from 'vitest';
import { shareOptions, type Share } from '../../../../../src-shared/contract/shares.ts';
import { linksOf, reachOf } from '../../../../../src-renderer/pages/shares/link/share-links.ts';
import { daysUntil, expiresDayOf } from '../../../../../src-renderer/pages/shares/editor/expiry.ts';
import { placeOf } from '../../../../../src-renderer/pages/shares/editor/preview-link.ts';
import {
  filterShares,
  optionKeys,
  titleOf,
} from '../../../../../src-renderer/pages/shares/list/share-list.ts';
import {
  axisTop,
  fillDays,
} from '../../../../../src-renderer/pages/shares/activity/view-series.ts';
import { passwordStrength } from '../../../../../src-renderer/pages/shares/editor/password-strength.ts';

describe('expiry', () => {
  it('counts days after creation across months and years', () => {
    expect(expiresDayOf({ kind: 'days', days: 30 }, '2026-12-15')).toBe('2027-01-14');
    expect(expiresDayOf({ kind: 'days', days: 1 }, '2028-02-28')).toBe('2028-02-29');
  });

  it('is for ever, a day, or not complete yet', () => {
    expect(expiresDayOf({ kind: 'never' }, '2026-01-01')).toBeNull();
    expect(expiresDayOf({ kind: 'day', day: '2026-05-01' }, '2026-01-01')).toBe('2026-05-01');
    for (const day of ['', '2026-02-30', '1.2.2026']) {
      expect(expiresDayOf({ kind: 'day', day }, '2026-01-01')).toBeUndefined();
    }
    for (const days of [0, -1, 1.5, 3651, null]) {
      expect(expiresDayOf({ kind: 'days', days }, '2026-01-01')).toBeUndefined();
    }
  });

  it('counts whole days, also over the change of clocks', () => {
    expect(daysUntil('2026-03-30', '2026-03-28')).toBe(2);
    expect(daysUntil('2026-03-28', '2026-03-30')).toBe(-2);
  });
});

describe('password strength', () => {
  const level = (text: string, known: string[] = []) => passwordStrength(text, known).level;

  it.each([
    ['', 'weak'],
    ['password', 'weak'],
    ['P4ssw0rt!', 'weak'],
    ['Sommer2026', 'weak'],
    ['12345678901234567890', 'weak'],
    ['qwertzuiopasdf', 'weak'],
    ['aaaaaaaaaaaaaaaaaaaa', 'weak'],
    ['xK9#mQ2v', 'fair'],
    ['vT7!kQ2#xM9%', 'good'],
    ['vT7!kQ2#xM9%wR4&', 'strong'],
    ['harbour-window-violet-candle', 'good'],
    ['harbour-window-violet-candle-oyster', 'strong'],
  ])('takes %s as %s', (text, expected) => expect(level(text)).toBe(expected));

  it('does not count names that anybody guesses', () => {
    expect(passwordStrength('Roasters-Tree', ['Harbour Coffee Roasters'])).toMatchObject({
      level: 'weak',
      hint: 'name',
    });
  });

  it('says why', () => {
    expect(passwordStrength('geheim').hint).toBe('common');
    expect(passwordStrength('abcdefgh').hint).toBe('sequence');
    expect(passwordStrength('Tisch').hint).toBe('short');
  });

  it('never gets weaker by one more random sign', () => {
    const signs = 'k7#Pq2!vZ9%tR4&x';
    const bits = [...signs].map((_, i) => passwordStrength(signs.slice(0, i + 1)).bits);
    expect([...bits].sort((a, b) => a - b)).toEqual(bits);
  });

  it('trusts what the program generated', () => {
    expect(passwordStrength('bado-kilu', [], 'bado-kilu').level).toBe('strong');
  });
});

describe('addresses', () => {
  it.each([
    ['http://127.0.0.1:4711', 'loopback'],
    ['http://localhost:4711', 'loopback'],
    ['http://[::1]:4711', 'loopback'],
    ['http://192.168.1.20:4711', 'lan'],
    ['http://172.20.0.2', 'lan'],
    ['http://172.32.0.2', 'public'],
    ['http://[fd00::1]:80', 'lan'],
    ['http://studio:4711', 'lan'],
    ['http://studio.local', 'lan'],
    ['https://time.example', 'public'],
    ['http://[2001:db8::1]', 'public'],
  ])('%s is %s', (base, reach) => expect(reachOf(base)).toBe(reach));

  it('joins base and path', () => {
    expect(linksOf('/en/k', ['https://time.example']).map((a) => a.url)).toEqual([
      'https://time.example/en/k',
    ]);
  });
});

describe('list', () => {
  const share = (label: string, customerName: string, state: Share['state']): Share => ({
    id: 1,
    label,
    customerId: 1,
    customerName,
    projectId: null,
    projectName: null,
    projectIds: [],
    options: shareOptions.parse({}),
    hasPassword: false,
    paused: state === 'paused',
    expiresDay: null,
    state,
    path: '/',
    createdAt: 0,
    changedAt: 0,
    views: 0,
    lastViewAt: null,
    failures: 0,
    lockedClients: 0,
  });
  const shares = [share('Für Jörg', 'Müller & Söhne', 'active'), share('', 'Harbour', 'paused')];
  const found = (text: string, state: Parameters<typeof filterShares>[1]['state'] = 'all') =>
    filterShares(shares, { text, state }).map(titleOf);

  it('finds all words in any order, with or without accents', () => {
    expect(found('muller jorg')).toEqual(['Für Jörg']);
    expect(found('HARB')).toEqual(['Harbour']);
    expect(found('muller harbour')).toEqual([]);
  });

  it('filters by state', () => {
    expect(found('', 'paused')).toEqual(['Harbour']);
    expect(found('')).toHaveLength(2);
  });
});

describe('views', () => {
  it('fills days without views and leaves out older ones', () => {
    const series = fillDays(
      [
        { day: '2026-03-01', count: 4 },
        { day: '2026-01-01', count: 9 },
      ],
      '2026-03-02',
      4,
    );
    expect(series).toEqual([
      { day: '2026-02-27', count: 0 },
      { day: '2026-02-28', count: 0 },
      { day: '2026-03-01', count: 4 },
      { day: '2026-03-02', count: 0 },
    ]);
  });

  it.each([
    [0, 5],
    [4, 5],
    [6, 10],
    [10, 10],
    [11, 20],
    [99, 100],
    [210, 500],
  ])('an axis for %i ends at %i', (max, top) => expect(axisTop(max)).toBe(top));
});

describe('links in the preview', () => {
  it('follows period, details, language and projects', () => {
    expect(
      placeOf('/de/auth/customer-portal/preview/p/12?year=2026&month=3&details=chart'),
    ).toEqual({ locale: 'de', year: 2026, month: 3, details: 'chart', projectId: 12 });
    expect(placeOf('/pt_BR/auth/customer-portal/preview')).toEqual({
      locale: 'pt_BR',
      details: 'table',
      projectId: null,
    });
  });

  it.each(['https://elsewhere.example/', '/', '/de/other', 'mailto:a@b.example'])(
    'does not follow %s',
    (href) => expect(placeOf(href)).toBeNull(),
  );
});

it('a share is told at a glance by what it shows beyond the list of work', () => {
  const keys = (options: Parameters<typeof shareOptions.parse>[0]) =>
    optionKeys(shareOptions.parse(options));
  expect(keys({})).toEqual(['shares.field.descriptions', 'shares.field.durations']);
  expect(keys({ showTimes: true, showUser: true, timeBudgetStats: true, json: true })).toEqual([
    'shares.columns.showUser',
    'shares.columns.showTimes',
    'shares.budgets.timeBudgetStats',
    'shares.json.label',
  ]);
  expect(keys({ showMonthTotal: true })).toEqual(['shares.columns.showMonthTotal']);
  expect(keys({ showMonthTotal: true, showRates: true })).toEqual(['shares.columns.showRates']);
});
