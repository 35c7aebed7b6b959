import { parseDay } from '../../../../src-shared/domain/day.ts';
import { expiresDayOf, maxExpiryDays } from './expiry.ts';
import {
  maxPasswordBytes,
  minSharePasswordLength,
  normalPassword,
  passwordBytes,
  passwordLength,
} from '../../../../src-shared/domain/password.ts';
import { isOver } from '../../../../src-shared/domain/share-state.ts';
import { readOrigins, type ShareForm } from './share-form.ts';

/** Which control shows the message. */
export type ProblemField = 'customer' | 'projects' | 'range' | 'password' | 'expiry' | 'cors';

export interface FormProblem {
  field: ProblemField;
  /** Key under `shares.problem`. */
  code: string;
  params: Record<string, string | number>;
}

/**
 * What keeps a form from being saved, in the order of the form. `today` and `createdDay` are local
 * days; `savedExpiry` is the stored last day: a share that has run out can still be edited.
 */
export function problemsOf(
  form: ShareForm,
  days: { today: string; createdDay: string; savedExpiry: string | null },
): FormProblem[] {
  const problems: FormProblem[] = [];
  const add = (field: ProblemField, code: string, params: FormProblem['params'] = {}): void => {
    problems.push({ field, code, params });
  };

  if (form.customerId === null) add('customer', 'customer_missing');
  const { projectSelection, range } = form.options;
  if (form.projectId === null && projectSelection === 'selected' && form.projectIds.length === 0) {
    add('projects', 'projects_missing');
  }
  if (range.kind === 'fixed') {
    const { firstDay, lastDay } = range;
    if (firstDay !== null && lastDay !== null && firstDay > lastDay) add('range', 'range_reversed');
  }
  if (form.password.kind === 'set') {
    const { text, isShortConfirmed = false } = form.password;
    if (normalPassword(text) === '') add('password', 'password_empty');
    else if (passwordBytes(text) > maxPasswordBytes) {
      add('password', 'password_too_long', { max: maxPasswordBytes });
    } else if (passwordLength(text) < minSharePasswordLength && !isShortConfirmed) {
      add('password', 'password_short', { min: minSharePasswordLength });
    }
  }
  const expiresDay = expiresDayOf(form.expiry, days.createdDay);
  if (expiresDay === undefined) {
    if (form.expiry.kind === 'days') add('expiry', 'expiry_days', { max: maxExpiryDays });
    else add('expiry', 'expiry_day_missing');
  } else if (expiresDay !== null && expiresDay !== days.savedExpiry) {
    if (isOver(parseDay(expiresDay), parseDay(days.today)!)) add('expiry', 'expiry_past');
  }
  if (form.options.json) {
    const { origins, invalid } = readOrigins(form.corsText);
    if (invalid.length > 0) add('cors', 'origin_invalid', { origin: invalid[0]! });
    else if (origins.length > 20) add('cors', 'origins_too_many', { max: 20 });
  }
  return problems;
}

/** The text of a date field as the contract wants it: null while it is empty or incomplete. */
export const dayOrNull = (text: string): string | null => (parseDay(text) === null ? null : text);
