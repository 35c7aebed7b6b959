import { basePathOf } from './public-url.ts';

export const proxyKinds = ['caddy', 'nginx', 'apache', 'traefik'] as const;
export type ProxyKind = (typeof proxyKinds)[number];

/** In which all snippets name the client; each of them overwrites what a client sends in it. */
export const snippetHeader = 'X-Real-IP';

/**
 * The configuration of a reverse proxy in front of the portal. `publicUrl`: its normal spelling;
 * `port`: of the portal on the same computer. The path is passed on as it comes, and so is the
 * host: without it a password is taken for another site's form.
 */
export function proxySnippet(kind: ProxyKind, publicUrl: string, port: number): string {
  const { host, protocol } = new URL(publicUrl);
  const path = basePathOf(publicUrl);
  const isPlain = protocol === 'http:';
  return snippets[kind]({ host, isPlain, site: isPlain ? `http://${host}` : host, path, port });
}

interface Parts {
  host: string;
  /** Without encryption. */
  isPlain: boolean;
  /** What Caddy calls it: without https it has to be said. */
  site: string;
  path: string;
  port: number;
}

const snippets: Record<ProxyKind, (parts: Parts) => string> = {
  caddy: ({ site, path, port }) => `${site} {
  handle ${path}/* {
    reverse_proxy 127.0.0.1:${port} {
      header_up X-Real-IP {remote_host}
    }
  }
}
`,
  nginx: ({ path, port }) => `location ${path}/ {
  proxy_pass http://127.0.0.1:${port};
  proxy_set_header Host $http_host;
  proxy_set_header X-Real-IP $remote_addr;
  proxy_set_header X-Forwarded-Proto $scheme;
}
`,
  apache: ({ path, port }) => `# a2enmod proxy proxy_http headers
ProxyPreserveHost On
<Location "${path}/">
  ProxyPass "http://127.0.0.1:${port}${path}/"
  RequestHeader set X-Real-IP "expr=%{REMOTE_ADDR}"
  RequestHeader set X-Forwarded-Proto "expr=%{REQUEST_SCHEME}"
</Location>
`,
  traefik: ({
    host,
    isPlain,
    path,
    port,
  }) => `# For the file provider. Entry point and resolver: as in your traefik.yml.
http:
  routers:
    customer-portal:
      rule: Host(\`${host.replace(/:\d+$/, '')}\`)${path === '' ? '' : ` && PathPrefix(\`${path}/\`)`}
      entryPoints:
        - ${isPlain ? 'web' : 'websecure'}
      service: customer-portal
${isPlain ? '' : '      tls:\n        certResolver: letsencrypt\n'}  services:
    customer-portal:
      loadBalancer:
        servers:
          - url: http://127.0.0.1:${port}
`,
};
