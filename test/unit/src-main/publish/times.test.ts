/** What is looked at while the portal is online, and how often. The intervals are the test's. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Health } from '../../../../src-shared/contract/publish.ts';
import { createLinkHealth } from '../../../../src-main/publish/link-health.ts';
import { Questions } from '../../../../src-main/publish/health.ts';
import { readStored } from '../../../../src-main/publish/settings.ts';
import { createTestApp, type TestApp } from '../../../support/app.ts';

/** The owner's address: counts who opens it. */
let proxy: Server;
let opened = 0;
let onOpened: () => void = () => undefined;
let app: TestApp;
let now: Date;
const minute = 60_000;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  opened = 0;
  proxy = createServer((_request, response) => {
    opened++;
    response.writeHead(502).end();
    onOpened();
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  now = new Date(2026, 10, 24, 12);
  app = await createTestApp({ start: true, clock: { now: () => now } });
});
afterEach(async () => {
  vi.useRealTimers();
  await app.close();
  proxy.close();
});

const timesOpened = (count: number): Promise<void> =>
  new Promise((resolve) => {
    onOpened = () => {
      if (opened === count) resolve();
    };
    onOpened();
  });
const ownAddress = {
  ...{ enabled: true, port: 0, reach: 'own' as const },
  get publicUrl(): string {
    return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  },
};

it('its own address is opened when it goes online, and every quarter of an hour', async () => {
  await app.call('publish.set', { ...ownAddress });
  await timesOpened(1);
  vi.advanceTimersByTime(15 * minute - 1);
  // This is the second time: none was before.
  await app.call('publish.check');
  expect(opened).toBe(2);
  vi.advanceTimersByTime(1);
  await timesOpened(3);
  // The computer slept for a night: the interval that is due when it wakes is one.
  now = new Date(2026, 10, 25, 8);
  vi.advanceTimersByTime(15 * minute);
  await timesOpened(4);
  await app.call('publish.set', { enabled: false });
  vi.advanceTimersByTime(60 * minute);
  await app.call('publish.check');
  expect(opened).toBe(4);
});

it('a pause that begins by itself is noticed within five seconds', async () => {
  await app.call('publish.set', { enabled: true, port: 0 });
  const until = new Date(2026, 10, 24, 18).getTime();
  await app.call('publish.setHours', { until, hours: null });
  // What this call has begun is over: from here on only the interval tells something.
  await app.call('publish.check');
  now = new Date(2026, 10, 24, 18);
  const told = new Promise<void>((resolve) => {
    app.app.onChanged((topics) => {
      if (topics.includes('publish')) resolve();
    });
  });
  vi.advanceTimersByTime(5_000);
  await told;
  expect((await app.call('publish.status')).pause).toEqual({ backAt: null, byHand: false });
});

it('of two checks at once the one that began later counts, and none after going offline', async () => {
  const ends: ((reason: Health['reason']) => void)[] = [];
  const questions = new Questions();
  questions.ask = () => new Promise((resolve) => ends.push(resolve));
  let changes = 0;
  let isConnecting = false;
  const links = createLinkHealth(
    questions,
    () => ({
      ...{ stored: readStored({ reach: 'lan' }), base: 'http://192.168.1.2:8723' },
      ...{ tunnelUrl: () => null, isPaused: () => false, isConnecting },
    }),
    { now: () => 7, onChange: () => changes++ },
  );
  // The network is gone, and back before the first question was given up.
  const first = links.check();
  const second = links.check();
  ends[1]!(null);
  expect(await second).toEqual({ state: 'ok', reason: null, checkedAt: 7 });
  ends[0]!('firewall');
  expect(await first).toMatchObject({ state: 'ok' });
  expect(links.health()).toMatchObject({ state: 'ok' });
  const third = links.check();
  links.forget();
  ends[2]!('firewall');
  await third;
  expect(links.health()).toEqual({ state: 'unknown', reason: null, checkedAt: null });
  expect(changes).toBe(1);
  // While a tunnel connects, nobody knows.
  isConnecting = true;
  expect(await links.check()).toMatchObject({ state: 'unknown' });
  expect(ends).toHaveLength(3);
});
