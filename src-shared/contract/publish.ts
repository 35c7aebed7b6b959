import { z } from 'zod';
import { maxPublicUrl, normalPublicUrl } from '../domain/public-url.ts';
import { failure, id, moment, none } from './common.ts';
import { command, query } from './method.ts';

/** Who reaches the portal, from the nearest to the farthest. */
export const reaches = ['loopback', 'lan', 'tunnel', 'own'] as const;

export const tunnelKinds = [
  'ssh',
  'cloudflared_quick',
  'cloudflared_named',
  'tailscale_serve',
  'tailscale_funnel',
] as const;
export type TunnelKind = (typeof tunnelKinds)[number];

/** With a path if it has one; empty: none. */
const publicUrl = z
  .string()
  .max(maxPublicUrl)
  .refine((text) => text === '' || normalPublicUrl(text) !== null);
const hostName = z
  .string()
  .max(255)
  .regex(/^[\w.:-]*$/);
const port = z.int().min(1).max(65_535);

/** An SSH server that passes connections on; `remote` is what listens there. */
export const sshTunnel = z.strictObject({
  host: hostName.default(''),
  port: port.default(22),
  user: z.string().max(100).default(''),
  auth: z.enum(['key', 'agent', 'password']).default('key'),
  keyFile: z.string().max(1000).default(''),
  remote: z
    .strictObject({
      kind: z.enum(['port', 'socket']).default('port'),
      /** Of the server's addresses; others than its loopback need `GatewayPorts`. */
      host: hostName.default('127.0.0.1'),
      port: port.default(8723),
      path: z.string().max(100).default(''),
    })
    .prefault({}),
  /** Fingerprint of the server's key that the owner has accepted; empty: none yet. */
  hostKey: z
    .string()
    .regex(/^[\w+/]{0,43}$/)
    .default(''),
  hostKeyAt: moment.nullable().default(null),
});
export type SshTunnel = z.infer<typeof sshTunnel>;

/** What is stored of the tunnel; its secrets lie elsewhere. */
export const tunnelSettings = z.strictObject({
  kind: z.enum(tunnelKinds).default('ssh'),
  /** The address at its far end, where the tunnel does not tell it. */
  publicUrl: publicUrl.default(''),
  ssh: sshTunnel.prefault({}),
});
export type TunnelSettings = z.infer<typeof tunnelSettings>;

const days = z.array(z.int().min(0).max(6)).min(1).max(7);
const minute = z.int().min(0).max(1440);
export const hours = z.strictObject({ days, fromMinute: minute, toMinute: minute });

export const addressKinds = [
  'public',
  'tunnel',
  'lan',
  'name',
  'vpn',
  'virtual',
  'container',
  'loopback',
] as const;

/** Why the portal cannot be opened at its own address. */
export const healthReasons = [
  'asleep',
  'paused',
  'tunnel_gone',
  'not_passed_on',
  'interstitial',
  'firewall',
  'wrong_address',
  'certificate',
  'proxy_gone',
  'no_network',
] as const;
export type HealthReason = (typeof healthReasons)[number];

export const health = z.strictObject({
  state: z.enum(['unknown', 'ok', 'failed']),
  reason: z.enum(healthReasons).nullable(),
  checkedAt: moment.nullable(),
});
export type Health = z.infer<typeof health>;

export const publishMethods = {
  'publish.status': query(
    'any',
    none,
    z.strictObject({
      enabled: z.boolean(),
      /**
       * `loopback`: this computer only; `lan`: this network; `tunnel`: the internet, by a tunnel
       * of this program; `own`: by the owner's own proxy at `publicUrl`.
       */
      reach: z.enum(reaches),
      port: z.int(),
      /** The address that the owner's own proxy has outside, or empty. */
      publicUrl: z.string(),
      /** Where that proxy runs: on this computer, or elsewhere in the network. */
      proxyOn: z.enum(['loopback', 'lan']),
      /** Header in which the trusted hop on this computer puts the client's address, or empty. */
      trustedHeader: z.string(),
      /**
       * Header in which a proxy on this computer seems to name the clients, while none is trusted
       * and all of them count as one client; null: none was seen since the portal is online.
       */
      seenHeader: z.string().nullable(),
      state: z.enum(['stopped', 'online', 'failed']),
      /** Base addresses without a trailing slash, the best one first. */
      urls: z.array(z.string()),
      /** The same with what each is: `name` is that of its network interface, or empty. */
      addresses: z.array(
        z.strictObject({ url: z.string(), kind: z.enum(addressKinds), name: z.string() }),
      ),
      error: failure.nullable(),
      since: moment.nullable(),
      /** While the port is another program's: the next free one, and the program if it is known. */
      freePort: z.int().nullable(),
      portHolder: z.string().nullable(),
      tunnel: z.strictObject({
        settings: tunnelSettings,
        /** Whether its password, passphrase or token is stored. */
        hasSecret: z.boolean(),
        state: z.enum(['stopped', 'starting', 'online', 'waiting', 'failed']),
        url: z.string().nullable(),
        since: moment.nullable(),
        reconnects: z.int(),
        retryAt: moment.nullable(),
        error: failure.nullable(),
      }),
      /** Of the first address, opened as a client would. */
      health,
      /** When somebody on another computer last opened something; null: not since it is online. */
      seenFromNetworkAt: moment.nullable(),
      /** Set while the portal is paused; `backAt`: when it is back, null if nobody knows. */
      pause: z.strictObject({ backAt: moment.nullable(), byHand: z.boolean() }).nullable(),
      until: moment.nullable(),
      hours: hours.nullable(),
      /** The address that links began with before; null if no client holds such a link. */
      formerUrl: z.string().nullable(),
      /** For the firewall's own words: `linux`, `darwin`, `win32` … */
      platform: z.string(),
    }),
  ),
  'publish.set': command(
    'system_configuration',
    z.strictObject({
      enabled: z.boolean().optional(),
      reach: z.enum(reaches).optional(),
      port: z.int().min(0).max(65535).optional(),
      publicUrl: publicUrl.optional(),
      proxyOn: z.enum(['loopback', 'lan']).optional(),
      trustedHeader: z
        .string()
        .regex(/^[A-Za-z0-9-]{0,60}$/)
        .optional(),
      /** The server's key cannot be set, only accepted. Another host or port asks again for it. */
      tunnel: tunnelSettings
        .extend({ ssh: sshTunnel.omit({ hostKey: true, hostKeyAt: true }).prefault({}) })
        .optional(),
      /** Password, passphrase or token of the tunnel's kind. Empty: none. */
      tunnelSecret: z.string().max(10_000).optional(),
    }),
    none,
  ),
  /** Accepts the key that the SSH server has shown, and connects. Throws `host_key_changed`. */
  'publish.acceptHostKey': command(
    'system_configuration',
    z.strictObject({ fingerprint: z.string().max(43) }),
    none,
  ),
  /** The last lines of the tunnel, the oldest first; no secrets are in them. */
  'publish.tunnelLog': query(
    'system_configuration',
    none,
    z.array(z.strictObject({ at: moment, line: z.string() })),
  ),
  /** A QR code of one of the addresses in `status`. */
  'publish.qr': query('any', z.strictObject({ url: z.url() }), z.strictObject({ svg: z.string() })),
  /** Cloudflare's program, for the tunnels that need it. */
  'publish.cloudflared': query(
    'system_configuration',
    none,
    z.strictObject({
      /** Where it is; null: not on this computer. */
      file: z.string().nullable(),
      /** The version, if this program has fetched it. */
      fetched: z.string().nullable(),
      /** What can be fetched, from where, how large, to which folder; null: there is no need, or nothing. */
      offer: z
        .strictObject({
          version: z.string(),
          url: z.string(),
          bytes: z.int(),
          folder: z.string(),
        })
        .nullable(),
      /** While it is fetched: how much has come. */
      receivedBytes: z.int().nullable(),
    }),
  ),
  /** The owner agrees to what `offer` says; resolves when it is there. Throws `program_…`. */
  'publish.fetchCloudflared': command(
    'system_configuration',
    z.strictObject({ version: z.string().max(40) }),
    none,
  ),
  'publish.cancelFetch': command('system_configuration', none, none),
  'publish.removeCloudflared': command('system_configuration', none, none),
  /** Opens the first address as a client would. */
  'publish.check': command('any', none, health),
  /** Pauses all pages, or ends the pause. The addresses stay, and clients read when it is back. */
  'publish.pause': command(
    'customer_portal',
    z.strictObject({ paused: z.boolean(), backAt: moment.nullable().default(null) }),
    none,
  ),
  /** When the portal is on: until a moment, in some hours, or always. */
  'publish.setHours': command(
    'customer_portal',
    z.strictObject({ until: moment.nullable(), hours: hours.nullable() }),
    none,
  ),
  /** Shares whose clients hold a link that begins with the former address. */
  'publish.formerLinks': query(
    'customer_portal',
    none,
    z.array(
      z.strictObject({
        id,
        label: z.string(),
        customerName: z.string(),
        oldUrl: z.string(),
        newUrl: z.string(),
      }),
    ),
  ),
  /** The clients have their new links. */
  'publish.forgetFormer': command('customer_portal', none, none),
};
