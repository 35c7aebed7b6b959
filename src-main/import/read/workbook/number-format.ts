/**
 * What a cell's number format says about its number: an amount, a day, a time of day, a length of
 * time; and the text that a spreadsheet shows for it. Formats are stored in English by every
 * spreadsheet, whatever its language (ECMA-376 part 1, 18.8.31).
 */
import { dayText } from '../../../../src-shared/domain/day.ts';

export type FormatKind = 'general' | 'number' | 'percent' | 'day' | 'time' | 'dayTime' | 'elapsed';

export interface NumberFormat {
  kind: FormatKind;
  /** Tokens of a time: `[h]`, `h`, `m` (minutes), `s`, `ampm`, or a text to be shown. */
  parts: readonly string[];
  /** Currency of an accounting format, `_("EUR"* #,##0.00_)`: Kimai up to 2.26 has it only there. */
  currency: string | null;
  /** Digits that `0000` fills up with zeros; 0 in every other format. */
  zeroDigits: number;
}

export const generalFormat: NumberFormat = {
  kind: 'general',
  parts: [],
  currency: null,
  zeroDigits: 0,
};

const dayS = 86_400;
/** Serial numbers have about nine digits after the point: half a second is far above their noise. */
const halfSecond = 0.5 / dayS;

/** Formats that a file names by number only (ECMA-376 part 1, 18.8.30); 27 to 58 are East Asian dates. */
const builtIn: Record<number, string> = {
  9: '0%',
  10: '0.00%',
  18: 'h:mm AM/PM',
  19: 'h:mm:ss AM/PM',
  20: 'h:mm',
  21: 'h:mm:ss',
  22: 'm/d/yy h:mm',
  32: 'h:mm',
  33: 'h:mm:ss',
  34: 'h:mm',
  35: 'h:mm:ss',
  45: 'mm:ss',
  46: '[h]:mm:ss',
  47: 'mm:ss.0',
  55: 'h:mm',
  56: 'h:mm:ss',
};

/** The format code of a built-in number. */
export function builtInCode(id: number): string {
  if (Object.hasOwn(builtIn, id)) return builtIn[id]!;
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 58 && !(id >= 37 && id <= 49)))
    return 'yyyy-mm-dd';
  return id === 0 || id === 49 ? 'General' : '0';
}

/** Reads a format code. Only its first section counts: the others are for negatives and texts. */
export function parseFormat(code: string): NumberFormat {
  const currency = /"([A-Z]{3})"/.exec(code)?.[1] ?? null;
  const parts = tokensOf(code.slice(0, 1000));
  const has = (...names: string[]): boolean => parts.some((part) => names.includes(part));
  const base = { parts, currency, zeroDigits: 0 };
  if (has('[h]', '[m]', '[s]')) return { ...base, kind: 'elapsed' };
  const hasDay = has('y', 'd', 'month');
  const hasTime = has('h', 'm', 's');
  if (hasDay) return { ...base, kind: hasTime ? 'dayTime' : 'day' };
  if (hasTime) return { ...base, kind: 'time' };
  if (/^(general|@|)$/i.test(code.trim())) return { ...generalFormat, currency };
  if (code.includes('%')) return { ...base, kind: 'percent' };
  return { ...base, kind: 'number', zeroDigits: /^0{2,30}$/.test(code) ? code.length : 0 };
}

const tokenPattern =
  /"([^"]*)"|\\(.)|[_*].|\[(h{1,9}|m{1,9}|s{1,9})\]|\[[^[\]]{0,99}\]|AM\/PM|A\/P|上午\/下午|General|y+|e+|g+|b+|d+|h+|m+|s+|\.0+|;|./gisu;

/** The tokens of a format's first section, months told from minutes by what stands beside them. */
function tokensOf(code: string): string[] {
  const tokens: string[] = [];
  for (const match of code.matchAll(tokenPattern)) {
    const [whole, quoted, escaped, elapsed] = match;
    if (whole === ';') break;
    const lower = whole.toLowerCase();
    if (quoted !== undefined) tokens.push(`'${quoted}`);
    else if (escaped !== undefined) tokens.push(`'${escaped}`);
    else if (elapsed !== undefined) tokens.push(`[${elapsed[0]!.toLowerCase()}]`);
    else if (/^(am\/pm|a\/p|上午\/下午)$/.test(lower)) tokens.push('ampm');
    else if (lower === 'general' || /^[[_*]/.test(whole)) continue;
    else if (/^[dhms]/.test(lower)) tokens.push(lower[0]!);
    else if (/^(y|e+$|b)/.test(lower))
      tokens.push(/^e/.test(lower) && /[0#]/.test(code) ? `'${whole}` : 'y');
    else tokens.push(`'${whole}`);
  }
  return tokens.map((token, index) =>
    token === 'm' && !isMinutes(tokens, index) ? 'month' : token,
  );
}

const isWord = (token: string | undefined): boolean =>
  token !== undefined && !token.startsWith("'");

/** `m` means minutes behind hours and in front of seconds, months elsewhere. */
function isMinutes(tokens: readonly string[], index: number): boolean {
  const before = tokens.slice(0, index).findLast(isWord);
  const after = tokens.slice(index + 1).find(isWord);
  return before === 'h' || before === '[h]' || after === 's' || after === '[s]';
}

/** The day of a serial number as `YYYY-MM-DD`, in no time zone; null beyond the calendar. */
export function serialDay(serial: number, date1904: boolean): string | null {
  const days = Math.floor(serial + halfSecond) + (date1904 ? 1462 : 0);
  // Day 60 is the 29th of February 1900, which spreadsheets have and no calendar.
  if (days < 61 || days > 2_958_465) return null;
  const date = new Date(Date.UTC(1899, 11, 30 + days));
  return dayText(
    date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate(),
  );
}

const two = (part: number): string => String(part).padStart(2, '0');

/** The time of day of a serial number as `HH:MM`; its seconds are cut off. */
export function serialClock(serial: number): string {
  const minutes = Math.floor(((serial + halfSecond) % 1) * 1440);
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** A fraction of days as `h:mm:ss`, rounded to the second. */
export function elapsedText(days: number): string {
  const seconds = Math.round(Math.abs(days) * dayS);
  const sign = days < 0 ? '-' : '';
  return `${sign}${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** A number without exponent and without the noise of binary fractions. */
export function decimal(value: number): string {
  const text = String(value);
  if (!text.includes('e') && text.length <= 16) return text;
  return value.toFixed(6).replace(/\.?(?<!0)0+$/, '');
}

/** What the spreadsheet shows for a number; days as `YYYY-MM-DD` whatever their order there. */
export function shownText(value: number, format: NumberFormat, date1904: boolean): string {
  switch (format.kind) {
    case 'day':
      return serialDay(value, date1904) ?? decimal(value);
    case 'dayTime': {
      const day = serialDay(value, date1904);
      return day === null ? decimal(value) : `${day} ${serialClock(value)}`;
    }
    case 'time':
    case 'elapsed':
      return timeText(value, format.parts);
    case 'percent':
      return `${decimal(value * 100)}%`;
    case 'general':
    case 'number':
      return Number.isInteger(value) && value >= 0
        ? decimal(value).padStart(format.zeroDigits, '0')
        : decimal(value);
  }
}

function timeText(value: number, parts: readonly string[]): string {
  const seconds = Math.round(Math.abs(value) * dayS);
  const half = parts.includes('ampm');
  const hours = Math.floor(seconds / 3600) % 24;
  const shown: Record<string, string> = {
    '[h]': String(Math.floor(seconds / 3600)),
    '[m]': String(Math.floor(seconds / 60)),
    '[s]': String(seconds),
    h: two(half ? hours % 12 || 12 : hours),
    m: two(Math.floor(seconds / 60) % 60),
    s: two(seconds % 60),
    ampm: hours < 12 ? 'AM' : 'PM',
  };
  const text = parts
    .map((part) => shown[part] ?? part.slice(1))
    .join('')
    .trim();
  return value < 0 ? `-${text}` : text;
}
