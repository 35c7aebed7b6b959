/** When the portal is on. Times are the program's own time zone, as the owner sees them. */

export interface Presence {
  /** Paused by hand. */
  paused: boolean;
  /** When a pause by hand ends by itself; milliseconds since 1970 UTC. Null: when the owner ends it. */
  backAt: number | null;
  /** Online until then, in milliseconds since 1970 UTC. Null: no end. */
  until: number | null;
  /** Hours in which the portal is on. Null: always. */
  hours: { days: number[]; fromMinute: number; toMinute: number } | null;
}

export const alwaysOn: Presence = { paused: false, backAt: null, until: null, hours: null };

/** Whether the portal is paused at a moment, and when it is back if that is known; null: it is on. */
export function pauseAt(presence: Presence, now: Date): { backAt: Date | null } | null {
  const { paused, backAt, until, hours } = presence;
  if (paused && (backAt === null || now.getTime() < backAt)) {
    return { backAt: backAt === null ? null : new Date(backAt) };
  }
  if (until !== null && now.getTime() >= until) return { backAt: null };
  if (hours === null || isWithin(hours, now)) return null;
  return { backAt: nextStart(hours, now) };
}

type Hours = NonNullable<Presence['hours']>;

/** Days are 0 (Sunday) to 6, as JavaScript's. An end before the start is on the next day. */
function isWithin({ days, fromMinute, toMinute }: Hours, now: Date): boolean {
  const minute = now.getHours() * 60 + now.getMinutes();
  const today = now.getDay();
  if (fromMinute < toMinute) {
    return days.includes(today) && minute >= fromMinute && minute < toMinute;
  }
  const isLate = days.includes(today) && minute >= fromMinute;
  return isLate || (days.includes((today + 6) % 7) && minute < toMinute);
}

function nextStart({ days, fromMinute }: Hours, now: Date): Date | null {
  for (let ahead = 0; ahead <= 7; ahead++) {
    const start = new Date(now);
    start.setDate(now.getDate() + ahead);
    start.setHours(Math.floor(fromMinute / 60), fromMinute % 60, 0, 0);
    if (days.includes(start.getDay()) && start > now) return start;
  }
  return null;
}

/** The next moment at which the clock shows these minutes after midnight, in ms since 1970 UTC. */
export function nextAt(minutes: number, now: Date): number {
  const at = new Date(now);
  at.setHours(Math.floor(minutes / 60), minutes % 60, 0, 0);
  if (at <= now) at.setDate(at.getDate() + 1);
  return at.getTime();
}
