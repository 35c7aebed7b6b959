import { createHmac } from 'node:crypto';
import { isIP, isIPv6, type Socket } from 'node:net';
import type { IncomingMessage } from 'node:http';

/**
 * The address of the client that limits count for: the peer of the connection, or, if the owner
 * named a header and the peer is on this computer, what that trusted hop wrote into the header.
 * A hop appends, so of several values only the last one is its own; what a client sends in this or
 * any other header (`X-Forwarded-For`, `Forwarded`, `CF-Connecting-IP`) changes nothing.
 * Without a trusted header all clients behind a proxy are one client. IPv6 addresses are cut to
 * /64, which is what one customer of a provider has. Never '' and never stored as it is.
 */
export function clientAddress(
  request: Pick<IncomingMessage, 'socket' | 'headersDistinct'>,
  trustedHeader: string,
): string {
  const peer = peerAddress(request.socket);
  if (trustedHeader === '' || !isLoopback(peer)) return peer;
  const name = trustedHeader.toLowerCase();
  const value = request.headersDistinct[name]?.at(-1)?.split(',').at(-1)?.trim() ?? '';
  const last = name === 'forwarded' ? forwardedFor(value) : value;
  return isIP(last) > 0 ? normalise(last) : peer;
}

/** The address in one element of `Forwarded` (RFC 7239): `for="[2001:db8::1]:4711";proto=https`. */
function forwardedFor(element: string): string {
  const pair = element
    .split(';')
    .map((part) => part.trim())
    .find((part) => part.toLowerCase().startsWith('for='));
  const node = pair?.slice('for='.length).replaceAll('"', '') ?? '';
  if (node.startsWith('[')) return node.slice(1).split(']', 1)[0]!;
  return node.split(':', 1)[0]!;
}

/** The other end of a connection: an IPv4 address or an IPv6 /64. */
export const peerAddress = (socket: Pick<Socket, 'remoteAddress'>): string =>
  normalise(socket.remoteAddress ?? '');

/** Whether the connection comes from this computer, where the trusted hop runs. */
export function comesFromLoopback(request: Pick<IncomingMessage, 'socket'>): boolean {
  return isLoopback(peerAddress(request.socket));
}

/** Keyed digest of an address: tells clients apart, and tells nobody who they are. */
export const digestClient = (address: string, secret: Buffer): string =>
  createHmac('sha256', secret).update(address).digest('base64url').slice(0, 22);

const isLoopback = (address: string): boolean =>
  address.startsWith('127.') || address === 'loopback';

/**
 * `::ffff:192.0.2.1` is `192.0.2.1`, however it is spelled; other IPv6 addresses become their /64
 * network. A URL knows the one short spelling of an address, so that nobody is two clients.
 */
function normalise(address: string): string {
  const plain = address.split('%', 1)[0]!;
  if (!isIPv6(plain)) return plain;
  const short = new URL(`http://[${plain}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([\da-f]+):([\da-f]+)$/.exec(short);
  if (!mapped) return networkOf(short);
  const [high, low] = [parseInt(mapped[1]!, 16), parseInt(mapped[2]!, 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** The first four groups of an IPv6 address in its short spelling. */
function networkOf(address: string): string {
  // Loopback must stay apart from the rest of its network.
  if (address === '::1') return 'loopback';
  const [head = '', tail] = address.split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - first.length - last.length;
  const groups = [...first, ...Array<string>(zeros).fill('0'), ...last];
  return `${groups.slice(0, 4).join(':')}::/64`;
}
