import { afterEach, expect, it } from 'vitest';
import { WorkerClient, type Operations } from '../../../../src-main/async/worker-client.ts';
import { AppError } from '../../../../src-shared/errors.ts';
import type { AnsweringOperations } from './answering-worker.ts';

const stopped = new AppError('import_cancelled');
const running: WorkerClient<Operations, never>[] = [];
const deaths: Error[] = [];
const news: unknown[] = [];
afterEach(async () => {
  for (const client of running.splice(0)) await client.stop(stopped);
  deaths.length = news.length = 0;
});

function start<Ops extends Operations = AnsweringOperations>(
  url: URL | string = new URL('answering-worker.ts', import.meta.url),
): WorkerClient<Ops, { number: number }> {
  const client = new WorkerClient<Ops, { number: number }>({
    url: url as URL,
    workerData: { from: 'the test' },
    onNews: (one) => news.push(one),
    onDeath: (cause) => deaths.push(cause),
  });
  running.push(client as unknown as WorkerClient<Operations>);
  return client;
}
const script = (text: string): URL => new URL(`data:text/javascript,${encodeURIComponent(text)}`);

it('answers each call with what its operation returns', async () => {
  const client = start();
  const answers = [
    client.request('later', { value: 1 }),
    client.request('double', { value: 2 }),
    client.request('data', {}),
  ];
  expect(await Promise.all(answers)).toEqual([1, 4, { from: 'the test' }]);
});

it('passes news on in order, before the answer', async () => {
  await start().request('news', { count: 3 });
  expect(news).toEqual([{ number: 1 }, { number: 2 }, { number: 3 }]);
});

it('carries errors by code, and never the message of an unknown one', async () => {
  const client = start();
  await expect(client.request('refuse', {})).rejects.toMatchObject({
    code: 'file_too_large',
    params: { max: 5 },
  });
  await expect(client.request('map', {})).rejects.toMatchObject({ code: 'disk_full' });
  const error = await client.request('quote', { cell: 'a secret' }).catch((e: unknown) => e);
  expect(error).toMatchObject({ code: 'internal' });
  expect((error as Error).cause).toMatch(/^Error +at /);
  expect(JSON.stringify(error, ['stack', 'cause', 'message'])).not.toContain('secret');
});

it('refuses what cannot be copied between threads, in both directions, and goes on', async () => {
  const client = start();
  await expect(client.request('uncloneable', {})).rejects.toMatchObject({ code: 'internal' });
  await expect(client.request('data', { call: () => undefined })).rejects.toThrow('could not be');
  await expect(client.request('nothing' as 'data', {})).rejects.toMatchObject({ code: 'internal' });
  expect(await client.request('double', { value: 3 })).toBe(6);
});

it('rejects all calls that wait when the thread dies, tells so once, and starts anew', async () => {
  const client = start();
  const waits = client.request('never', {});
  const dies = client.request('die', {});
  for (const call of [waits, dies]) {
    await expect(call).rejects.toMatchObject({ code: 'worker_ended' });
  }
  expect(deaths).toHaveLength(1);
  expect(await client.request('double', { value: 4 })).toBe(8);
});

it.each([
  ['is missing', new URL('no-such-worker.ts', import.meta.url)],
  ['has an address that no worker can have', 'https://127.0.0.1/worker.js'],
  ['cannot be parsed', script('const =')],
  ['throws at its start', script('throw new Error("broken")')],
  ['ends at once', script('process.exit(0)')],
  ['listens to nothing', script('export {}')],
])('a script that %s rejects each call, also after a warm-up', async (_what, url) => {
  const client = start(typeof url === 'string' ? new URL(url) : url);
  client.start();
  for (let call = 0; call < 2; call++) {
    await expect(client.request('double', { value: 1 })).rejects.toMatchObject({
      code: 'worker_ended',
    });
  }
  expect(deaths.length).toBeGreaterThanOrEqual(2);
});

it('rejects calls that wait with the reason for which it was stopped, which is no death', async () => {
  const client = start();
  const waits = client.request('never', {});
  const rejected = expect(waits).rejects.toBe(stopped);
  await client.stop(stopped);
  await rejected;
  expect(deaths).toEqual([]);
  expect(await client.request('double', { value: 5 })).toBe(10);
});
