/** Tunnels through a real OpenSSH server, and what its owner and its network can do to them. */
import { execFileSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { request as unixRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { mkdtempSync, rmSync } from 'node:fs';
import { Server as SshServer } from 'ssh2';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { sshTunnel, type SshTunnel } from '../../../../src-shared/contract/publish.ts';
import { keepUp } from '../../../../src-main/tunnels/keep-up.ts';
import { connectSsh } from '../../../../src-main/tunnels/ssh.ts';
import { TunnelLog } from '../../../../src-main/tunnels/tunnel-log.ts';
import type { Tunnel, TunnelStatus } from '../../../../src-main/tunnels/tunnel.ts';
import { findFreePort } from '../../../support/free-port.ts';
import { createSshd, hasSshd, type Sshd } from '../../../support/sshd.ts';
import { findTool } from '../../../support/tools.ts';

const clock = { now: () => new Date() };

describe.skipIf(!hasSshd)('a tunnel through a real SSH server', () => {
  let sshd: Sshd;
  let portal: Server;
  let remotePort: number;
  const tunnels: Tunnel[] = [];

  beforeAll(async () => {
    sshd = await createSshd();
    portal = createServer((_request, response) => response.end('the portal'));
    await new Promise<void>((resolve) => portal.listen(0, '127.0.0.1', resolve));
    remotePort = await findFreePort();
    await sshd.start();
  });
  afterAll(async () => {
    await sshd?.remove();
    portal.close();
  });
  afterEach(async () => {
    for (const tunnel of tunnels.splice(0)) await tunnel.stop();
  });

  /** A tunnel with the good key, and a function that waits for one of its states. */
  function open(
    change: Partial<SshTunnel> = {},
    secret = '',
    env: NodeJS.ProcessEnv = {},
    more: { keepaliveMs?: number } = {},
  ) {
    const settings = sshTunnel.parse({
      host: '127.0.0.1',
      port: sshd.port,
      user: sshd.user,
      keyFile: sshd.keys.good,
      hostKey: sshd.fingerprint(),
      remote: { port: remotePort },
      ...change,
    });
    const publicUrl = `http://127.0.0.1:${remotePort}`;
    const { port } = portal.address() as AddressInfo;
    const log = new TunnelLog(clock, [secret]);
    let look: () => void = () => undefined;
    const tunnel = keepUp(connectSsh({ settings, secret, publicUrl, port, env, ...more }), {
      clock,
      say: log.say,
      onChange: () => look(),
      delaysMs: [20],
    });
    tunnels.push(tunnel);
    tunnel.start();
    const when = async (state: TunnelStatus['state'], code?: string): Promise<TunnelStatus> => {
      while (tunnel.status().state !== state || (code && tunnel.status().error?.code !== code)) {
        await new Promise<void>((resolve) => (look = resolve));
      }
      return tunnel.status();
    };
    return { tunnel, log, when };
  }

  const visit = async (): Promise<string> =>
    (await fetch(`http://127.0.0.1:${remotePort}`, { headers: { Connection: 'close' } })).text();

  it('carries requests by a key, comes back after the server was gone, and ends', async () => {
    const { tunnel, when } = open();
    await when('online');
    expect(tunnel.url()).toBe(`http://127.0.0.1:${remotePort}`);
    expect(await visit()).toBe('the portal');
    // Cut: server and sessions die without a word.
    await sshd.stop();
    const lost = await when('waiting');
    expect(lost).toMatchObject({ state: 'waiting' });
    expect(tunnel.url()).toBeNull();
    await when('waiting', 'tunnel_unreachable');
    await sshd.start();
    expect(await when('online')).toMatchObject({ reconnects: 1 });
    expect(await visit()).toBe('the portal');
    await tunnel.stop();
    expect(tunnel.status().state).toBe('stopped');
    await expect(visit()).rejects.toThrow();
  });

  it('notices a network that is gone without a word, and comes back when it is there', async () => {
    const { tunnel, when } = open({}, '', {}, { keepaliveMs: 500 });
    await when('online');
    sshd.freeze();
    expect((await when('waiting')).error?.code).toBe('tunnel_lost');
    expect(tunnel.url()).toBeNull();
    await sshd.stop();
    await sshd.start();
    await when('online');
    expect(await visit()).toBe('the portal');
  });

  it.skipIf(findTool('ssh-agent') === null)('signs in with a key that an agent holds', async () => {
    const started = execFileSync(findTool('ssh-agent')!, ['-s']).toString();
    const env = Object.fromEntries(
      [...started.matchAll(/(SSH_\w+)=([^;]+);/g)].map(([, name, value]) => [name!, value!]),
    );
    try {
      const { when } = open({ auth: 'agent', keyFile: '' }, '', env);
      // Without a key it has nothing to show.
      expect((await when('failed')).error?.code).toBe('tunnel_credentials');
      execFileSync(findTool('ssh-add')!, ['-q', sshd.keys.good], { env });
      const again = open({ auth: 'agent', keyFile: '' }, '', env);
      await again.when('online');
      expect(await visit()).toBe('the portal');
    } finally {
      process.kill(Number(env['SSH_AGENT_PID']));
    }
  });

  const mayMakeUsers = process.getuid?.() === 0 && findTool('useradd') !== null;
  it.skipIf(!mayMakeUsers)('signs in with the password of an account (as root only)', async () => {
    const user = `portal-test-${process.pid}`;
    const hash = execFileSync('openssl', ['passwd', '-6', 'geheim']).toString().trim();
    execFileSync(findTool('useradd')!, ['-M', '-s', '/bin/sh', '-p', hash, user]);
    try {
      const wrong = open({ auth: 'password', user }, 'wrong');
      expect((await wrong.when('failed')).error).toMatchObject({
        code: 'tunnel_credentials',
        params: { user },
      });
      const { when, log } = open({ auth: 'password', user }, 'geheim');
      await when('online');
      expect(await visit()).toBe('the portal');
      expect(JSON.stringify(log.lines())).not.toContain('geheim');
      for (const tunnel of tunnels.splice(0)) await tunnel.stop();
      // Its session ends after the connection; the account is in use until then.
      await sshd.stop();
      await sshd.start();
    } finally {
      execFileSync(findTool('userdel')!, ['-f', user], { stdio: 'ignore' });
    }
  });

  it('listens at another address of the server only if that lets it (GatewayPorts)', async () => {
    const remote = { kind: 'port' as const, host: '127.0.0.2', port: remotePort, path: '' };
    const from = async (address: string): Promise<string> =>
      (await fetch(`http://${address}:${remotePort}`, { headers: { Connection: 'close' } })).text();
    const first = open({ remote });
    await first.when('online');
    // OpenSSH takes its own loopback instead, and does not say so.
    await expect(from('127.0.0.2')).rejects.toThrow();
    await first.tunnel.stop();
    await sshd.stop();
    await sshd.start('GatewayPorts clientspecified');
    await open({ remote }).when('online');
    expect(await from('127.0.0.2')).toBe('the portal');
    for (const tunnel of tunnels.splice(0)) await tunnel.stop();
    await sshd.stop();
    await sshd.start();
  });

  it('opens a key with its passphrase, which its log does not tell', async () => {
    const { when, log } = open({ keyFile: sshd.keys.locked }, 'sesame');
    await when('online');
    expect(await visit()).toBe('the portal');
    log.say('a line with sesame in it');
    expect(JSON.stringify(log.lines())).not.toContain('sesame');
  });

  it('passes on what comes to a socket of the server', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'socket-'));
    const path = join(folder, 'portal.sock');
    const { when } = open({ remote: { kind: 'socket', host: '', port: 1, path } });
    await when('online');
    const answer = await new Promise<string>((resolve, reject) => {
      unixRequest({ socketPath: path, agent: false }, (response) => {
        response.setEncoding('utf8').on('data', resolve);
      })
        .on('error', reject)
        .end();
    });
    expect(answer).toBe('the portal');
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['a key that the server does not know', { keyFile: '' }, 'tunnel_key_unreadable'],
    ['a key that is locked', 'locked', 'tunnel_key_locked'],
    ['a key that is not let in', 'unknown', 'tunnel_credentials'],
    ['a password that the server refuses', { auth: 'password' }, 'tunnel_credentials'],
    ['an agent that is not there', { auth: 'agent' }, 'tunnel_agent_missing'],
    ['no server', { host: '' }, 'tunnel_incomplete'],
  ] as const)('%s is told, and not tried again', async (_name, change, code) => {
    const settings = typeof change === 'string' ? { keyFile: sshd.keys[change] } : change;
    const { when } = open(settings);
    expect((await when('failed')).error?.code).toBe(code);
  });

  it('shows the key of a server before anything is sent to it, and refuses a changed one', async () => {
    const first = open({ hostKey: '' });
    expect((await first.when('failed')).error).toMatchObject({
      code: 'host_key_unknown',
      params: { fingerprint: sshd.fingerprint() },
    });
    const pinned = sshd.fingerprint();
    await sshd.stop();
    await sshd.start('', true);
    const later = open({ hostKey: pinned });
    expect((await later.when('failed')).error).toMatchObject({
      code: 'host_key_changed',
      params: { fingerprint: sshd.fingerprint() },
    });
  });

  it.each([
    ['AllowTcpForwarding no', undefined],
    ['PermitListen 127.0.0.1:1', undefined],
    ['AllowStreamLocalForwarding no', 'portal.sock'],
  ])('with "%s" it says that the server refuses, and waits for it', async (config, socket) => {
    // Of this run: a socket that is left over cannot be bound again.
    const folder = mkdtempSync(join(tmpdir(), 'socket-'));
    const path = socket && join(folder, socket);
    await sshd.stop();
    await sshd.start(config);
    const { when } = open(
      path === undefined ? {} : { remote: { kind: 'socket', host: '', port: 1, path } },
    );
    const { error } = await when('waiting', 'tunnel_forward_refused');
    expect(error?.params.asked).toBe(path ?? `127.0.0.1:${remotePort}`);
    await sshd.stop();
    await sshd.start();
    await when('online');
    rmSync(folder, { recursive: true });
  });

  it('a server that is not there is told, and tried again', async () => {
    const { when } = open({ port: await findFreePort() });
    await when('waiting', 'tunnel_unreachable');
  });
});

/** OpenSSH checks passwords against the system's accounts, so that this server stands in. */
describe('a tunnel to a service', () => {
  it('signs in with a password, and reads the address that the service tells', async () => {
    const folder = await createSshd();
    const hostKey = readFileSync(folder.keys.good);
    let greeted = false;
    const server = new SshServer({ hostKeys: [hostKey] }, (client) => {
      client.on('error', () => undefined);
      client.on('authentication', (attempt) => {
        if (attempt.method === 'password' && attempt.password === 'geheim') attempt.accept();
        else attempt.reject(['password']);
      });
      client.on('request', (accept) => accept?.());
      client.on('session', (accept) => {
        accept().on('shell', (open) => {
          greeted = true;
          open().write(
            'Welcome, see https://service.example/docs\r\nabc.service.test tunneled: https://abc.service.test\r\n',
          );
        });
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const settings = sshTunnel.parse({
      host: '127.0.0.1',
      port,
      user: 'me',
      auth: 'password',
      remote: { port: 80 },
    });
    const { say } = new TunnelLog(clock, []);
    const connect = (hostKeyOf: string) =>
      connectSsh({
        settings: { ...settings, hostKey: hostKeyOf },
        secret: 'geheim',
        publicUrl: '',
        port: 1,
      });
    const { signal } = new AbortController();
    const shown = await connect('')(say, signal).catch((error: unknown) => error);
    const { fingerprint } = (shown as { params: { fingerprint: string } }).params;
    const connection = await connect(fingerprint)(say, signal);
    expect(greeted).toBe(true);
    expect(connection.url).toBe('https://abc.service.test');
    await connection.close();
    server.close();
    await folder.remove();
  });
});
