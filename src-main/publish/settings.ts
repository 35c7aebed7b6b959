import { z } from 'zod';
import { hours, reaches, tunnelSettings } from '../../src-shared/contract/publish.ts';
import type { ParsedInput } from '../../src-shared/contract.ts';
import { alwaysOn } from '../../src-shared/domain/presence.ts';
import { normalPublicUrl } from '../../src-shared/domain/public-url.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { TunnelReport } from './tunnel-runner.ts';

export type PublishPatch = ParsedInput<'publish.set'>;

/** The port of a fresh installation. If another program has it, the owner is told, and chooses. */
export const defaultPort = 8723;

const presence = z.object({
  paused: z.boolean(),
  backAt: z.number().nullable(),
  until: z.number().nullable(),
  hours: hours.nullable(),
});

const storedSchema = z.object({
  enabled: z.boolean().default(false),
  reach: z.enum(reaches).default('loopback'),
  /** Null: never published yet. */
  port: z.int().min(0).max(65535).nullable().default(null),
  publicUrl: z.string().default(''),
  proxyOn: z.enum(['loopback', 'lan']).default('loopback'),
  trustedHeader: z.string().default(''),
  tunnel: tunnelSettings.prefault({}),
  presence: presence.default(alwaysOn),
  /** What links began with when the portal was last reachable for clients; '' if never. */
  lastUrl: z.string().default(''),
  /** What they began with before, and when that ended. */
  former: z.object({ url: z.string(), endedAt: z.number() }).nullable().default(null),
});
export type Stored = z.infer<typeof storedSchema>;

/** Settings as they were stored; older versions had an own address beside the other choices. */
export function readStored(value: unknown): Stored {
  const old = (value ?? {}) as { reach?: string; publicUrl?: string; proxyOn?: string };
  const isOld = old.proxyOn === undefined && (old.publicUrl ?? '') !== '';
  return storedSchema.parse(isOld ? { ...old, reach: 'own', proxyOn: old.reach } : old);
}

/** What the caller left out stays as it was; an address gets its one spelling. */
export function patched(stored: Stored, { tunnelSecret: _, ...patch }: PublishPatch): Stored {
  const given = Object.fromEntries(
    Object.entries(patch).filter(([, value]) => value !== undefined),
  ) as Partial<Stored> & Pick<PublishPatch, 'tunnel'>;
  const { publicUrl, tunnel } = given;
  return {
    ...stored,
    ...given,
    publicUrl: publicUrl === undefined ? stored.publicUrl : spelled(publicUrl),
    tunnel: tunnel === undefined ? stored.tunnel : patchedTunnel(stored.tunnel, tunnel),
  };
}

/** The accepted key is that of one server: another one shows its own. */
function patchedTunnel(
  before: Stored['tunnel'],
  tunnel: NonNullable<PublishPatch['tunnel']>,
): Stored['tunnel'] {
  const { ssh, publicUrl } = tunnel;
  const isSame = ssh.host === before.ssh.host && ssh.port === before.ssh.port;
  const { hostKey, hostKeyAt } = isSame ? before.ssh : { hostKey: '', hostKeyAt: null };
  return { ...tunnel, publicUrl: spelled(publicUrl), ssh: { ...ssh, hostKey, hostKeyAt } };
}

/** The owner accepts the SSH server's key that was shown. Throws `host_key_changed` for another one. */
export function withHostKey(
  stored: Stored,
  shown: TunnelReport['error'],
  fingerprint: string,
  now: number,
): Stored {
  const isShown = shown?.code === 'host_key_unknown' || shown?.code === 'host_key_changed';
  if (!isShown || shown.params.fingerprint !== fingerprint) {
    throw new AppError('host_key_changed', { fingerprint });
  }
  const ssh = { ...stored.tunnel.ssh, hostKey: fingerprint, hostKeyAt: now };
  return { ...stored, tunnel: { ...stored.tunnel, ssh } };
}

const spelled = (url: string): string => (url === '' ? '' : (normalPublicUrl(url) ?? ''));

/** Links begin with another address from now on. Back at the former one, those links work again. */
export function moved(stored: Stored, url: string, now: number): Stored {
  const { lastUrl, former } = stored;
  const isBack = former?.url === url;
  const next = lastUrl === '' ? former : { url: lastUrl, endedAt: now };
  return { ...stored, lastUrl: url, former: isBack ? null : next };
}
