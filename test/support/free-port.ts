import { createServer, type AddressInfo } from 'node:net';

/**
 * A port that a program can have again after a restart: below those that systems give to whoever
 * asks for any (from 32768 on), so that nobody gets it in between.
 */
export async function findFreePort(): Promise<number> {
  for (;;) {
    const wanted = 20_000 + Math.floor(Math.random() * 12_000);
    const port = await tryPort(wanted);
    if (port !== null) return port;
  }
}

function tryPort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => {
      const found = (server.address() as AddressInfo).port;
      server.close(() => resolve(found));
    });
  });
}
