import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGuardedPortal, type GuardedPortal } from '../../../support/guarded-portal.ts';

const hour = 3_600_000;
let portal: GuardedPortal;
beforeAll(async () => {
  portal = await startGuardedPortal();
});
afterAll(() => portal.close());

const synchronous = (): unknown => portal.store.pragma('synchronous', { simple: true });

describe('the access journal', () => {
  it('counts per day, kind, device and locale', async () => {
    const { id } = portal.share();
    const visit = { shareId: id, kind: 'view', device: 'phone', locale: 'de' } as const;
    await portal.deps.journal.recordVisit(visit);
    await portal.deps.journal.recordVisit(visit);
    portal.clock.time += 24 * hour;
    await portal.deps.journal.recordVisit(visit);
    const rows = portal.store
      .prepare('SELECT day, count, last_at FROM share_views WHERE share_id = ? ORDER BY day')
      .all(id);
    expect(rows).toEqual([
      { day: 20261124, count: 2, last_at: portal.clock.time - 24 * hour },
      { day: 20261125, count: 1, last_at: portal.clock.time },
    ]);
  });

  it('forgets failures that can no longer lock anybody', async () => {
    const { id } = portal.share();
    const { journal } = portal.deps;
    const at = portal.clock.time;
    await journal.recordFailure(id, 'one', at);
    await journal.recordFailure(id, 'two', at + hour);
    expect(journal.failures(id, null, 0)).toEqual([at, at + hour]);
    expect(journal.failures(null, 'two', 0)).toEqual([at + hour]);
    await journal.recordFailure(id, 'two', at + 2 * hour + 1);
    expect(journal.failures(id, null, 0)).toEqual([at + hour, at + 2 * hour + 1]);
    await journal.clearFailures(id, 'two');
    expect(journal.failures(null, null, 0)).toEqual([]);
  });

  it('writes nothing about a share that is gone', async () => {
    const { journal } = portal.deps;
    await journal.recordFailure(999, 'one', portal.clock.time);
    await journal.recordVisit({ shareId: 999, kind: 'view', device: 'phone', locale: 'de' });
    expect(journal.failures(999, null, 0)).toEqual([]);
  });

  it('replaces a hash only if it is still the one that was checked', async () => {
    const { id } = portal.share({ passwordHash: 'new' });
    await portal.deps.journal.replacePasswordHash(id, 'old', 'late');
    const read = portal.store.prepare('SELECT password_hash FROM shares WHERE id = ?').pluck();
    expect(read.get(id)).toBe('new');
  });

  it('keeps ended sessions until their cookies are over, by digest', async () => {
    const { journal } = portal.deps;
    const at = portal.clock.time;
    const [one, two] = [Buffer.from('digest one'), Buffer.from('digest two')];
    await journal.endSession(one, at + hour);
    await journal.endSession(one, at + hour);
    expect([journal.isSessionEnded(one), journal.isSessionEnded(two)]).toEqual([true, false]);
    portal.clock.time = at + hour;
    await journal.endSession(two, at + 3 * hour);
    expect([journal.isSessionEnded(one), journal.isSessionEnded(two)]).toEqual([false, true]);
  });

  it('does not wait for the disk, and leaves the store as careful as it was', async () => {
    const full = synchronous();
    const { id } = portal.share();
    await portal.deps.journal.recordFailure(id, 'one', portal.clock.time);
    expect(synchronous()).toBe(full);
    const broken = portal.deps.journal.recordFailure(id, 'one', 0.5);
    await expect(broken).rejects.toThrow();
    expect(synchronous()).toBe(full);
  });
});
