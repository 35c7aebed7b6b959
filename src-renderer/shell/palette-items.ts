export type PaletteKind = 'place' | 'action' | 'customer' | 'project' | 'share';

/** Something that the command palette can go to or do. */
export interface PaletteItem {
  key: string;
  kind: PaletteKind;
  label: string;
  /** What tells two of one name apart, such as a project's customer. Searched too. */
  note?: string;
  run: () => void;
}

/** More would be scrolled past: another letter finds it sooner. */
export const maxShown = 40;

/** Without case and accents, so that "muller" finds "Müller". */
const plain = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase();

/**
 * The items that have every word of `query`, the best first: whose label begins with it, then
 * where a word of the label does, then all others; equal ones stay in their order. Without a query
 * all of them.
 */
export function findItems(items: readonly PaletteItem[], query: string): PaletteItem[] {
  const words = plain(query).split(/\s+/).filter(Boolean);
  if (words.length === 0) return items.slice(0, maxShown);
  return items
    .map((item) => ({ item, rank: rankOf(item, words) }))
    .filter(({ rank }) => rank !== null)
    .sort((a, b) => a.rank! - b.rank!)
    .slice(0, maxShown)
    .map(({ item }) => item);
}

/** 0 is best; null: a word is missing. */
function rankOf({ label, note = '' }: PaletteItem, words: readonly string[]): number | null {
  const name = plain(label);
  const all = `${name} ${plain(note)}`;
  if (!words.every((word) => all.includes(word))) return null;
  const [first = ''] = words;
  if (name.startsWith(first)) return 0;
  if (name.includes(` ${first}`)) return 1;
  return name.includes(first) ? 2 : 3;
}
