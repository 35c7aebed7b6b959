import { AppError, type ErrorCode } from '../../src-shared/errors.ts';
import type { Clock } from '../clock.ts';
import type { Connect, Connection, Tunnel, TunnelStatus } from './tunnel.ts';

/** How long to wait before each new attempt; the last one again and again. */
export const usualDelaysMs: readonly number[] = [1_000, 2_000, 5_000, 10_000, 30_000, 60_000];

/** Only the owner can mend these: trying again would look like an attack to the server. */
const permanent: readonly ErrorCode[] = [
  'tunnel_credentials',
  'tunnel_key_unreadable',
  'tunnel_key_locked',
  'tunnel_agent_missing',
  'tunnel_incomplete',
  'tunnel_program_missing',
  'tunnel_token',
  'tunnel_not_signed_in',
  'tunnel_not_allowed',
  'host_key_changed',
  'host_key_unknown',
];

export interface KeepUpOptions {
  clock: Clock;
  say(line: string): void;
  /** Called after each change of the status. */
  onChange(): void;
  delaysMs?: readonly number[];
}

/**
 * Keeps a tunnel up: builds it, and builds it again after a growing pause whenever it is lost. The
 * pauses are the monotonic clock's, so that a changed time of day does not stretch them.
 */
export function keepUp(connect: Connect, options: KeepUpOptions): Tunnel {
  const { clock, say, onChange, delaysMs = usualDelaysMs } = options;
  let status: TunnelStatus = { state: 'stopped', error: null };
  let connection: Connection | null = null;
  let running: { controller: AbortController; done: Promise<void> } | null = null;
  const now = (): number => clock.now().getTime();

  function become(next: TunnelStatus): void {
    status = next;
    onChange();
  }

  async function run(signal: AbortSignal): Promise<void> {
    let attempt = 0;
    let reconnects = -1;
    while (!signal.aborted) {
      if (status.state !== 'waiting') become({ state: 'starting', error: null });
      let error: AppError;
      try {
        connection = await connect(say, signal);
        attempt = 0;
        reconnects++;
        say(`up: ${connection.url}`);
        become({ state: 'online', since: now(), reconnects, error: null });
        error = await Promise.race([connection.ended, aborted(signal)]);
      } catch (thrown) {
        error =
          thrown instanceof AppError ? thrown : new AppError('tunnel_lost', {}, { cause: thrown });
      }
      await connection?.close();
      connection = null;
      if (signal.aborted) return;
      say(`down: ${error.code}`);
      if (permanent.includes(error.code)) {
        become({ state: 'failed', error });
        return;
      }
      const delayMs = delaysMs[Math.min(attempt++, delaysMs.length - 1)]!;
      become({ state: 'waiting', retryAt: now() + delayMs, error });
      await pause(delayMs, signal);
    }
  }

  return {
    start() {
      if (running !== null) return;
      const controller = new AbortController();
      running = { controller, done: run(controller.signal) };
    },
    async stop() {
      const ending = running;
      running = null;
      ending?.controller.abort();
      await ending?.done;
      if (running === null && status.state !== 'stopped') become({ state: 'stopped', error: null });
    },
    status: () => status,
    url: () => (status.state === 'online' ? (connection?.url ?? null) : null),
  };
}

/** Resolves when the owner stops the tunnel; the error is not looked at. */
const aborted = (signal: AbortSignal): Promise<AppError> =>
  new Promise((resolve) => {
    const end = (): void => resolve(new AppError('tunnel_lost'));
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}
