import type { ErrorCode } from '../../../src-shared/errors.ts';
import type { Input, Output } from '../../../src-shared/contract.ts';
import { normalPublicUrl, withoutLastSlash } from '../../../src-shared/domain/public-url.ts';
import { snippetHeader } from '../../../src-shared/domain/proxy-snippets.ts';
import type { FormFields } from '../../input/stored-form.svelte.ts';

export type PublishStatus = Output<'publish.status'>;
export type Reach = PublishStatus['reach'];

/** The publishing page as typed; being on or off is a switch of its own and takes effect at once. */
export interface PublishForm {
  reach: Reach;
  /** Null while the field is empty. */
  port: number | null;
  publicUrl: string;
  proxyOn: PublishStatus['proxyOn'];
  trustedHeader: string;
  tunnel: PublishStatus['tunnel']['settings'];
  /** Typed anew; what is stored is never shown. */
  tunnelSecret: string;
}

export type PublishField = keyof PublishForm;

export const formOf = ({
  reach,
  port,
  publicUrl,
  proxyOn,
  trustedHeader,
  tunnel,
}: PublishStatus): PublishForm => ({
  reach,
  port,
  publicUrl,
  proxyOn,
  trustedHeader,
  tunnel: tunnel.settings,
  tunnelSecret: '',
});

export const publishFields: FormFields<PublishForm, PublishField> = {
  keys: ['reach', 'port', 'publicUrl', 'proxyOn', 'trustedHeader', 'tunnel', 'tunnelSecret'],
  isSame: (a, b, key) => JSON.stringify(sentOf(a)[key]) === JSON.stringify(sentOf(b)[key]),
  copy: (from, to, key) => ({ ...to, [key]: from[key] }),
};

/** Kinds of tunnels whose address the owner knows, not the tunnel. */
export const needsAddress = ({ tunnel }: PublishForm): boolean =>
  tunnel.kind === 'cloudflared_named';

/** Field → key under `publish.problem`, for what keeps the form from being saved. */
export function problemsOf(form: PublishForm): Partial<Record<PublishField, string>> {
  const problems: Partial<Record<PublishField, string>> = {};
  const { port, publicUrl, trustedHeader, reach, tunnel } = cleaned(form);
  if (!isPort(port)) problems.port = 'port';
  const isOwn = reach === 'own' && publicUrl === '';
  if (isOwn || (publicUrl !== '' && normalPublicUrl(publicUrl) === null)) {
    problems.publicUrl = 'public_url';
  }
  if (!/^[A-Za-z0-9-]{0,60}$/.test(trustedHeader)) problems.trustedHeader = 'trusted_header';
  if (reach === 'tunnel' && !isTunnelWhole(cleaned(form))) problems.tunnel = 'tunnel';
  if (tunnel.publicUrl !== '' && normalPublicUrl(tunnel.publicUrl) === null) {
    problems.tunnel = 'public_url';
  }
  return problems;
}

const isPort = (port: number | null): boolean =>
  port !== null && Number.isInteger(port) && port >= 1 && port <= 65_535;

function isTunnelWhole(form: PublishForm): boolean {
  const { kind, publicUrl, ssh } = form.tunnel;
  if (needsAddress(form) && publicUrl === '') return false;
  if (kind !== 'ssh') return true;
  const isNamed = /^[\w.:-]+$/.test(ssh.host) && ssh.user !== '' && isPort(ssh.port);
  const { remote } = ssh;
  const hasRemote =
    remote.kind === 'socket' ? remote.path !== '' : remote.host !== '' && isPort(remote.port);
  return isNamed && hasRemote && (ssh.auth !== 'key' || ssh.keyFile !== '');
}

/** What is sent: the changed fields only. Call it for a form without problems. */
export function patchOf(form: PublishForm, changed: readonly PublishField[]): Input<'publish.set'> {
  const values = sentOf(form);
  return Object.fromEntries(changed.map((key) => [key, values[key]])) as Input<'publish.set'>;
}

/** The key of the server is accepted, never sent. */
function sentOf(form: PublishForm): Record<PublishField, unknown> {
  const { tunnel, ...rest } = cleaned(form);
  const { hostKey: _, hostKeyAt: __, ...ssh } = tunnel.ssh;
  return { ...rest, tunnel: { ...tunnel, ssh } };
}

/** Spaces around texts and a slash at the end of an address mean nothing. */
function cleaned(form: PublishForm): PublishForm {
  const { tunnel } = form;
  const { ssh } = tunnel;
  return {
    ...form,
    publicUrl: withoutLastSlash(form.publicUrl.trim()),
    trustedHeader: form.trustedHeader.trim(),
    tunnel: {
      ...tunnel,
      publicUrl: withoutLastSlash(tunnel.publicUrl.trim()),
      ssh: { ...ssh, host: ssh.host.trim(), user: ssh.user.trim(), keyFile: ssh.keyFile.trim() },
    },
  };
}

/** Kinds of failure for which the page knows what to do; texts under `publish.advice`. */
const advised = ['port_in_use', 'port_forbidden', 'address_unavailable', 'listen_failed'] as const;
export type Advice = (typeof advised)[number];

export const adviceOf = (code: ErrorCode): Advice =>
  advised.find((known) => known === code) ?? 'listen_failed';

/** Headers that tunnels and proxies commonly set; any other name can be typed. */
export const knownHeaders: readonly string[] = [
  'X-Forwarded-For',
  snippetHeader,
  'CF-Connecting-IP',
];

/** Another port to try: the next free one, else the next, above those that need special rights. */
export const suggestPort = (port: number, freePort: number | null = null): number =>
  freePort ?? (port < 1024 || port >= 65_535 ? 8723 : port + 1);

/** The system whose firewall has words of its own here. */
export const firewallOf = (platform: string): string =>
  ['linux', 'darwin', 'win32'].includes(platform) ? platform : 'other';
