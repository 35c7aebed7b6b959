import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shareOptions, type ShareOptions } from '../../../../src-shared/contract/shares.ts';
import { contrast, parseColor, projectColors } from '../../../../src-server/view-model/colors.ts';
import type { PageRequest } from '../../../../src-server/request.ts';
import { buildPageModel } from '../../../../src-server/view-model/build.ts';
import type { PortalShare } from '../../../../src-server/source.ts';
import { startOpenPortal, type TestPortal } from '../../../support/portal.ts';
import { seedCustomer, seedProject, seedRecords } from '../../../support/seed.ts';
import type { z } from 'zod';

let portal: TestPortal;
let customerId: number;
let projectId: number;

beforeAll(async () => {
  portal = await startOpenPortal();
  customerId = seedCustomer(portal.store, { name: 'Harbour', budgetE4: 77_770_000 });
  projectId = seedProject(portal.store, { customerId, name: 'Website' });
  seedRecords(portal.store, [
    {
      projectId,
      day: '2026-10-01',
      durationS: 3600,
      rateE4: 88_880_000,
      hourlyRateE4: 99_990_000,
      user: 'secret-login',
      userName: 'Secret Name',
      activity: 'Secret activity',
      tags: 'secret tag',
      beginMin: 541,
      endMin: 601,
    },
  ]);
});
afterAll(() => portal.close());

const shareWith = (options: z.input<typeof shareOptions>): PortalShare => ({
  id: 1,
  customerId,
  projectId: null,
  projectIds: [],
  options: shareOptions.parse(options),
  passwordHash: null,
  passwordVersion: 1,
  sessionVersion: 1,
  paused: false,
  expiresDay: null,
});

const anything: PageRequest = { projectId: null, year: null, month: null, details: null };

const build = (options: Partial<ShareOptions>, request = anything) =>
  buildPageModel({
    share: shareWith(options),
    source: portal.source,
    now: new Date(2026, 10, 24, 12),
    request,
  });

describe('a view model', () => {
  it('holds nothing that the share hides', () => {
    const text = JSON.stringify(build({}));
    for (const secret of ['ecret', '8888', '9999', '7777', '541', 'E4', 'user', 'rate']) {
      expect(text).not.toContain(secret);
    }
  });

  it.each([
    [{ showUser: true }, ['Secret Name'], ['secret-login', 'Secret activity', '8888']],
    [{ showActivity: true }, ['Secret activity'], ['Secret Name', 'secret tag']],
    [{ showTags: true }, ['secret tag'], ['Secret activity', '541']],
    [{ showTimes: true }, ['541', '601'], ['secret tag', '8888']],
    [{ showMonthTotal: true }, ['88880000'], ['99990000', '"rates"']],
    [{ showRates: true }, ['88880000', '99990000'], ['77770000']],
    [{ budgetStats: true }, ['77770000'], ['99990000', '"rates"']],
  ])('with %j holds %j and not %j', (options, shown, hidden) => {
    const text = JSON.stringify(build(options));
    for (const part of shown) expect(text).toContain(part);
    for (const part of hidden) expect(text).not.toContain(part);
  });

  it('is a page, a redirect or nothing, whatever an address holds', () => {
    const text = fc.option(fc.oneof(fc.string(), fc.integer().map(String)));
    fc.assert(
      fc.property(text, text, text, (year, month, details) => {
        const result = build({}, { projectId: null, year, month, details });
        if (result.kind !== 'redirect') {
          expect(result.kind).toBe('page');
          return;
        }
        const again = build(
          {},
          {
            projectId: null,
            year: String(Math.floor(result.month / 100)),
            month: String(result.month % 100),
            details: result.details,
          },
        );
        expect(again.kind).toBe('page');
      }),
      { numRuns: 50 },
    );
  });
});

describe('colours of projects', () => {
  it('can be seen on both themes, whatever Kimai says', () => {
    const color = fc.integer({ min: 0, max: 0xffffff });
    fc.assert(
      fc.property(fc.option(color), fc.integer({ min: 1 }), (number, id) => {
        const hex = number === null ? null : `#${number.toString(16).padStart(6, '0')}`;
        const { light, dark } = projectColors(hex, id);
        expect(contrast(parseColor(light), parseColor('#ffffff'))).toBeGreaterThanOrEqual(3);
        expect(contrast(parseColor(dark), parseColor('#191f22'))).toBeGreaterThanOrEqual(3);
      }),
    );
  });

  it('are steady, and stay as they are where they can be seen', () => {
    expect(projectColors(null, 7)).toEqual(projectColors(null, 7));
    expect(projectColors(null, 7)).not.toEqual(projectColors(null, 8));
    expect(projectColors('#0a6570', 1).light).toBe('#0a6570');
    expect(projectColors('not a colour', 7)).toEqual(projectColors(null, 7));
  });
});
