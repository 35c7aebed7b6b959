import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Questions, reasonOf } from '../../../../src-main/publish/health.ts';
import { findFreePort } from '../../../support/free-port.ts';
import { hasNginx, startNginx } from '../../../support/nginx.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(handle: RequestListener): Promise<string> {
  const server = createServer(handle);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('the program opens its own portal', () => {
  const questions = new Questions();
  /** Answers as the portal does, with the base that its links would have. */
  const portal =
    (base: string): RequestListener =>
    (request, response) => {
      const answer = questions.answer(request.url!.split('/').at(-1)!);
      response.statusCode = answer === null ? 404 : 200;
      response.end(JSON.stringify({ answer, base }));
    };

  it('is well where its own answer comes back, over redirects too', async () => {
    const url = await serve(portal(''));
    expect(await questions.ask(url, 'own')).toBeNull();
    const front = await serve((request, response) => {
      response.writeHead(308, { Location: url + request.url! }).end();
    });
    expect(await questions.ask(front, 'own')).toBeNull();
    const path = await serve(portal('/hours'));
    expect(await questions.ask(`${path}/hours`, 'own')).toBeNull();
  });

  it('knows nobody else’s questions, and each only while it is asked', async () => {
    let seen = '';
    const url = await serve((request, response) => {
      seen = request.url!.split('/').at(-1)!;
      portal('')(request, response);
    });
    await questions.ask(url, 'own');
    expect(seen).toMatch(/^[\w-]{22}$/);
    expect(questions.answer(seen)).toBeNull();
    expect(questions.answer('x')).toBeNull();
  });

  it.each([
    ['a warning of the tunnel', 200, '<!doctype html>You are about to visit', 'interstitial'],
    ['a sign-in in front', 401, '', 'interstitial'],
    ['another portal', 404, '{"answer":null}', 'wrong_address'],
    ['another program’s answer', 200, '{"answer":"x","base":""}', 'interstitial'],
    ['a proxy that reaches nobody', 502, '', 'asleep'],
  ] as const)('%s is told apart', async (_name, status, body, reason) => {
    const url = await serve((_request, response) => response.writeHead(status).end(body));
    expect(await questions.ask(url, 'own')).toBe(reason);
  });

  it('a path that the links would not have is a wrong address', async () => {
    expect(await questions.ask(`${await serve(portal(''))}/hours`, 'own')).toBe('wrong_address');
  });

  it('a redirect without an end is no page', async () => {
    const url = await serve((request, response) =>
      response.writeHead(302, { Location: request.url! }).end(),
    );
    expect(await questions.ask(url, 'own')).toBe('interstitial');
  });

  it('silence has its cause: the proxy, the tunnel, the firewall', async () => {
    const nowhere = `http://127.0.0.1:${await findFreePort()}`;
    expect(await questions.ask(nowhere, 'own')).toBe('proxy_gone');
    expect(await questions.ask(nowhere, 'tunnel')).toBe('tunnel_gone');
    expect(await questions.ask(nowhere, 'lan')).toBe('firewall');
    const url = await serve((_request, response) => response.writeHead(530).end());
    expect(await questions.ask(url, 'tunnel')).toBe('tunnel_gone');
  });

  it.skipIf(!hasNginx)('a real certificate for another name is told', async () => {
    const nginx = await startNginx('    location / { return 404; }');
    try {
      const otherName = nginx.origin.replace('localhost', '127.0.0.1');
      expect(await questions.ask(otherName, 'own')).toBe('certificate');
      expect(await questions.ask(nginx.origin, 'own')).toBe('wrong_address');
    } finally {
      await nginx.stop();
    }
  });

  it.each([
    ['CERT_HAS_EXPIRED', 'certificate'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate'],
    ['ENOTFOUND', 'wrong_address'],
    ['EAI_AGAIN', 'no_network'],
    ['ENETUNREACH', 'no_network'],
  ] as const)('%s is told as %s', (code, reason) => {
    expect(reasonOf(Object.assign(new Error(), { cause: { code } }), 'tunnel')).toBe(reason);
  });
});
