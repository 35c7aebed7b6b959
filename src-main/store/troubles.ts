/** What keeps the program from its data, or makes it doubt the clock: looked at all the time. */
import { AppError, toWireError, type WireError } from '../../src-shared/errors.ts';
import { dayText, localDay } from '../../src-shared/domain/day.ts';
import type { Topic } from '../../src-shared/contract.ts';
import type { Clock } from '../clock.ts';
import type { ReadDb } from './db.ts';
import type { StoreFiles } from './store-files.ts';

interface TroublesContext {
  readStore: ReadDb;
  clock: Clock;
  /** Tells the renderer what to fetch again. */
  changed(...topics: Topic[]): void;
}

export interface Troubles {
  /** Throws what `StoreFiles.check` throws; the renderer is told at once. */
  check(): void;
  /** Looks again every few seconds, and tells the renderer what is new. */
  start(): void;
  stop(): void;
  /** `data_folder_gone`, `database_log_gone`, `clock_behind`. */
  list(): WireError[];
}

const lookEveryMs = 5_000;
/** A clock that is corrected by less, as after a summer without a network, is no trouble. */
const toleratedMs = 24 * 3_600_000;

export function createTroubles(
  { readStore, clock, changed }: TroublesContext,
  files: StoreFiles,
): Troubles {
  let newest = Math.max(newestMoment(readStore), clock.now().getTime());
  let shown = '';
  let timer: NodeJS.Timeout | undefined;

  function list(): WireError[] {
    const now = clock.now().getTime();
    newest = Math.max(newest, now);
    return [...troubleOf(files), ...behind(newest, now)];
  }

  function look(): void {
    const found = JSON.stringify(list());
    if (found === shown) return;
    shown = found;
    changed('session');
  }

  return {
    list,
    check() {
      try {
        files.check();
      } catch (error) {
        look();
        throw error;
      }
    },
    start() {
      shown = JSON.stringify(list());
      timer = setInterval(look, lookEveryMs);
      timer.unref();
    },
    stop: () => clearInterval(timer),
  };
}

function troubleOf(files: StoreFiles): WireError[] {
  try {
    files.check();
    return [];
  } catch (error) {
    if (error instanceof AppError) return [toWireError(error)];
    throw error;
  }
}

function behind(newest: number, now: number): WireError[] {
  if (newest - now <= toleratedMs) return [];
  const day = (moment: number): string => dayText(localDay(new Date(moment)));
  const error = new AppError('clock_behind', { today: day(now), newest: day(newest) });
  return [toWireError(error)];
}

/** When anything was changed or viewed last, as far as the store knows; 0: never. */
const newestMoment = (db: ReadDb): number =>
  db
    .prepare<[], number>(
      `SELECT MAX(coalesce((SELECT MAX(made_at) FROM change_steps), 0),
                  coalesce((SELECT MAX(last_at) FROM share_views), 0))`,
    )
    .pluck()
    .get()!;
