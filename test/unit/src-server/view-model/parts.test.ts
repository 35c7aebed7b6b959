/** A share's pages in parts, joined again, are the pages of the live portal. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { shareOptions } from '../../../../src-shared/contract/shares.ts';
import { buildPageModel } from '../../../../src-server/view-model/build.ts';
import { buildHead, buildPart } from '../../../../src-server/view-model/build-parts.ts';
import {
  headWithin,
  joinModel,
  listParts,
  type PagesHead,
} from '../../../../src-server/view-model/parts.ts';
import type { PortalShare } from '../../../../src-server/source.ts';
import { startOpenPortal, type TestPortal } from '../../../support/portal.ts';
import { seedCustomer, seedProject, seedRecords } from '../../../support/seed.ts';

let portal: TestPortal;
let share: PortalShare;

beforeAll(async () => {
  portal = await startOpenPortal();
  const { store } = portal;
  const customerId = seedCustomer(store, { name: 'Harbour', timeBudgetS: 36_000 });
  const [busyId, quietId] = ['Website', 'Logo'].map((name) =>
    seedProject(store, { customerId, name }),
  ) as [number, number];
  const on = (projectId: number, ...days: string[]) =>
    days.map((day) => ({ projectId, day, durationS: 3600, rateE4: 1_000_000 }));
  seedRecords(store, [
    ...on(busyId, '2025-11-03', '2025-12-01', '2026-03-31'),
    ...on(quietId, '2026-01-15'),
  ]);
  share = {
    id: 1,
    customerId,
    projectId: null,
    projectIds: [],
    options: shareOptions.parse({ showRates: true, timeBudgetStats: true, downloads: true }),
    passwordHash: null,
    passwordVersion: 1,
    sessionVersion: 1,
    paused: false,
    expiresDay: null,
  };
});
afterAll(() => portal.close());

it.each(['table', 'chart'] as const)('every page and month is the same, with its %s', (details) => {
  const from = { share, source: portal.source, now: new Date(2026, 2, 31, 12) };
  const head = JSON.parse(JSON.stringify(buildHead(from))) as PagesHead;
  const parts = listParts(head);
  expect(parts).toHaveLength(3 * 5);
  for (const { projectId, month } of parts) {
    const live = buildPageModel({
      ...from,
      request: {
        projectId,
        year: String(Math.floor(month / 100)),
        month: String(month % 100),
        details,
      },
    });
    if (live.kind !== 'page') throw new Error('not a page');
    const part = buildPart(from, projectId, month);
    expect(joinModel(head, part, { projectId, month, details })).toEqual(live.model);
  }
  expect(monthsOf(head)).toEqual(['11101', '11001', '00100']);
});

const monthsOf = (head: PagesHead | null) => Object.values(head!.pages).map(({ months }) => months);

it('a head of some months has no other ones', () => {
  const head = buildHead({ share, source: portal.source, now: new Date(2026, 2, 31, 12) })!;
  const cut = headWithin(head, 202512, 202602);
  expect([cut?.first, cut?.last, monthsOf(cut)]).toEqual([202512, 202602, ['110', '100', '010']]);
  expect(Object.keys(headWithin(head, 0, 202512)!.pages[0]!.years!)).toEqual(['2025']);
  expect(headWithin(head, 202701, 202712)).toBeNull();
});
