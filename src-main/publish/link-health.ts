import type { HealthReason } from '../../src-shared/contract/publish.ts';
import type { Questions } from './health.ts';
import type { Stored } from './settings.ts';

interface Known {
  stored: Stored;
  /** What links begin with; undefined while nothing listens. */
  base: string | undefined;
  /** The tunnel's address; null while it is not up. */
  tunnelUrl(): string | null;
  isPaused(): boolean;
}

/** Why clients do not reach the pages; null: they do. */
export async function linkHealth(
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
