/** What listens in each state, and what the owner's choices do: the whole program, without a host. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { renderQr } from '../../../../src-main/api/handlers/qr.ts';
import { runCli } from '../../../../src-main/cli/run.ts';
import { mdnsHost } from '../../../../src-main/publish/mdns.ts';
import { createTestApp, type TestApp } from '../../../support/app.ts';
import { findFreePort } from '../../../support/free-port.ts';
import { createSshd, hasSshd } from '../../../support/sshd.ts';

/** Ports on which this process listens, as `tcp 127.0.0.1`, `tcp all`, `udp 5353`. */
function listening(): string[] {
  const own = new Set(
    readdirSync('/proc/self/fd').flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[1] ?? [];
      } catch {
        return [];
      }
    }),
  );
  return ['tcp', 'tcp6', 'udp', 'udp6'].flatMap((kind) =>
    readFileSync(`/proc/self/net/${kind}`, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => own.has(fields[9]!) && (kind.startsWith('udp') || fields[3] === '0A'))
      .map(([, local]) => {
        const [address, port] = local!.split(':') as [string, string];
        if (kind.startsWith('udp')) return `udp ${parseInt(port, 16)}`;
        return address === '0100007F' ? 'tcp this computer' : 'tcp all';
      }),
  );
}

describe.skipIf(process.platform !== 'linux')('listening sockets', () => {
  let app: TestApp;
  let before: string[];
  const added = (): string[] => {
    const rest = [...before];
    return listening().filter((one) => {
      const at = rest.indexOf(one);
      if (at !== -1) rest.splice(at, 1);
      return at === -1;
    });
  };
  beforeAll(async () => {
    before = listening();
    app = await createTestApp({ start: true });
  });
  afterAll(() => app.close());

  it('are those that the owner turned on, in each state', async () => {
    expect(added()).toEqual([]);
    await app.call('publish.set', { reach: 'lan' });
    await app.call('publish.pause', { paused: true });
    await app.call('publish.check');
    expect(added()).toEqual([]);

    await app.call('publish.set', { enabled: true, reach: 'loopback', port: 0 });
    expect(added()).toEqual(['tcp this computer']);
    // A tunnel that is not set up connects nowhere, and listens nowhere.
    await app.call('publish.set', { reach: 'tunnel' });
    expect(added()).toEqual(['tcp this computer']);
    await app.call('publish.set', { reach: 'own', publicUrl: 'http://localhost:1' });
    expect(added()).toEqual(['tcp this computer']);
    await app.call('publish.set', { reach: 'own', proxyOn: 'lan' });
    expect(added()).toEqual(['tcp all']);
    await app.call('publish.set', { reach: 'lan' });
    expect(added().filter((one) => one.startsWith('tcp'))).toEqual(['tcp all']);
    expect(added().filter((one) => one !== 'tcp all' && one !== 'udp 5353')).toEqual([]);
    const { addresses } = await app.call('publish.status');
    expect(addresses.map(({ url }) => new URL(url).hostname)).toContain(mdnsHost());

    await app.call('publish.set', { enabled: false });
    expect(added()).toEqual([]);
  });
});

describe.skipIf(process.platform !== 'linux' || !hasSshd)('a connected tunnel', () => {
  it('listens nowhere on this computer, beside the portal’s own port; whether it is passed on is seen', async () => {
    const sshd = await createSshd();
    await sshd.start();
    const before = listening();
    const app = await createTestApp({ start: true });
    try {
      const outside = await findFreePort();
      const ssh = {
        ...{ host: '127.0.0.1', port: sshd.port, user: sshd.user, keyFile: sshd.keys.good },
        remote: { port: outside },
      };
      const isIn = (state: string): Promise<void> =>
        new Promise((resolve) => {
          const look = (): void =>
            void app.call('publish.status').then(({ tunnel }) => {
              if (tunnel.state === state) resolve();
            });
          app.app.onChanged(look);
          look();
        });
      await app.call('publish.set', {
        ...{ enabled: true, port: 0, reach: 'tunnel' },
        tunnel: { kind: 'ssh', publicUrl: `http://127.0.0.1:${outside}`, ssh },
      });
      await isIn('failed');
      await app.call('publish.acceptHostKey', { fingerprint: sshd.fingerprint() });
      await isIn('online');
      expect(listening().toSorted()).toEqual([...before, 'tcp this computer'].toSorted());
      expect((await fetch(`http://127.0.0.1:${outside}/nothing`)).status).toBe(404);

      // OpenSSH says that it listens, but does so for itself only: the app opens the address.
      const elsewhere = { host: '127.0.0.2', port: await findFreePort() };
      await app.call('publish.set', {
        tunnel: {
          ...{ kind: 'ssh', publicUrl: `http://127.0.0.2:${elsewhere.port}` },
          ssh: { ...ssh, remote: elsewhere },
        },
      });
      await isIn('online');
      expect(await app.call('publish.check')).toMatchObject({
        state: 'failed',
        reason: 'not_passed_on',
      });
      await sshd.stop();
      await isIn('waiting');
      expect((await app.call('publish.check')).reason).toBe('tunnel_gone');
      await sshd.start('GatewayPorts clientspecified');
      await isIn('online');
      expect(await app.call('publish.check')).toMatchObject({ state: 'ok' });
      await app.call('publish.set', { enabled: false });
      expect(listening().toSorted()).toEqual(before.toSorted());
    } finally {
      await app.close();
      await sshd.remove();
    }
  });
});

describe('publishing, by the contract', () => {
  let app: TestApp;
  afterEach(() => app.close());

  it('a taken port is named with the next free one, and had once it is free', async () => {
    const port = await findFreePort();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    app = await createTestApp();
    await expect(app.call('publish.set', { enabled: true, port })).rejects.toMatchObject({
      code: 'port_in_use',
    });
    const { freePort, portHolder } = await app.call('publish.status');
    expect(freePort).toBeGreaterThan(port);
    // Linux tells; it is this very process.
    if (process.platform === 'linux') {
      expect(portHolder).toBe(readFileSync('/proc/self/comm', 'utf8').trim());
    }
    const online = new Promise<void>((resolve) => {
      app.app.onChanged(() => {
        void app.call('publish.status').then(({ state }) => {
          if (state === 'online') resolve();
        });
      });
    });
    await new Promise((resolve) => other.close(resolve));
    await online;
    expect(await app.call('publish.status')).toMatchObject({ port, freePort: null });
  });

  it('makes a QR code of the portal’s own addresses, and of no others', async () => {
    app = await createTestApp();
    await app.call('publish.set', { enabled: true, port: 0 });
    const [url] = (await app.call('publish.status')).urls;
    expect((await app.call('publish.qr', { url: url! })).svg).toMatch(/^<svg .*<path /);
    await expect(
      app.call('publish.qr', { url: 'https://elsewhere.example' }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });

  it('a pause leaves the addresses as they are, and is told when it ends', async () => {
    app = await createTestApp();
    await app.call('publish.set', { enabled: true, port: 0 });
    const { urls } = await app.call('publish.status');
    expect(await app.call('publish.check')).toMatchObject({ state: 'ok' });
    const backAt = new Date(2026, 10, 24, 14).getTime();
    await app.call('publish.pause', { paused: true, backAt });
    expect(await app.call('publish.status')).toMatchObject({
      urls,
      pause: { backAt, byHand: true },
    });
    expect((await fetch(urls[0]!)).status).toBe(503);
    expect(await app.call('publish.check')).toMatchObject({ state: 'failed', reason: 'paused' });
    await app.call('publish.pause', { paused: false });
    expect((await fetch(urls[0]!)).status).toBe(404);
    await app.call('publish.setHours', { until: 1, hours: null });
    expect((await app.call('publish.status')).pause).toEqual({ backAt: null, byHand: false });
    // Who goes online again wants to be online.
    await app.call('publish.set', { enabled: true });
    expect((await app.call('publish.status')).pause).toBeNull();
  });

  it('a computer that slept past the end of "online until" is offline when it wakes', async () => {
    let now = new Date(2026, 10, 24, 17);
    app = await createTestApp({ clock: { now: () => now } });
    await app.call('publish.set', { enabled: true, port: 0 });
    const [url] = (await app.call('publish.status')).urls;
    await app.call('publish.setHours', {
      until: new Date(2026, 10, 24, 18).getTime(),
      hours: { days: [1, 2, 3, 4, 5], fromMinute: 9 * 60, toMinute: 20 * 60 },
    });
    expect((await fetch(url!)).status).toBe(404);
    now = new Date(2026, 10, 24, 19);
    expect((await fetch(url!)).status).toBe(503);
    // The clock was wrong, and is put back.
    now = new Date(2026, 10, 24, 16);
    expect((await fetch(url!)).status).toBe(404);
  });

  it('lists who holds an old link when the address is another one, until they are told', async () => {
    let now = new Date(2026, 10, 24, 12);
    app = await createTestApp({ clock: { now: () => now } });
    await app.importBytes(
      'export.csv',
      'Date,From,To,Duration,Rate,User,Customer,Project,Activity,Description\n' +
        '2025-09-03,09:00,10:00,3600,80,Ada,Harbour,Quay,Building,Wall\n',
    );
    const [customer] = await app.call('customers.list');
    const { id, path } = await app.call('shares.create', { customerId: customer!.id });
    const [first, second] = ['http://localhost:1/a', 'http://localhost:1/b'];
    await app.call('publish.set', { enabled: true, port: 0, reach: 'own', publicUrl: first });
    expect(await app.call('publish.formerLinks')).toEqual([]);
    await app.call('publish.set', { publicUrl: second });
    expect(await app.call('publish.formerLinks')).toMatchObject([
      { id, customerName: 'Harbour', oldUrl: first + path, newUrl: second + path },
    ]);
    // The code in the list is that of the new link.
    const { svg } = await app.call('shares.qr', { id, baseUrl: second });
    expect(svg).toBe(renderQr(second + path));
    // Without an address for clients there is no new link yet.
    await app.call('publish.set', { reach: 'loopback' });
    expect(await app.call('publish.formerLinks')).toEqual([]);
    await app.call('publish.set', { reach: 'own' });

    // Back again, the old links work; who got one meanwhile has an old one now.
    now = new Date(2026, 10, 24, 13);
    const later = await app.call('shares.create', { customerId: customer!.id });
    now = new Date(2026, 10, 24, 14);
    await app.call('publish.set', { publicUrl: first });
    expect(await app.call('publish.formerLinks')).toMatchObject([
      { id: later.id, oldUrl: second + later.path, newUrl: first + later.path },
    ]);
    now = new Date(2026, 10, 24, 15);
    await app.call('publish.set', { publicUrl: 'http://localhost:1/c' });
    const olds = (await app.call('publish.formerLinks')).map(({ oldUrl }) => oldUrl);
    expect(olds.toSorted()).toEqual([first + path, second + later.path]);
    await app.call('publish.forgetFormer');
    expect(await app.call('publish.formerLinks')).toEqual([]);
    expect((await app.call('publish.status')).formerUrl).toBeNull();
  });

  it('an address with a path, by the command line too, is in all links of the pages', async () => {
    app = await createTestApp();
    const out: string[] = [];
    const cli = (...argv: string[]): Promise<number> =>
      runCli(argv, {
        ...{ t: (key) => key, env: {}, stdin: Readable.from([]) },
        ...{ out: (line) => out.push(line), err: (line) => out.push(line) },
        connect: () =>
          Promise.resolve({
            isRunning: true,
            call: (request) => app.app.call(request, { sessionId: 'cli' }),
            close: () => Promise.resolve(),
          }),
      });
    const own = { enabled: true, reach: 'own', port: 0, publicUrl: 'https://example.com/hours/' };
    expect(await cli('publish.set', JSON.stringify(own)), out.join('\n')).toBe(0);
    const { urls, port } = await app.call('publish.status');
    expect(urls[0]).toBe('https://example.com/hours');
    // As the proxy passes it on.
    const url = `http://localhost:${port}/hours/nothing`;
    const html = await (await fetch(url)).text();
    expect(html).toContain('href="/hours/assets/');
    expect(await cli('publish.set', '{"publicUrl":"https://example.com/a?b"}')).toBe(1);
    expect((await app.call('publish.status')).publicUrl).toBe('https://example.com/hours');
  });

  it('a tunnel’s secret is stored sealed, and neither told nor written anywhere', async () => {
    app = await createTestApp();
    await app.call('publish.set', { tunnelSecret: 'geheim-4711' });
    const status = await app.call('publish.status');
    expect(status.tunnel.hasSecret).toBe(true);
    expect(JSON.stringify(status)).not.toContain('geheim-4711');
    expect(readFileSync(app.database).includes('geheim-4711')).toBe(false);
    expect(app.logged.join('\n')).not.toContain('geheim-4711');
    await app.call('publish.set', { tunnelSecret: '' });
    expect((await app.call('publish.status')).tunnel.hasSecret).toBe(false);
  });
});
