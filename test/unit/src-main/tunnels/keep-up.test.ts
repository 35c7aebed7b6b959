/** The clock of the computer changes, and it sleeps, while a tunnel is kept up. */
import { expect, it } from 'vitest';
import { AppError } from '../../../../src-shared/errors.ts';
import { keepUp } from '../../../../src-main/tunnels/keep-up.ts';
import type { Connect } from '../../../../src-main/tunnels/tunnel.ts';

it('comes back after an hour without a network, whatever the clock says meanwhile', async () => {
  const hour = 3_600_000;
  let now = Date.UTC(2026, 10, 24, 12);
  let attempts = 0;
  /** The network is gone for three attempts, between which the clock goes forth and back. */
  const steps = [hour, -2 * hour, hour / 2];
  let lose: (error: AppError) => void = () => undefined;
  const connect: Connect = () => {
    const step = steps[attempts++];
    if (step !== undefined) {
      now += step;
      return Promise.reject(new AppError('tunnel_unreachable', { host: 'example.org' }));
    }
    const ended = new Promise<AppError>((resolve) => (lose = resolve));
    return Promise.resolve({ url: 'https://a.test', ended, close: () => Promise.resolve() });
  };
  const states: string[] = [];
  let online: () => void = () => undefined;
  const tunnel = keepUp(connect, {
    clock: { now: () => new Date(now) },
    say: () => undefined,
    delaysMs: [1],
    onChange() {
      const status = tunnel.status();
      states.push(status.state);
      if (status.state === 'waiting') expect(status.retryAt).toBe(now + 1);
      if (status.state === 'online') {
        expect(status.since).toBe(now);
        online();
      }
    },
  });
  const isOnline = (): Promise<void> => new Promise((resolve) => (online = resolve));
  const first = isOnline();
  tunnel.start();
  await first;
  expect(states).toEqual(['starting', 'waiting', 'waiting', 'waiting', 'online']);
  // The computer slept for a day: the connection is dead when it wakes.
  now += 24 * hour;
  const second = isOnline();
  lose(new AppError('tunnel_lost', { host: 'example.org' }));
  await second;
  expect(tunnel.status()).toMatchObject({ state: 'online', reconnects: 1, since: now });
  await tunnel.stop();
});
