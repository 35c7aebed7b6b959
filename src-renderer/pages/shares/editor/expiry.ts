import { addDays, dayText, localDay, parseDay } from '../../../../src-shared/domain/day.ts';

/** How the owner says when a link stops working; the contract only knows the day itself. */
export type Expiry =
  | { kind: 'never' }
  /** The last day on which the link works, `YYYY-MM-DD` as a date field has it, or empty. */
  | { kind: 'day'; day: string }
  /** So many days after the share was created; null while the field is empty. */
  | { kind: 'days'; days: number | null };

/** Ten years: whoever wants more wants `never`. */
export const maxExpiryDays = 3650;

export const expiryOf = (expiresDay: string | null): Expiry =>
  expiresDay === null ? { kind: 'never' } : { kind: 'day', day: expiresDay };

/**
 * The last day on which the link works, `YYYY-MM-DD`; null: for ever. `createdDay` is the
 * owner's local day on which the share was made (today for a new one). An answer that is not
 * complete yet gives undefined.
 */
export function expiresDayOf(expiry: Expiry, createdDay: string): string | null | undefined {
  if (expiry.kind === 'never') return null;
  if (expiry.kind === 'day') return parseDay(expiry.day) === null ? undefined : expiry.day;
  const created = parseDay(createdDay);
  const { days } = expiry;
  if (created === null || days === null || !Number.isInteger(days)) return undefined;
  if (days < 1 || days > maxExpiryDays) return undefined;
  return dayText(addDays(created, days));
}

/** Whole days from `today` to `day`, both `YYYY-MM-DD`; negative if it has passed. */
export function daysUntil(day: string, today: string): number {
  return Math.round(
    (Date.parse(`${day}T00:00:00Z`) - Date.parse(`${today}T00:00:00Z`)) / 86_400_000,
  );
}

/** The day of a moment (milliseconds since 1970 UTC) in this computer's zone, `YYYY-MM-DD`. */
export const dayOf = (moment: number): string => dayText(localDay(new Date(moment)));
