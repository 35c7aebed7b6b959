import { expect, it } from 'vitest';
import {
  findItems,
  maxShown,
  type PaletteItem,
} from '../../../../src-renderer/shell/palette-items.ts';

const item = (label: string, note?: string): PaletteItem => ({
  key: label,
  kind: 'customer',
  label,
  ...(note === undefined ? {} : { note }),
  run: () => undefined,
});
const labels = (items: readonly PaletteItem[], query: string) =>
  findItems(items, query).map(({ label }) => label);

it('finds what has every word, without case and accents, in the name or beside it', () => {
  const items = [
    item('Website', 'Müller & Söhne'),
    item('Website', 'Acme'),
    item('Shop', 'Müller'),
  ];
  expect(findItems(items, 'MULLER web')).toEqual([items[0]]);
  expect(findItems(items, 'nothing')).toEqual([]);
});

it('puts what begins with the word first, then a word that does, then what has it inside', () => {
  const items = [item('Anything', 'Portal'), item('Support'), item('My portal'), item('Portal')];
  expect(labels(items, 'port')).toEqual(['Portal', 'My portal', 'Support', 'Anything']);
});

it('shows all in their order without words, and never too many', () => {
  const items = Array.from({ length: maxShown + 5 }, (_, index) => item(`Name ${index}`));
  expect(findItems(items, '  ')).toEqual(items.slice(0, maxShown));
  expect(findItems(items, 'name')).toHaveLength(maxShown);
});
