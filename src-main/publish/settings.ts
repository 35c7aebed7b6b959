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
  /** What they began with before, and when that ended, the latest last; empty: no client has such a link. */
  former: z.array(z.object({ url: z.string(), endedAt: z.number() })).default([]),
});
export type Stored = z.infer<typeof storedSchema>;

interface StoredByOlder {
  reach?: string;
  publicUrl?: string;
  proxyOn?: string;
  former?: unknown;
}

/**
 * Settings as they were stored; older versions had an own address beside the other choices, and
 * knew one former start of links or null.
 */
export function readStored(value: unknown): Stored {
  const old = (value ?? {}) as StoredByOlder;
  const isOld = old.proxyOn === undefined && (old.publicUrl ?? '') !== '';
  const known = Array.isArray(old.former) ? old.former : [old.former ?? []].flat();
  const own = isOld ? { reach: 'own', proxyOn: old.reach } : {};
  return storedSchema.parse({ ...old, ...own, former: known });
}

/** What the caller left out stays as it was; an address gets its one spelling. */
export function patched(
  stored: Stored,
  { tunnelSecret: _, ...patch }: PublishPatch,
  now: number,
): Stored {
  const given = Object.fromEntries(
    Object.entries(patch).filter(([, value]) => value !== undefined),
  ) as Partial<Stored> & Pick<PublishPatch, 'tunnel'>;
  const { publicUrl, tunnel } = given;
  const { presence } = stored;
  // Who goes online after the end of "online until" wants to be online.
  const isOver = presence.until !== null && presence.until <= now;
  return {
    ...stored,
    ...given,
    presence: isOver && patch.enabled ? { ...presence, until: null } : presence,
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

/** Older ones than these are taken for the oldest of these: they are old all the same. */
const maxFormer = 50;

/** Links begin with another address from now on. */
export function moved(stored: Stored, url: string, now: number): Stored {
  const { lastUrl, former } = stored;
  const all = lastUrl === '' ? former : [...former, { url: lastUrl, endedAt: now }];
  return { ...stored, lastUrl: url, former: all.slice(-maxFormer) };
}

/** What a link began with that was made at this time, in ms since 1970 UTC. */
export const linkBaseAt = ({ lastUrl, former }: Stored, at: number): string =>
  former.find(({ endedAt }) => at <= endedAt)?.url ?? lastUrl;

/** What links began with before, if that is not what they begin with now. */
export const formerUrlOf = ({ lastUrl, former }: Stored): string | null =>
  former.findLast(({ url }) => url !== lastUrl)?.url ?? null;
