import { expect, it } from 'vitest';
import { shareState } from '../../../../src-shared/domain/share-state.ts';

const today = 20261124;

it.each([
  [{ paused: false, expiresDay: null }, 'active'],
  [{ paused: false, expiresDay: today }, 'active'],
  [{ paused: false, expiresDay: 20261123 }, 'expired'],
  [{ paused: true, expiresDay: 20261123 }, 'paused'],
  [{ deleted: true, paused: true, expiresDay: 20261123 }, 'deleted'],
] as const)('a share with %j is %s', (share, state) => {
  expect(shareState(share, today)).toBe(state);
});
