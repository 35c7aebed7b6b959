/** What the owner can look up about the sync: its last polls, and what they cost. */
import { z } from 'zod';
import { syncStatus, type SyncLogEntry, type SyncStatus } from '../../src-shared/contract/sync.ts';
import { localDay } from '../../src-shared/domain/day.ts';
import type { AppContext } from '../context.ts';
import { kimaiSettings } from '../store/kimai/kimai-imports.ts';
import { readSetting, writeSetting } from '../store/settings.ts';
import type { Traffic } from './connection.ts';

const maxEntries = 50;
const noCounts = { inserted: 0, updated: 0, removed: 0 };

const schema = z.object({
  log: syncStatus.shape.log.catch([]).default([]),
  lastAt: z.number().nullable().default(null),
  day: z.number().default(0),
  requests: z.number().default(0),
  bytes: z.number().default(0),
});
type Stored = z.infer<typeof schema>;

export class SyncJournal {
  readonly #context: Pick<AppContext, 'clock' | 'readStore' | 'store' | 'writes'>;

  constructor(context: Pick<AppContext, 'clock' | 'readStore' | 'store' | 'writes'>) {
    this.#context = context;
  }

  read(): Pick<SyncStatus, 'log' | 'lastAt' | 'today'> {
    const { log, lastAt, ...stored } = this.#stored;
    const today = this.#today(stored);
    return { log, lastAt, today };
  }

  /** `isPoll`: a poll went well. */
  async note(
    entry: Partial<SyncLogEntry> & Pick<SyncLogEntry, 'what'>,
    isPoll = false,
  ): Promise<void> {
    const { clock, store, writes } = this.#context;
    const at = clock.now().getTime();
    const none = { ...{ times: 1, requests: 0, bytes: 0 }, ...noCounts, error: null };
    await writes.run(() => {
      const stored = this.#stored;
      const log = withEntry(stored.log, { at, ...none, ...entry });
      const lastAt = isPoll ? at : stored.lastAt;
      writeSetting(store, kimaiSettings.journal, { ...stored, log, lastAt });
    });
  }

  async count({ requests, bytes }: Traffic): Promise<void> {
    const { clock, store, writes } = this.#context;
    await writes.run(() => {
      const stored = this.#stored;
      const today = this.#today(stored);
      writeSetting(store, kimaiSettings.journal, {
        ...stored,
        day: localDay(clock.now()),
        requests: today.requests + requests,
        bytes: today.bytes + bytes,
      });
    });
  }

  #today({ day, requests, bytes }: Pick<Stored, 'day' | 'requests' | 'bytes'>): Traffic {
    const isToday = day === localDay(this.#context.clock.now());
    return isToday ? { requests, bytes } : { requests: 0, bytes: 0 };
  }

  get #stored(): Stored {
    return schema.parse(readSetting(this.#context.readStore, kimaiSettings.journal) ?? {});
  }
}

/**
 * A day has 144 polls, most of them without news, and a night may have many that fail alike: one
 * line tells of all in a row, so that what was imported stays in sight.
 */
function withEntry(log: readonly SyncLogEntry[], entry: SyncLogEntry): SyncLogEntry[] {
  const [latest, ...others] = log;
  const isRepeated = entry.what === 'read' || entry.what === 'failed';
  if (!latest || !isRepeated || latest.what !== entry.what || !isSameError(latest, entry)) {
    return [entry, ...log].slice(0, maxEntries);
  }
  const { requests, bytes, times } = latest;
  const sums = { requests: requests + entry.requests, bytes: bytes + entry.bytes };
  return [{ ...entry, ...sums, times: times + 1 }, ...others];
}

const isSameError = (one: SyncLogEntry, other: SyncLogEntry): boolean =>
  one.error?.code === other.error?.code;
