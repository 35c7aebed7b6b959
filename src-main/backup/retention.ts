import { localDay } from '../../src-shared/domain/day.ts';
import type { Backup, BackupReason } from '../../src-shared/contract/backups.ts';

/** Of how many days, weeks and months the last daily backup is kept. */
const kept = { days: 7, weeks: 4, months: 12 };
/** The others by number, the newest ones. */
const keptOf: Record<Exclude<BackupReason, 'daily'>, number> = {
  asked: 10,
  import: 5,
  migration: 3,
  restore: 5,
  moved: 2,
};

/**
 * Which backups are to go. They are compared with each other and never with the clock, so that a
 * wrong one costs none. `backups`: the newest first.
 */
export function outdatedBackups(backups: readonly Backup[]): Backup[] {
  const daily = backups.filter(({ reason }) => reason === 'daily');
  const keep = new Set<Backup>([
    ...lastOfEach(daily, kept.days, dayOf),
    ...lastOfEach(daily, kept.weeks, weekOf),
    ...lastOfEach(daily, kept.months, monthOf),
  ]);
  for (const [reason, count] of Object.entries(keptOf)) {
    for (const backup of backups.filter((one) => one.reason === reason).slice(0, count)) {
      keep.add(backup);
    }
  }
  return backups.filter((backup) => !keep.has(backup));
}

/** The newest backup of each of the newest periods. */
function lastOfEach(
  backups: readonly Backup[],
  periods: number,
  periodOf: (moment: Date) => number,
): Backup[] {
  const byPeriod = new Map<number, Backup>();
  for (const backup of backups) {
    const period = periodOf(new Date(backup.madeAt));
    if (!byPeriod.has(period)) byPeriod.set(period, backup);
  }
  return [...byPeriod.values()].slice(0, periods);
}

const dayOf = (moment: Date): number => localDay(moment);
const monthOf = (moment: Date): number => moment.getFullYear() * 12 + moment.getMonth();
/** Weeks begin on Monday: days since one, by the local calendar. */
const weekOf = (moment: Date): number =>
  Math.floor((Date.UTC(moment.getFullYear(), moment.getMonth(), moment.getDate()) / 864e5 + 3) / 7);
