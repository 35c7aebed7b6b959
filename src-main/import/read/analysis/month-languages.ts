/** In which language the months of a file stand, by all of its dates. */
import { calendarWords } from '../cells/calendar-words.ts';
import { dayReadings, monthsNamedIn } from '../cells/date-text.ts';

export interface MonthDecision {
  /** Null: nothing tells, or no name needs it. */
  language: string | null;
  /**
   * The languages in which all dates are days, by what the names of several months mean in them;
   * empty if there is no such name. The likeliest first.
   */
  meanings: string[][];
  /** Key under `imports.evidence`. */
  because: string;
}

/** `listopad` is October in Croatian and November in Polish; the other dates may tell which. */
export class MonthLanguages {
  /** In which every date with a name so far is a day; null: none had one. */
  #possible: ReadonlySet<string> | null = null;
  /** Dates whose name means several months. */
  readonly #doubtful: string[] = [];
  /** All months that those names mean in each language. */
  readonly #meant = new Map<string, Set<number>>();

  /** Some of those, for the owner to see. */
  get samples(): string[] {
    return this.#doubtful.slice(0, 5);
  }

  get likeliest(): string | null {
    const [first] = this.#possible ?? [];
    return first ?? null;
  }

  /** Some name would be different months in the languages that are left: more dates may tell. */
  get isOpen(): boolean {
    const possible = this.#possible;
    if (possible === null || possible.size < 2) return false;
    return [...calendarWords().months.values()].some(
      (months) =>
        [...months.values()].filter((languages) => [...languages].some((one) => possible.has(one)))
          .length > 1,
    );
  }

  add(cell: string): void {
    if (!/\p{L}/u.test(cell)) return;
    const months = monthsNamedIn(cell);
    const languages = [...new Set([...months.values()].flatMap((names) => [...names]))];
    const readable = languages.filter(
      (language) => Object.keys(dayReadings(cell, language)).length > 0,
    );
    const both = readable.filter((language) => this.#possible?.has(language) ?? true);
    // A date that no other goes with says nothing about them.
    if (both.length > 0) this.#possible = new Set(both);
    if (months.size < 2 || readable.length === 0) return;
    if (this.#doubtful.length < 5) this.#doubtful.push(cell);
    for (const [month, names] of months) {
      for (const language of names) {
        this.#meant.set(language, (this.#meant.get(language) ?? new Set()).add(month));
      }
    }
  }

  decide(): MonthDecision {
    const byMeaning = new Map<string, string[]>();
    // Without a name of several months there is nothing to choose.
    const languages = this.#doubtful.length === 0 ? [] : (this.#possible ?? []);
    for (const language of languages) {
      const meant = [...(this.#meant.get(language) ?? [])].toSorted((a, b) => a - b).join();
      byMeaning.set(meant, [...(byMeaning.get(meant) ?? []), language]);
    }
    const meanings = [...byMeaning.values()];
    const isOpen = meanings.length > 1;
    return {
      language: isOpen ? null : this.likeliest,
      meanings,
      because: isOpen ? 'monthsOpen' : 'monthNames',
    };
  }
}
