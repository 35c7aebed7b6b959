import { decimalText } from '../../../src-shared/domain/money.ts';
import type { Format } from '../../format.ts';

/** Fields of a preview row that are amounts as decimal text. */
const amounts = new Set(['rate', 'hourlyRate', 'fixedRate']);
/** Fields that are `yes` or `no`, in lists of customers and projects `1` or `0`. */
const flags = new Set(['billable', 'running', 'visible']);

export interface FieldWords {
  yes: string;
  no: string;
  empty: string;
  monthly: string;
  lifetime: string;
}

/**
 * A value of a preview row as text in the owner's language. Records bring amounts as decimal text
 * without a currency and days as `YYYY-MM-DD`; lists bring budgets as ten-thousandths and seconds,
 * since their field names say so. Everything else is shown as it is.
 */
export function fieldText(field: string, value: string, format: Format, words: FieldWords): string {
  if (field === 'budget_type') return value === 'month' ? words.monthly : words.lifetime;
  if (value === '') return words.empty;
  if (field === 'day') return format.day(value);
  if (flags.has(field)) return value === 'yes' || value === '1' ? words.yes : words.no;
  if (amounts.has(field)) return amountText(value, format);
  if (field === 'budget_e4') return amountText(decimalText(Number(value)), format);
  if (field === 'time_budget_s') return format.duration(Number(value));
  return value;
}

function amountText(decimal: string, format: Format): string {
  const digits = { minimumFractionDigits: 2, maximumFractionDigits: 4 };
  return new Intl.NumberFormat(format.locale, digits).format(decimal as `${number}`);
}

/** The fields that tell one record from another; the rest follows in the details. */
export const leadFields = ['day', 'user', 'activity', 'description', 'duration', 'rate'] as const;
