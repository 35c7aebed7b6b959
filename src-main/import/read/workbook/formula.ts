/**
 * The values of formulas whose results were dropped by the program that wrote the file. Only
 * constants are computed, as Kimai writes them (`2700/86400`) and spreadsheets write words
 * (`FALSE()`); a formula that refers to other cells has no value here.
 */

/** Longer formulas are no constants, and would only cost time. */
const maxChars = 100;

/** The constant that a formula without `=` stands for; null if it is none. */
export function constantOf(formula: string): number | boolean | null {
  const text = formula.trim().replace(/^=/, '');
  if (text.length > maxChars) return null;
  const word = /^(?:_xlfn\.)?(TRUE|FALSE)(?:\(\s*\))?$/i.exec(text);
  if (word) return word[1]!.toUpperCase() === 'TRUE';
  const tokens = text.match(/\d+(?:\.\d+)?(?:E[+-]?\d{1,3})?|[-+*/()]|\S/gi) ?? [];
  const value = new Arithmetic(tokens).value();
  return value !== null && Number.isFinite(value) ? value : null;
}

/** Sums and products of numbers, with signs and brackets. */
class Arithmetic {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  /** Null if something is left over, or anything but a number stands in it. */
  value(): number | null {
    const value = this.#sum();
    return this.#at === this.#tokens.length ? value : null;
  }

  #take(...wanted: string[]): string | null {
    const token = this.#tokens[this.#at];
    if (token === undefined || !wanted.includes(token)) return null;
    this.#at += 1;
    return token;
  }

  #sum(): number | null {
    let value = this.#product();
    for (let sign = this.#take('+', '-'); sign !== null; sign = this.#take('+', '-')) {
      const next = this.#product();
      if (value === null || next === null) return null;
      value = sign === '+' ? value + next : value - next;
    }
    return value;
  }

  #product(): number | null {
    let value = this.#factor();
    for (let sign = this.#take('*', '/'); sign !== null; sign = this.#take('*', '/')) {
      const next = this.#factor();
      if (value === null || next === null) return null;
      value = sign === '*' ? value * next : value / next;
    }
    return value;
  }

  #factor(): number | null {
    if (this.#take('+')) return this.#factor();
    if (this.#take('-')) {
      const value = this.#factor();
      return value === null ? null : -value;
    }
    if (this.#take('(')) {
      const value = this.#sum();
      return this.#take(')') ? value : null;
    }
    const token = this.#tokens[this.#at] ?? '';
    if (!/^\d/.test(token)) return null;
    this.#at += 1;
    return Number(token);
  }
}
