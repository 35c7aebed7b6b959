import type { Health, HealthReason } from '../../src-shared/contract/publish.ts';
import type { Questions } from './health.ts';
import type { Stored } from './settings.ts';

interface Known {
  stored: Stored;
  /** What links begin with; undefined while nothing listens. */
  base: string | undefined;
  /** The tunnel's address; null while it is not up. */
  tunnelUrl(): string | null;
  /** The tunnel connects for the first time: whether clients come through is not known yet. */
  isConnecting: boolean;
  isPaused(): boolean;
}

export interface LinkHealth {
  health(): Health;
  /** Opens the first address as a client would. */
  check(): Promise<Health>;
  /** What is known is of a portal that is offline now; checks that still run say nothing any more. */
  forget(): void;
}

const unknown: Health = { state: 'unknown', reason: null, checkedAt: null };

/** Whether clients reach the pages. `onChange`: it is another state, or has another reason. */
export function createLinkHealth(
  questions: Questions,
  known: () => Known,
  { now, onChange }: { now(): number; onChange(): void },
): LinkHealth {
  let health = unknown;
  let begun = 0;
  /** Which check `health` is of. */
  let shown = 0;

  function become(next: Health): Health {
    const { state, reason } = health;
    health = next;
    if (next.state !== state || next.reason !== reason) onChange();
    return next;
  }

  return {
    health: () => health,
    async check() {
      const number = ++begun;
      const seen = known();
      if (seen.isConnecting) {
        shown = number;
        return become(unknown);
      }
      const reason = await reasonOfSilence(questions, seen);
      // One that waits for an answer in vain may end after one that began later.
      if (number < shown) return health;
      shown = number;
      return become({ state: reason === null ? 'ok' : 'failed', reason, checkedAt: now() });
    },
    forget() {
      shown = ++begun;
      health = unknown;
    },
  };
}

/** Why clients do not reach the pages; null: they do. */
async function reasonOfSilence(
  questions: Questions,
  { stored: { reach, tunnel }, base, tunnelUrl, isPaused }: Known,
): Promise<HealthReason | null> {
  if (base === undefined) return 'asleep';
  if (reach === 'tunnel' && tunnelUrl() === null) return 'tunnel_gone';
  const reason = await questions.ask(base, reach);
  if (reason === null) return isPaused() ? 'paused' : null;
  // An SSH server says that it listens also where it does so for itself only (`GatewayPorts no`):
  // the tunnel is up, and what clients open does not lead to it.
  const isForwarded = reach === 'tunnel' && tunnel.kind === 'ssh' && tunnel.publicUrl !== '';
  const isSilent = reason === 'tunnel_gone' && tunnelUrl() !== null;
  return isForwarded && isSilent ? 'not_passed_on' : reason;
}
