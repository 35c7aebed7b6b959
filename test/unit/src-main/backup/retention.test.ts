import { expect, it } from 'vitest';
import { outdatedBackups } from '../../../../src-main/backup/retention.ts';
import type { Backup, BackupReason } from '../../../../src-shared/contract/backups.ts';

const dayMs = 86_400_000;
const first = new Date(2025, 0, 1, 12).getTime();
const backup = (day: number, reason: BackupReason = 'daily'): Backup => ({
  id: `${day}-${reason}`,
  reason,
  madeAt: first + day * dayMs,
  bytes: 1,
});

/** What is left if each day a backup is made and the outdated ones are removed. */
function afterDays(days: number): number[] {
  let kept: Backup[] = [];
  for (let day = 0; day < days; day++) {
    kept = [backup(day), ...kept];
    const outdated = new Set(outdatedBackups(kept));
    kept = kept.filter((one) => !outdated.has(one));
  }
  return kept.map(({ madeAt }) => (madeAt - first) / dayMs);
}

it('keeps the last 7 days, 4 weeks and 12 months', () => {
  const kept = afterDays(730);
  expect(kept.slice(0, 7)).toEqual([729, 728, 727, 726, 725, 724, 723]);
  const dates = kept.map((day) => new Date(first + day * dayMs));
  // Sundays end weeks; the day before the first of a month ends that month.
  const sundays = dates.slice(7).filter((date) => date.getDay() === 0);
  expect(sundays.length).toBeGreaterThanOrEqual(3);
  const ends = dates.filter((date) => new Date(date.getTime() + dayMs).getDate() === 1);
  expect(ends).toHaveLength(12);
  expect(kept.length).toBeLessThanOrEqual(7 + 4 + 12);
});

it('keeps some of each other kind, the newest ones', () => {
  const imports = Array.from({ length: 8 }, (_, day) => backup(100 - day, 'import'));
  const moved = [backup(3, 'moved'), backup(2, 'moved'), backup(1, 'moved')];
  expect(outdatedBackups([...imports, ...moved, backup(0)])).toEqual([
    ...imports.slice(5),
    moved[2],
  ]);
});
