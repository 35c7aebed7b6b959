import { expect, it } from 'vitest';
import { SerialQueue } from '../../../../src-main/async/serial-queue.ts';

it('runs tasks one after the other, in the order of the calls', async () => {
  const queue = new SerialQueue();
  const seen: string[] = [];
  const first = Promise.withResolvers<undefined>();
  const results = [
    queue.run(async () => {
      seen.push('first begins');
      await first.promise;
      seen.push('first ends');
      return 1;
    }),
    queue.run(() => {
      seen.push('second');
      return 2;
    }),
  ];
  await Promise.resolve();
  expect(seen).toEqual(['first begins']);
  first.resolve(undefined);
  expect(await Promise.all(results)).toEqual([1, 2]);
  expect(seen).toEqual(['first begins', 'first ends', 'second']);
});

it.each([
  [
    'throws',
    () => {
      throw new Error('broken');
    },
  ],
  ['rejects', () => Promise.reject(new Error('broken'))],
])('goes on after a task that %s, and tells only its caller', async (_how, task) => {
  const queue = new SerialQueue();
  const broken = queue.run(task);
  const next = queue.run(() => 'next');
  await expect(broken).rejects.toThrow('broken');
  expect(await next).toBe('next');
});

it('is idle when all tasks so far have ended, whichever way', async () => {
  const queue = new SerialQueue();
  await queue.idle();
  let ended = 0;
  const broken = queue.run(async () => {
    await Promise.resolve();
    ended++;
    throw new Error('broken');
  });
  const good = queue.run(() => ++ended);
  await queue.idle();
  expect(ended).toBe(2);
  await expect(broken).rejects.toThrow('broken');
  await good;
});
