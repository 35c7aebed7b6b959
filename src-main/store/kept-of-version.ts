/**
 * Things that are read once for each version of the data: the version rises in every transaction
 * that changes what a page could show, see data-version.ts. A thing may be newer than the version
 * that it is kept under, if a commit came in between; it is never older.
 */
export class KeptOfVersion<Thing> {
  readonly #readVersion: () => number;
  readonly #max: number;
  #version: number | null = null;
  #kept = new Map<string | number, Thing>();

  /** At most `max` are kept; the oldest one goes first. */
  constructor(readVersion: () => number, max: number) {
    this.#readVersion = readVersion;
    this.#max = max;
  }

  /** What is kept of the version of this moment. Ask anew in each job: nothing may change in it. */
  current(): this {
    const version = this.#readVersion();
    if (version !== this.#version) this.#kept = new Map();
    this.#version = version;
    return this;
  }

  get(key: string | number, read: () => Thing): Thing {
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= this.#max && oldest !== undefined) this.#kept.delete(oldest);
    const thing = read();
    // Strangers may ask for any key. A key of no share is not kept, so that they fill no memory.
    if (thing !== null) this.#kept.set(key, thing);
    return thing;
  }
}
