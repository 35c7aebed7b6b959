/** What the comparisons of a page share: the page, and how one value is compared. */
import type { GoldenPage } from './golden.ts';
import type { Kind } from './holdings.ts';
import { digitsOf, moneyDigits, moneyText, normalise, normaliseBlanks } from './normalise.ts';
import type { PageValues } from './read-page.ts';
import type { Tally } from './tally.ts';

/** What our portal answered; `year` and `month` are those of the address after redirects. */
export interface Answer {
  status: number;
  year: number;
  month: number;
  values: PageValues;
}

/** What the comparison of a page needs to know beside both pages. */
export interface PageContext {
  page: GoldenPage;
  /** Names the page in differences. */
  label: string;
  answer: Answer;
  /** Rule 4: Kimai's month is empty, and our portal moved to one that has records. */
  moved: boolean;
  /** Rule 2: monthly budgets are comparable, since the shown month is the present one. */
  presentMonth: boolean;
  tally: Tally;
}

/** A visible amount: its digits, and that it is what `Intl` writes for the value in the locale. */
export function compareAmount(
  { page, label, tally }: PageContext,
  kind: Kind,
  value: number,
  actual: string | null,
): void {
  const expected = normaliseBlanks(moneyText(page.locale, page.currency, value));
  const shown = actual === null ? null : normaliseBlanks(actual);
  const sameDigits = digitsOf(shown ?? '') === moneyDigits(page.currency, value);
  tally.compare(kind, label, expected, shown, expected === shown && sameDigits);
}

/** A name or other text, by `normalise`. */
export function compareText(
  { label, tally }: PageContext,
  kind: Kind,
  expected: string,
  actual: string | null | undefined,
): void {
  tally.compare(
    kind,
    label,
    normalise(expected),
    actual === null || actual === undefined ? null : normalise(actual),
  );
}
