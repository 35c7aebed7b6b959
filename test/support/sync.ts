/** A program that is connected to a Kimai of the test's own. */
import type { SyncStatus } from '../../src-shared/contract/sync.ts';
import type { TestApp } from './app.ts';

/** Resolves when the status is as wanted; looks again whenever the program says that it changed. */
export async function syncWhen(
  { app, call }: TestApp,
  isWanted: (status: SyncStatus) => boolean,
): Promise<SyncStatus> {
  let wake: () => void = () => undefined;
  const end = app.onChanged((topics) => {
    if (topics.some((topic) => topic === 'sync' || topic === 'jobs')) wake();
  });
  try {
    for (;;) {
      const changed = new Promise<void>((resolve) => (wake = resolve));
      const status = await call('sync.status');
      if (isWanted(status)) return status;
      await changed;
    }
  } finally {
    end();
  }
}

const isBusy = ({ state }: SyncStatus): boolean => state === 'reading' || state === 'importing';

/**
 * Runs a poll and what it imports; `byHand`: as the owner does, else as the clock does. The clock
 * must be one that never stands still.
 */
export async function pollOnce(test: TestApp, byHand = false): Promise<SyncStatus> {
  const { log: before } = await test.call('sync.status');
  if (byHand) await test.call('sync.now');
  else {
    await test.call('sync.pause', { paused: true });
    await test.call('sync.pause', { paused: false });
  }
  const isEnd = ({ at, what }: SyncStatus['log'][number]): boolean =>
    at > (before[0]?.at ?? 0) && ['read', 'imported', 'preview', 'failed'].includes(what);
  return syncWhen(test, (status) => !isBusy(status) && status.log.some(isEnd));
}

/** A clock that shows another millisecond at each look, and can be set forward. */
export function tickingClock(start = Date.UTC(2026, 10, 27, 12)) {
  let at = start;
  return {
    now: () => new Date(++at),
    advance(ms: number) {
      at += ms;
    },
  };
}

/** Commits the import that waits, whatever it warns of. */
export async function commitWaiting({ call }: TestApp): Promise<void> {
  const { preview } = await call('sync.status');
  const job = await call('imports.job', { jobId: preview!.jobId });
  const { digest, mustSee: seen } = job.preview!;
  await call('imports.commit', { jobId: job.jobId, digest, seen });
}
