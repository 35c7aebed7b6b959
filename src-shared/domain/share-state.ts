/** Whether a share's link works: the portal, the owner's list and the import ask here. */
import type { DayNumber } from './day.ts';

/** A share that is deleted, paused and expired is deleted; one that is paused and expired is paused. */
export const shareStates = ['active', 'paused', 'expired', 'deleted'] as const;
export type ShareState = (typeof shareStates)[number];

/** `today`: the day in the program's time zone. A share works through its last day. */
export function shareState(
  share: { deleted?: boolean; paused: boolean; expiresDay: DayNumber | null },
  today: DayNumber,
): ShareState {
  if (share.deleted) return 'deleted';
  if (share.paused) return 'paused';
  return isOver(share.expiresDay, today) ? 'expired' : 'active';
}

/** Whether the last day of a share has passed; null: it has none. Texts: `YYYY-MM-DD`. */
export const isOver = <Day extends DayNumber | string>(
  expiresDay: Day | null,
  today: Day,
): boolean => expiresDay !== null && expiresDay < today;
