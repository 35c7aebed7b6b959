/** Hours that we take at most: what Kimai's time budgets can hold is far less. */
const maxHours = 1_000_000;

/**
 * Reads a duration as people type it: `12:30`, `12:30:15`, `12`, `12,5`, `12.5`, `12h 30m`, `90m`.
 * A bare number is hours, as in Kimai. Returns seconds; 0 for an empty text; null for what is none.
 */
export function parseDurationInput(text: string): number | null {
  const bare = text.trim().toLowerCase().replace(/\s+/g, '');
  if (bare === '') return 0;
  const clock = /^(\d{1,7}):([0-5]\d)(?::([0-5]\d))?$/.exec(bare);
  if (clock) return inRange(Number(clock[1]), Number(clock[2]) * 60 + Number(clock[3] ?? 0));
  const units = /^(?:(\d{1,7})h)?(?:(\d{1,7})m(?:in)?)?$/.exec(bare);
  if (units) return inRange(Number(units[1] ?? 0), Number(units[2] ?? 0) * 60);
  const decimal = /^(\d{1,7})(?:[.,](\d{1,4}))?h?$/.exec(bare);
  if (!decimal) return null;
  const fraction = Number((decimal[2] ?? '').padEnd(4, '0'));
  return inRange(Number(decimal[1]), Math.round((fraction * 3600) / 10_000));
}

function inRange(hours: number, seconds: number): number | null {
  const total = hours * 3600 + seconds;
  return total <= maxHours * 3600 ? total : null;
}

/** The text of a duration to edit: `h:mm`, with seconds only if there are any; empty for 0. */
export function durationInputText(seconds: number): string {
  if (seconds === 0) return '';
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = two(Math.floor(seconds / 60) % 60);
  const rest = seconds % 60;
  return `${Math.floor(seconds / 3600)}:${minutes}${rest === 0 ? '' : `:${two(rest)}`}`;
}
