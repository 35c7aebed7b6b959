/** Failed passwords while the store takes no writes, as during an import: they count at once. */
import { expect, it } from 'vitest';
import { createAttempts } from '../../../../src-server/access/attempts.ts';
import type { PortalDeps } from '../../../../src-server/source.ts';

const attemptsWithoutWrites = () => {
  const journal = {
    failures: () => [],
    recordFailure: () => new Promise<void>(() => undefined),
    clearFailures: () => new Promise<void>(() => undefined),
  };
  return createAttempts({
    journal: journal as unknown as PortalDeps['journal'],
    clock: { now: () => new Date('2026-11-24T12:00:00Z') },
    log: { info: () => undefined, error: () => undefined },
  });
};
const [first, second] = [1, 2];

it('a success takes back its own failures, on its own share only', async () => {
  const attempts = attemptsWithoutWrites();
  const guess = async (share: number, client: string, isRight = false) =>
    (
      await attempts.attempt(share, { digest: client, isKnown: false }, () =>
        Promise.resolve(isRight),
      )
    ).result;
  for (let n = 0; n < 9; n++) {
    expect(await guess(first, 'a')).toBe('wrong');
    expect(await guess(second, 'a')).toBe('wrong');
    expect(await guess(first, 'b')).toBe('wrong');
  }
  expect(await guess(first, 'a', true)).toBe('right');
  expect(await guess(first, 'a')).toBe('wrong');
  // The tenth of each that had no success.
  expect(await guess(second, 'a')).toMatchObject({ lockedUntil: expect.any(Date) as Date });
  expect(await guess(first, 'b')).toMatchObject({ lockedUntil: expect.any(Date) as Date });
});
