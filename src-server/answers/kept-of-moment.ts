/**
 * Things that are right at one moment, which `stamp` names: a new moment makes all of them void.
 * Bounded by their sizes; what was not asked for the longest goes first.
 */
export class KeptOfMoment<Thing> {
  readonly #maxSize: number;
  readonly #sizeOf: (thing: Thing) => number;
  #stamp = '';
  #kept = new Map<string, Thing>();
  #size = 0;

  constructor(maxSize: number, sizeOf: (thing: Thing) => number) {
    this.#maxSize = maxSize;
    this.#sizeOf = sizeOf;
  }

  find(stamp: string, key: string): Thing | undefined {
    this.#turnTo(stamp);
    const thing = this.#kept.get(key);
    if (thing === undefined) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, thing);
    return thing;
  }

  /**
   * `stamp`: of the moment at which making the thing began; what was made of an older one is not
   * kept, and nothing that alone takes a tenth of the room.
   */
  keep(stamp: string, key: string, thing: Thing): void {
    if (stamp !== this.#stamp || this.#sizeOf(thing) > this.#maxSize / 10) return;
    this.#drop(key);
    this.#kept.set(key, thing);
    this.#size += this.#sizeOf(thing);
    for (const oldest of this.#kept.keys()) {
      if (this.#size <= this.#maxSize) break;
      this.#drop(oldest);
    }
  }

  /** Whether it is still this very thing that is kept. */
  has(key: string, thing: Thing): boolean {
    return this.#kept.get(key) === thing;
  }

  /** Puts a thing in the place of another one, if that is still there. */
  replace(key: string, old: Thing, thing: Thing): void {
    if (!this.has(key, old)) return;
    this.#size += this.#sizeOf(thing) - this.#sizeOf(old);
    this.#kept.set(key, thing);
  }

  #turnTo(stamp: string): void {
    if (stamp === this.#stamp) return;
    this.#stamp = stamp;
    this.#kept = new Map();
    this.#size = 0;
  }

  #drop(key: string): void {
    const thing = this.#kept.get(key);
    if (thing === undefined) return;
    this.#size -= this.#sizeOf(thing);
    this.#kept.delete(key);
  }
}
