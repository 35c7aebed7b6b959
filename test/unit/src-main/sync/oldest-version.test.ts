/**
 * Kimai 2.14, the first one with tokens: pages of any size, no breaks, no order numbers, budgets at
 * the address of each customer only, a cursor by the clock of the token's user.
 */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { madeRecording } from '../../../support/kimai-replay/made.ts';
import { pollOnce, SyncWorld } from '../../../support/sync.ts';
import { differences, recordedCatalog, storedCatalog, storedRecords } from '../../../sync/truth.ts';

const made = { version: '2.14.0', versionId: 21_400, records: 700, timeZone: 'Asia/Tokyo' };

let world: SyncWorld;
beforeEach(async () => {
  world = await SyncWorld.open(madeRecording(made));
  world.replay.maxSize = Infinity;
});
afterEach(() => world.close());

it('a Kimai 2.14 is followed', async () => {
  const { address } = world.replay;
  const seen = await world.test.call('sync.look', {
    address,
    token: world.replay.tokenOf('admin'),
  });
  expect(seen).toMatchObject({
    ...{ version: '2.14.0', records: 700, seesRates: true, seesBudgets: true },
  });
  await world.connectAndImport();
  const wrong = (): string[] =>
    differences(recordedCatalog(world.replay, 'admin', true), storedCatalog(world.db));
  expect(wrong()).toEqual([]);

  world.clock.advance(600_000);
  world.sight.at += 600_000;
  world.change(650, { description: 'changed in Tokyo', rate: 12.3456 });
  world.drop(3, 400);
  world.list('projects?visible=3&ignoreDates=1')[4]!.name = 'Renamed';
  expect((await pollOnce(world.test)).log[0]).toMatchObject({ what: 'imported', removed: 2 });
  expect(world.wrong()).toEqual([]);
  expect(storedRecords(world.db).get(650)).toMatchObject({ rate: 123_456, break: null });
  const since = world.replay.asked.findLast(({ path }) => path.includes('modified_after'))!.path;
  // Two minutes before 09:30 in UTC, which is what its own clock showed: ours is hours ahead.
  expect(since).toContain('modified_after=2026-11-27T18:28:00');

  // No list has the budgets: they are asked for once a week, or when the owner asks.
  const detail = world.sight.answers.get('projects/5')!.body as Record<string, unknown>;
  Object.assign(detail, { name: 'Renamed', timeBudget: 7200, budgetType: 'month' });
  await pollOnce(world.test);
  expect(wrong()).toHaveLength(2);
  await pollOnce(world.test, true);
  expect(wrong()).toEqual([]);
});
