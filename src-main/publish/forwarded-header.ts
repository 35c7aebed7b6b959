import type { IncomingMessage } from 'node:http';
import { comesFromLoopback } from '../../src-server/access/client-address.ts';

/** Headers in which proxies and tunnels name the client; the most telling one first. */
const headers = ['CF-Connecting-IP', 'X-Real-IP', 'X-Forwarded-For', 'Forwarded'] as const;

/**
 * The header in which a proxy on this computer seems to name the client; null if the request did
 * not come through one. Nothing is believed of it: only the owner knows whose header it is.
 */
export function forwardedHeader(
  request: Pick<IncomingMessage, 'socket' | 'headers'>,
): string | null {
  const seen = headers.find((name) => request.headers[name.toLowerCase()] !== undefined);
  return seen !== undefined && comesFromLoopback(request) ? seen : null;
}
