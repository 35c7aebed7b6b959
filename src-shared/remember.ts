/**
 * Makes a thing once per key and keeps it, for things that cost time to make. At most `max` are
 * kept, since a stranger may name the keys; the oldest one goes first.
 */
export function remember<Thing>(max: number, make: (key: string) => Thing): (key: string) => Thing {
  const kept = new Map<string, Thing>();
  return (key) => {
    const known = kept.get(key);
    if (known !== undefined) return known;
    const [oldest] = kept.keys();
    if (kept.size >= max && oldest !== undefined) kept.delete(oldest);
    const made = make(key);
    kept.set(key, made);
    return made;
  };
}
