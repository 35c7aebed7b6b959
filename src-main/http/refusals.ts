import { STATUS_CODES, type Server } from 'node:http';
import type { Socket } from 'node:net';

/** What Node's parser and timers say, as the status that Node itself would answer with. */
const statuses: Partial<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/**
 * Answers what Node answers before any handler is asked (400, 408, 413, 417, 431), with the
 * headers of all other answers. `isAnswering`: an answer has begun, so that nothing may be put
 * into it.
 */
export function refuseWithHeaders(
  server: Server,
  headers: Readonly<Record<string, string>>,
  isAnswering: (socket: Socket) => boolean,
): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (!socket.writable || isAnswering(socket)) {
      socket.destroy();
      return;
    }
    const status = statuses[error.code ?? ''] ?? 400;
    const lines = Object.entries({ ...headers, Connection: 'close', 'Content-Length': '0' });
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join('')}\r\n`,
      () => socket.destroy(),
    );
  });
  server.on('checkExpectation', (_request, response) => {
    response.writeHead(417, { ...headers, Connection: 'close', 'Content-Length': '0' });
    response.end();
  });
}
