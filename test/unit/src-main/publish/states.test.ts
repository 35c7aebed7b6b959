/** What listens in each state, and what the owner's choices do: the whole program, without a host. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { mdnsHost } from '../../../../src-main/publish/mdns.ts';
import { createTestApp, type TestApp } from '../../../support/app.ts';
import { findFreePort } from '../../../support/free-port.ts';

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
    if (process.platform === 'linux') expect(portHolder).not.toBeNull();
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

  it('lists who holds an old link when the address is another one, until they are told', async () => {
    app = await createTestApp();
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
    // Back again: the old links work.
    await app.call('publish.set', { publicUrl: first });
    expect(await app.call('publish.formerLinks')).toEqual([]);
    await app.call('publish.set', { publicUrl: second });
    await app.call('publish.forgetFormer');
    expect((await app.call('publish.status')).formerUrl).toBeNull();
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
