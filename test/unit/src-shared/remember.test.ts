import { expect, it } from 'vitest';
import { remember } from '../../../src-shared/remember.ts';

it('keeps as many things as it may and no more: the oldest one goes first', () => {
  const made: string[] = [];
  const thingOf = remember(3, (key) => {
    made.push(key);
    return { key };
  });
  const first = thingOf('a');
  expect(thingOf('a')).toBe(first);
  for (const key of ['b', 'c', 'c', 'b']) thingOf(key);
  expect(made).toEqual(['a', 'b', 'c']);
  thingOf('d');
  expect(thingOf('c')).toEqual({ key: 'c' });
  expect(made).toEqual(['a', 'b', 'c', 'd']);
  expect(thingOf('a')).not.toBe(first);
});
