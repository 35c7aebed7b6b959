/** A set of record ids, one bit each. */
export class IdSet {
  #bits: Uint32Array;
  constructor(max: number) {
    this.#bits = new Uint32Array((max >>> 5) + 1);
  }
  has(id: number): boolean {
    return (this.#bits[id >>> 5]! & (1 << (id & 31))) !== 0;
  }
  add(id: number): void {
    this.#bits[id >>> 5]! |= 1 << (id & 31);
  }
}
