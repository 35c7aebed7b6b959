import type { IncomingMessage, RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { comesFromLoopback, peerAddress } from '../../src-server/access/client-address.ts';
import { portalHeaders } from '../../src-server/access/headers.ts';
import { listen, type Listener } from '../http/listen.ts';
import { forwardedHeader } from './forwarded-header.ts';

export interface PortalPort {
  /** Null while nothing listens. */
  port(): number | null;
  /** Throws what `listen` throws. `isWide`: for every computer that reaches this one. */
  open(port: number, isWide: boolean): Promise<number>;
  close(): Promise<void>;
  /** Header in which a proxy on this computer named a client; null: none was seen. */
  seenHeader(): string | null;
  /** When somebody on another computer last asked for something, in ms since 1970 UTC. */
  seenFromNetworkAt(): number | null;
}

export interface PortalPortOptions {
  handle: RequestListener;
  trustedHeader(): string;
  now(): number;
  /** A proxy or another computer was seen for the first time. */
  onSeen(): void;
}

/** Who asks from where is not looked at for each of a page's requests. */
const lookAgainMs = 60_000;

/** The one port of the portal, and what is learnt from the requests that arrive there. */
export function createPortalPort({
  handle,
  trustedHeader,
  now,
  onSeen,
}: PortalPortOptions): PortalPort {
  let listener: Listener | null = null;
  let seenHeader: string | null = null;
  let seenFromNetworkAt: number | null = null;

  function note(request: IncomingMessage): void {
    const before = [seenHeader, seenFromNetworkAt === null];
    if (trustedHeader() === '') seenHeader ??= forwardedHeader(request);
    const isDue = seenFromNetworkAt === null || now() - seenFromNetworkAt > lookAgainMs;
    if (isDue && comesFromElsewhere(request.socket)) seenFromNetworkAt = now();
    // Told once: the page that shows it is fetched anew.
    if (before[0] !== seenHeader || before[1] !== (seenFromNetworkAt === null)) onSeen();
  }

  const answer: RequestListener = (request, response) => {
    note(request);
    handle(request, response);
  };

  /** The proxy that the owner named is many clients. */
  const peerOf = (socket: Socket): string | null =>
    trustedHeader() !== '' && comesFromLoopback({ socket }) ? null : peerAddress(socket);

  return {
    port: () => listener?.port ?? null,
    async open(port, isWide) {
      // Loopback only unless the owner chose the network.
      const where = isWide ? {} : { host: '127.0.0.1' };
      listener = await listen(answer, {
        port,
        ...where,
        headers: portalHeaders,
        strangers: { peerOf },
      });
      return listener.port;
    },
    async close() {
      await listener?.stop();
      listener = null;
      seenHeader = null;
      seenFromNetworkAt = null;
    },
    seenHeader: () => (trustedHeader() === '' ? seenHeader : null),
    seenFromNetworkAt: () => seenFromNetworkAt,
  };
}

/** This computer's own addresses are in no other computer's requests. */
function comesFromElsewhere(socket: Socket): boolean {
  const peer = peerAddress(socket);
  if (peer === '' || comesFromLoopback({ socket })) return false;
  return !Object.values(networkInterfaces())
    .flat()
    .some((info) => info !== undefined && peerAddress({ remoteAddress: info.address }) === peer);
}
