import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError, type ErrorCode } from '../../src-shared/errors.ts';

export interface Listener {
  /** Without a trailing slash, with the address that was bound. */
  url: string;
  port: number;
  server: Server;
  /** Takes no more connections, lets running answers end for at most 2 s, then cuts them. */
  stop(): Promise<void>;
}

export interface ListenOptions {
  /** 0: any free port. */
  port: number;
  /** Undefined: every address of this computer, IPv6 too where there is any. */
  host?: string;
  /** How long a request may take to arrive, in ms. */
  requestTimeoutMs?: number;
}

const graceMs = 2_000;

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
 * The only place that binds a port. Slow or endless requests are cut by Node's own timeouts.
 * Throws `port_in_use`, `port_forbidden`, `address_unavailable` (all with `port`), else
 * `listen_failed`.
 */
export async function listen(handle: RequestListener, options: ListenOptions): Promise<Listener> {
  const server = createServer(
    {
      headersTimeout: 10_000,
      requestTimeout: options.requestTimeoutMs ?? 30_000,
      keepAliveTimeout: 5_000,
      maxHeaderSize: 16 * 1024,
    },
    handle,
  );
  server.maxConnections = 500;
  await bind(server, options);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${options.host ?? 'localhost'}:${port}`,
    port,
    server,
    stop: () => stop(server),
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

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(cut);
}
