let chosen = $state<string | null>(null);

/** The base address that the owner copies with, for as long as the app is open. */
export const chosenBase = {
  /** The chosen one if it is still there, else the best; null while the portal is offline. */
  among(bases: readonly string[]): string | null {
    return bases.find((base) => base === chosen) ?? bases[0] ?? null;
  },
  choose(base: string): void {
    chosen = base;
  },
};
