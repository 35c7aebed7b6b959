/** Our snippets in the real programs; nginx, with TLS, has a test of its own (own-address.test.ts). */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { proxySnippet } from '../../../src-shared/domain/proxy-snippets.ts';
import { findFreePort } from '../../support/free-port.ts';
import { hasProxy, startProxy } from '../../support/proxies.ts';

describe.each(['caddy', 'apache'] as const)('the snippet for %s', (kind) => {
  let portal: Server;
  let seen: IncomingMessage | undefined;
  beforeAll(async () => {
    portal = createServer((request, response) => {
      seen = request;
      response.end('the portal');
    });
    await new Promise<void>((resolve) => portal.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => void portal.close());

  // The programs are Debian's packages caddy and apache2.
  it.skipIf(!hasProxy(kind)).each(['', '/hours'])('with the path "%s"', async (path) => {
    const port = await findFreePort();
    const base = `http://localhost:${port}${path}`;
    const to = (portal.address() as AddressInfo).port;
    const proxy = await startProxy(kind, proxySnippet(kind, base, to), port);
    try {
      const answer = await fetch(`${base}/en/x?a=%2F`, { headers: { 'X-Real-IP': '192.0.2.1' } });
      expect(await answer.text()).toBe('the portal');
      // The path as it came, the host that the client asked, and the client's own address.
      expect(seen!.url).toBe(`${path}/en/x?a=%2F`);
      expect(seen!.headers).toMatchObject({
        host: `localhost:${port}`,
        'x-forwarded-proto': 'http',
      });
      expect(seen!.headers['x-real-ip']).toMatch(/^(127\.0\.0\.1|::1)$/);
    } finally {
      await proxy.stop();
    }
  });
});
