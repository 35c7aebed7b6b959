/** Our snippets in the real programs; nginx, with TLS, has a test of its own (own-address.test.ts). */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { load } from 'js-yaml';
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

/**
 * Traefik is not among Debian's packages: the snippet is held against the names of its reference
 * (traefik/traefik, docs/content/reference/routing-configuration/other-providers/file.yaml).
 */
describe('the snippet for traefik', () => {
  const reference = {
    http: {
      routers: {
        any: {
          entryPoints: ['any'],
          middlewares: ['any'],
          service: 'any',
          rule: 'any',
          priority: 42,
          tls: { options: 'any', certResolver: 'any' },
        },
      },
      services: {
        any: {
          loadBalancer: { servers: [{ url: 'any', preservePath: true }], passHostHeader: true },
        },
      },
    },
  };

  /** What is not in the reference, or of another type there. */
  function strangers(value: unknown, known: unknown, path = ''): string[] {
    if (Array.isArray(value) && Array.isArray(known)) {
      return value.flatMap((one) => strangers(one, known[0], `${path}[]`));
    }
    if (typeof value !== typeof known || known === null) return [path];
    if (typeof value !== 'object') return [];
    const names = known as Record<string, unknown>;
    return Object.entries(value as object).flatMap(([name, inner]) =>
      strangers(inner, names[name] ?? names['any'], `${path}.${name}`),
    );
  }

  it.each([
    ['https://example.com/hours', 'Host(`example.com`) && PathPrefix(`/hours/`)', 'websecure'],
    ['https://example.com:8443', 'Host(`example.com`)', 'websecure'],
    ['http://example.com', 'Host(`example.com`)', 'web'],
  ])('%s: only names that Traefik knows, host and path as they come', (url, rule, entryPoint) => {
    const config = load(proxySnippet('traefik', url, 8723));
    expect(strangers(config, reference)).toEqual([]);
    // Traefik passes on the host, the path and the client's address in X-Real-Ip by itself; an
    // entry point without forwardedHeaders takes away what clients write there.
    expect(config).toEqual({
      http: {
        routers: {
          'customer-portal': {
            rule,
            entryPoints: [entryPoint],
            service: 'customer-portal',
            ...(entryPoint === 'web' ? {} : { tls: { certResolver: 'letsencrypt' } }),
          },
        },
        services: {
          'customer-portal': { loadBalancer: { servers: [{ url: 'http://127.0.0.1:8723' }] } },
        },
      },
    });
  });

  it('a name that Traefik does not know is noticed', () => {
    const wrong = { http: { routers: { a: { entrypoints: ['web'], rule: 1 } } } };
    expect(strangers(wrong, reference)).toEqual([
      '.http.routers.a.entrypoints',
      '.http.routers.a.rule',
    ]);
  });
});
