import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { AppError, type ErrorCode } from '../../src-shared/errors.ts';
import {
  limitConnections,
  ownLimits,
  strangerLimits,
  type ConnectionLimits,
  type Connections,
} from './connections.ts';
import { refuseWithHeaders } from './refusals.ts';
import { createTurns } from './turns.ts';

export interface Listener {
  /** Without a trailing slash, with the address that was bound. */
  url: string;
  port: number;
  server: Server;
  /** Takes no more connections, lets running answers end for at most 5 s, then cuts them. */
  stop(): Promise<void>;
}

export interface ListenOptions {
  /** 0: any free port. */
  port: number;
  /** Undefined: every address of this computer, IPv6 too where there is any. */
  host?: string;
  /** Of every answer that is given before `handle` is asked. */
  headers: Readonly<Record<string, string>>;
  /** For a listener that strangers reach; without it only programs of this computer do. */
  strangers?: {
    /** A connection's peer, which has a cap of its own; null: a proxy, which has none. */
    peerOf(socket: Socket): string | null;
    limits?: ConnectionLimits;
  };
}

/** What the owner's own programs send may be large; strangers send a password at most. */
const requestTimeoutMs = { own: 30_000, strangers: 10_000 };
/** A page of a browser needs five; who asks for more has to connect again. */
const strangerRequestsPerSocket = 100;

/** How long answers that are being made or sent may take when the owner goes offline. */
const graceMs = 5_000;

const codes: Partial<Record<string, ErrorCode>> = {
  EADDRINUSE: 'port_in_use',
  EACCES: 'port_forbidden',
  EPERM: 'port_forbidden',
  EADDRNOTAVAIL: 'address_unavailable',
  ENETUNREACH: 'address_unavailable',
  EAFNOSUPPORT: 'address_unavailable',
};

/** What the operating system answers to a bind (`EADDRINUSE` …), as our code. */
export const listenErrorCode = (errno: string | undefined): ErrorCode =>
  codes[errno ?? ''] ?? 'listen_failed';

/**
 * The only place that binds a port. Slow or endless requests are cut by Node's own timeouts,
 * which are looked at every second.
 * Throws `port_in_use`, `port_forbidden`, `address_unavailable` (all with `port`), else
 * `listen_failed`.
 */
export async function listen(handle: RequestListener, options: ListenOptions): Promise<Listener> {
  const { headers, strangers } = options;
  const server = createServer({
    headersTimeout: strangers ? requestTimeoutMs.strangers : 10_000,
    requestTimeout: strangers ? requestTimeoutMs.strangers : requestTimeoutMs.own,
    connectionsCheckingInterval: 1_000,
    keepAliveTimeout: 5_000,
    maxHeaderSize: 16 * 1024,
    // Node's own refusal has no headers of ours.
    requireHostHeader: false,
  });
  if (strangers) server.maxRequestsPerSocket = strangerRequestsPerSocket;
  const limits = strangers ? (strangers.limits ?? strangerLimits) : ownLimits;
  const peerOf = (socket: Socket): string | null => strangers?.peerOf(socket) ?? null;
  const connections = limitConnections(server, limits, peerOf);
  const turns = createTurns();
  server.on('request', (request, response) => {
    if (!connections.answers(request.socket, response)) return;
    if (request.headers.host === undefined && request.httpVersion === '1.1') {
      response.writeHead(400, { ...headers, Connection: 'close', 'Content-Length': '0' });
      response.end();
      return;
    }
    // Whoever asks for much does so in the time of others only now and then, and whoever sends more
    // requests than it may has been cut off before the first of them made work.
    const { socket } = request;
    turns.take(peerOf(socket) ?? socket, () => {
      if (socket.destroyed) return false;
      handle(request, response);
      return true;
    });
  });
  refuseWithHeaders(server, headers, connections.isAnswering);
  server.once('close', connections.stop);
  await bind(server, options);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${options.host ?? 'localhost'}:${port}`,
    port,
    server,
    stop: () => stop(server, connections),
  };
}

function bind(server: Server, { port, host }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new AppError(listenErrorCode(error.code), { port }, { cause: error }));
    });
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}

async function stop(server: Server, connections: Connections): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  connections.endWhenAnswered();
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(cut);
}
