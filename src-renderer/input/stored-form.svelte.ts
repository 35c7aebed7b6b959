/** How a form of type `F` is compared and put together, one field `K` at a time. */
export interface FormFields<F, K extends string> {
  keys: readonly K[];
  isSame(a: F, b: F, key: K): boolean;
  /** `to`, with the field as it is in `from`. Changes neither of the two. */
  copy(from: F, to: F, key: K): F;
}

/** The fields of a flat form whose values can be written as JSON. */
export function plainFields<F extends object>(
  keys: readonly (keyof F & string)[],
): FormFields<F, keyof F & string> {
  return {
    keys,
    isSame: (a, b, key) => JSON.stringify(a[key]) === JSON.stringify(b[key]),
    copy: (from, to, key) => ({ ...to, [key]: from[key] }),
  };
}

/**
 * A form over something that is stored, and that other windows, imports or an undo may change
 * while it is being edited. A field that the owner did not touch follows what is stored. A field
 * that the owner changed stays; if it was changed elsewhere too, it is a conflict until the owner
 * chose one of the two values.
 */
export class StoredForm<F extends object, K extends string> {
  /** What is typed. */
  form: F;
  /** What is stored, as far as it is known here. */
  saved: F;
  /** Fields that were changed on both sides and that the owner has not decided yet. */
  #undecided = $state.raw<readonly K[]>([]);
  readonly #fields: FormFields<F, K>;

  /** The fields that differ from what is stored, in the order of the keys. */
  readonly changed: readonly K[] = $derived.by(() =>
    this.#fields.keys.filter((key) => !this.#fields.isSame(this.saved, this.form, key)),
  );
  readonly conflicts: readonly K[] = $derived.by(() =>
    this.#undecided.filter((key) => this.changed.includes(key)),
  );

  constructor(stored: F, fields: FormFields<F, K>) {
    this.#fields = fields;
    this.saved = $state.raw(structuredClone(stored));
    this.form = $state(structuredClone(stored));
  }

  /** A copy of what is typed that does not change any more. */
  snapshot(): F {
    return $state.snapshot(this.form) as F;
  }

  /**
   * Takes over what is stored now. `before`: what the form is compared with to know what the
   * owner changed; after a save, what was sent.
   */
  follow(stored: F, before: F = this.saved): void {
    const { keys, isSame, copy } = this.#fields;
    let form = this.snapshot();
    const undecided: K[] = [];
    for (const key of keys) {
      if (isSame(before, form, key)) {
        form = copy(stored, form, key);
        continue;
      }
      const isNews = !isSame(before, stored, key);
      if (isNews || this.#undecided.includes(key)) undecided.push(key);
    }
    this.saved = structuredClone(stored);
    this.form = structuredClone(form);
    this.#undecided = undecided;
  }

  /** What is typed and what it is compared with, without the fields of `secrets`; null: nothing is. */
  typed(secrets: readonly K[]): { before: F; form: F } | null {
    if (this.changed.every((key) => secrets.includes(key))) return null;
    const form = secrets.reduce(
      (rest, key) => this.#fields.copy(this.saved, rest, key),
      this.snapshot(),
    );
    return { before: this.saved, form };
  }

  /** Takes over what `typed` gave, maybe long ago. False: it is that of another form. */
  retype({ before, form }: { before: F; form: F }): boolean {
    const shape = (value: F): string => Object.keys(value).sort().join();
    if (![before, form].every((value) => shape(value) === shape(this.saved))) return false;
    const stored = this.saved;
    this.form = structuredClone(form);
    this.follow(stored, before);
    return this.changed.length > 0;
  }

  /** The owner's value stays, to be saved. */
  keepOwn(key: K): void {
    this.#undecided = this.#undecided.filter((other) => other !== key);
  }

  takeStored(key: K): void {
    this.form = structuredClone(this.#fields.copy(this.saved, this.snapshot(), key));
    this.keepOwn(key);
  }

  discard(): void {
    this.form = structuredClone(this.saved);
    this.#undecided = [];
  }
}
