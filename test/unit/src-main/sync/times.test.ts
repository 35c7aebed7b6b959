/** When a connected Kimai is read: at the start, from time to time, after sleep, once a week all of it. */
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { SyncStatus } from '../../../../src-shared/contract/sync.ts';
import { readRecording } from '../../../support/kimai-replay/recording.ts';
import { pollOnce, syncWhen, SyncWorld } from '../../../support/sync.ts';

const recording = readRecording(
  resolve(import.meta.dirname, '../../../fixtures/golden/kimai-api-2.66'),
);

// Each goes on where the one before it ended.
let world: SyncWorld;
beforeAll(async () => {
  // Only the timers that look at the clock again and again: the test says when they do.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  world = await SyncWorld.open(recording);
  await world.connectAndImport();
});
afterAll(async () => {
  vi.useRealTimers();
  await world.close();
});

const status = (): Promise<SyncStatus> => world.test.call('sync.status');
const isQuiet = ({ state }: SyncStatus): boolean => state !== 'reading' && state !== 'importing';
const ended = async (after: number): Promise<SyncStatus> =>
  syncWhen(world.test, (now) => isQuiet(now) && now.log[0]!.at > after);

/** The program looks at the clock, by which this much time has gone; true: it began to read. */
async function look(afterMs: number): Promise<boolean> {
  world.clock.advance(afterMs);
  vi.advanceTimersByTime(15_000);
  return !isQuiet(await status());
}

describe('a connected Kimai is read', () => {
  it('when the program starts', async () => {
    world.replay.goTo('description');
    const { log } = await status();
    await world.restart();
    expect((await ended(log[0]!.at)).log[0]!.what).toBe('imported');
    expect(world.wrong()).toEqual([]);
  });

  it('every so many minutes', async () => {
    expect(await look(15_000)).toBe(false);
    await world.test.call('sync.setInterval', { everyMin: 1 });
    const { log } = await status();
    expect(await look(40_000)).toBe(false);
    expect(await look(40_000)).toBe(true);
    const { nextAt, lastAt } = await ended(log[0]!.at);
    expect(Math.round((nextAt! - lastAt!) / 60_000)).toBe(1);
  });

  it('after sleep, and when the clock was set back, long before it would be its turn', async () => {
    await world.test.call('sync.setInterval', { everyMin: 10 });
    for (const jumpMs of [180_000, -86_400_000]) {
      const { log } = await status();
      const before = world.replay.asked.length;
      expect(await look(jumpMs)).toBe(true);
      await syncWhen(world.test, (now) => isQuiet(now) && now.log[0]!.at !== log[0]!.at);
      expect(world.replay.asked.length).toBeGreaterThan(before);
    }
  });

  it('not after sleep while its server wants to be left alone', async () => {
    world.replay.intercept = () => ({
      ...{ status: 503, body: null },
      headers: { 'retry-after': '7200' },
    });
    expect((await pollOnce(world.test)).state).toBe('failed');
    const { log } = await status();
    expect(await look(3_600_000)).toBe(false);
    expect(await look(3_600_000)).toBe(true);
    // The same failure again makes no other line.
    expect((await ended(log[0]!.at)).log[0]).toMatchObject({ what: 'failed', times: 2 });
    world.replay.intercept = () => null;
    expect((await pollOnce(world.test)).state).toBe('waiting');
  });

  it('as a whole once a week: what no count and no cursor tells, also while records go', async () => {
    world.replay.maxSize = 20;
    const [first] = world.rows.values();
    world.rows.set(first!.id, { ...first!, description: 'changed in the database' });
    await pollOnce(world.test);
    expect(world.wrong()).toHaveLength(1);
    // The clock was set back by a day above.
    world.clock.advance(8 * 86_400_000);
    const gone = [31, 52, 90];
    world.replay.intercept = (path) => {
      if (path.includes('orderBy=id') && /&page=\d+&full=1$/.test(path)) {
        world.drop(gone.pop() ?? 0);
      }
      return null;
    };
    await pollOnce(world.test);
    world.replay.intercept = () => null;
    expect(gone).toEqual([]);
    // What went meanwhile may stand on pages that were read by then: the next poll counts.
    await pollOnce(world.test);
    expect(world.wrong()).toEqual([]);
    world.replay.maxSize = 500;
  });

  it('with few requests, one line of the log and none of the history while nothing changes', async () => {
    const imports = await world.test.call('imports.list');
    expect(imports.every(({ isSync }) => isSync)).toBe(true);
    const before = world.replay.asked.length;
    const { log } = await pollOnce(world.test);
    const requests = world.replay.asked.length - before;
    expect(requests).toBeLessThanOrEqual(12);
    expect(log[0]).toMatchObject({ what: 'read', times: 1, requests });
    await pollOnce(world.test, true);
    const later = (await pollOnce(world.test, true)).log;
    expect(later[0]).toMatchObject({ what: 'read', times: 3, requests: 3 * requests });
    expect(later.slice(1)).toEqual(log.slice(1));
    expect(await world.test.call('imports.list')).toEqual(imports);
  });

  it('not at the start if it is paused, or is to be read by hand only', async () => {
    await world.test.call('sync.setInterval', { everyMin: 0 });
    const before = world.replay.asked.length;
    await world.restart();
    expect((await status()).state).toBe('by_hand');
    await world.test.call('sync.setInterval', { everyMin: 10 });
    await world.test.call('sync.pause', { paused: true });
    await world.restart();
    expect((await status()).state).toBe('paused');
    expect(await look(3_600_000)).toBe(false);
    expect(world.replay.asked).toHaveLength(before);
  });
});
