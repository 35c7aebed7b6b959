import { mkdtempSync, rmSync } from 'node:fs';
import {
  createServer,
  request,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { connect, isIPv4, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { contract, type Topic } from '../../../../src-shared/contract.ts';
import { AppError } from '../../../../src-shared/errors.ts';
import type { AppContext } from '../../../../src-main/context.ts';
import { listen, listenErrorCode } from '../../../../src-main/http/listen.ts';
import { lanAddresses } from '../../../../src-main/publish/addresses.ts';
import { createPublisher } from '../../../../src-main/publish/publisher.ts';
import type { Publisher } from '../../../../src-main/publish/publishing.ts';
import { openReadStore, openStore } from '../../../../src-main/store/open.ts';
import { WriteQueue } from '../../../../src-main/store/write-queue.ts';
import { findFreePort } from '../../../support/free-port.ts';
import { createSshd, hasSshd } from '../../../support/sshd.ts';

const hello: RequestListener = (_request, response) => response.end('the portal');

let dataDir: string;
let context: AppContext;
let changes: Topic[];
let logged: string[];
const publishers: Publisher[] = [];
const servers: Server[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'publish-'));
  changes = [];
  logged = [];
  context = {
    dataDir,
    clock: { now: () => new Date('2026-11-24T12:00:00Z') },
    log: { info: (line) => logged.push(line), error: (line) => logged.push(line) },
    store: openStore(dataDir),
    readStore: openReadStore(dataDir),
    writes: new WriteQueue(),
    changed: (...topics) => changes.push(...topics),
  } as Partial<AppContext> as AppContext;
});

afterEach(async () => {
  for (const publisher of publishers.splice(0)) await publisher.stop();
  for (const server of servers.splice(0)) server.close();
  context.readStore.close();
  context.store.close();
  rmSync(dataDir, { recursive: true });
});

function publisher(handle: RequestListener = hello): Publisher {
  const made = createPublisher(context, handle);
  publishers.push(made);
  return made;
}

async function occupyPort(): Promise<number> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** This computer's IPv4 addresses; IPv6 ones may be without a route in a sandbox. */
const own = (): string[] =>
  lanAddresses().flatMap(({ address }) => (isIPv4(address) ? [address] : []));

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

const text = async (url: string): Promise<string> => (await fetch(url)).text();

it('a fresh installation is offline and opens no port', async () => {
  const fresh = publisher();
  await fresh.start();
  expect(fresh.status()).toMatchObject({
    enabled: false,
    reach: 'loopback',
    port: 8723,
    publicUrl: '',
    trustedHeader: '',
    seenHeader: null,
    state: 'stopped',
    urls: [],
    error: null,
    since: null,
  });
});

it('publishes, and the address survives a restart', async () => {
  const first = publisher();
  await first.set({ enabled: true, port: 0 });
  const status = first.status();
  expect(status).toMatchObject({ state: 'online', since: Date.UTC(2026, 10, 24, 12) });
  expect(await text(status.urls[0]!)).toBe('the portal');
  expect(changes).toContain('publish');
  await first.stop();
  await expect(text(status.urls[0]!)).rejects.toThrow();

  const second = publisher();
  await second.start();
  expect(second.status().urls).toEqual(status.urls);
  expect(await text(status.urls[0]!)).toBe('the portal');
});

it('on the network it answers at the addresses of this computer', async () => {
  const wide = publisher();
  await wide.set({
    enabled: true,
    port: 0,
    reach: 'own',
    proxyOn: 'lan',
    publicUrl: 'https://hours.example/',
  });
  const { urls, port } = wide.status();
  expect(urls[0]).toBe('https://hours.example');
  expect(urls.at(-1)).toBe(`http://localhost:${port}`);
  for (const address of own()) {
    expect(urls).toContain(`http://${address}:${port}`);
    expect(await text(`http://${address}:${port}`)).toBe('the portal');
  }
});

it('on this computer only, no other address answers', async () => {
  const narrow = publisher();
  await narrow.set({ enabled: true, port: 0 });
  const { port, urls } = narrow.status();
  expect(urls).toEqual([`http://localhost:${port}`]);
  for (const address of own()) {
    await expect(text(`http://${address}:${port}`)).rejects.toThrow();
  }
});

it('the port of a fresh installation is told too, if another program has it', async () => {
  const holder = createServer();
  servers.push(holder);
  // Whoever has it already serves this test as well.
  await new Promise((resolve) => {
    holder.once('error', resolve);
    holder.listen(8723, '127.0.0.1', () => resolve(null));
  });
  const fresh = publisher();
  const inUse = new AppError('port_in_use', { port: 8723 });
  await expect(fresh.set({ enabled: true })).rejects.toEqual(inUse);
  expect(fresh.status()).toMatchObject({ state: 'failed', port: 8723, urls: [] });
});

it('a taken port is told with its number, kept as choice, and had once it is free', async () => {
  const port = await occupyPort();
  const wanting = publisher();
  await expect(wanting.set({ enabled: true, port })).rejects.toEqual(
    new AppError('port_in_use', { port }),
  );
  const failed = {
    state: 'failed',
    enabled: true,
    error: { code: 'port_in_use', params: { port } },
  };
  expect(wanting.status()).toMatchObject(failed);

  // The program starts all the same.
  const restarted = publisher();
  await restarted.start();
  expect(restarted.status()).toMatchObject(failed);

  await new Promise((resolve) => servers.pop()?.close(resolve));
  await restarted.set({ enabled: true });
  expect(restarted.status()).toMatchObject({ state: 'online', error: null, port });
});

it('what the operating system refuses has a code of ours', async () => {
  // 192.0.2.0/24 is for documentation: no computer has such an address.
  await expect(listen(hello, { port: 0, host: '192.0.2.1', headers: {} })).rejects.toMatchObject({
    code: 'address_unavailable',
  });
  // Root may use any port, so this one cannot be provoked everywhere.
  expect(listenErrorCode('EACCES')).toBe('port_forbidden');
  expect(listenErrorCode('EMFILE')).toBe('listen_failed');
});

it('switching off ends the failure too', async () => {
  const port = await occupyPort();
  const wanting = publisher();
  await wanting.set({ enabled: true, port }).catch(() => undefined);
  await wanting.set({ enabled: false });
  expect(wanting.status()).toMatchObject({ state: 'stopped', enabled: false, error: null });
});

it('two changes at once end as the later one says', async () => {
  const busy = publisher();
  await Promise.all([
    busy.set({ enabled: true, port: 0 }),
    busy.set({ enabled: false }),
    busy.set({ enabled: true, trustedHeader: 'X-Real-IP' }),
  ]);
  expect(busy.status()).toMatchObject({ state: 'online', enabled: true });
  expect(busy.trustedHeader()).toBe('X-Real-IP');
});

it('a change that does not move the port leaves open connections alone', async () => {
  const steady = publisher();
  await steady.set({ enabled: true, port: 0 });
  const { port, since } = steady.status();
  const socket = connect(port, '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  await steady.set({ publicUrl: 'https://hours.example' });
  expect(socket.destroyed).toBe(false);
  expect(steady.status().since).toBe(since);
  socket.destroy();
});

it('stopping ends connections that send nothing', async () => {
  const stopping = publisher();
  await stopping.set({ enabled: true, port: 0 });
  const idle = connect(stopping.status().port, '127.0.0.1');
  await new Promise((resolve) => idle.once('connect', resolve));
  const ended = new Promise((resolve) => idle.once('close', resolve));
  idle.resume();
  await stopping.stop();
  await ended;
});

it('stopping lets a running answer end', async () => {
  let finish: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    publishers.push(
      createPublisher(context, (request, response) => {
        // The program looks at its own portal, too.
        if (request.url !== '/') {
          response.end();
          return;
        }
        finish = () => response.end('whole');
        resolve();
      }),
    );
  });
  const slow = publishers.at(-1)!;
  await slow.set({ enabled: true, port: 0 });
  const answer = new Promise<string>((resolve, reject) => {
    request({ port: slow.status().port, host: '127.0.0.1' }, (response) => {
      response.setEncoding('utf8').on('data', resolve);
    })
      .on('error', reject)
      .end();
  });
  await asked;
  const stopped = slow.stop();
  finish();
  expect(await answer).toBe('whole');
  await stopped;
});

it.skipIf(!hasSshd)('stopping lets it end through the tunnel too', async () => {
  const sshd = await createSshd();
  await sshd.start();
  try {
    const outside = await findFreePort();
    let begin: (response: ServerResponse) => void = () => undefined;
    const asked = new Promise<ServerResponse>((resolve) => (begin = resolve));
    const portal = publisher((request, response) => {
      if (request.url !== '/') response.end();
      else {
        response.write('first half');
        begin(response);
      }
    });
    const isOnline = (): Promise<void> =>
      new Promise((resolve) => {
        context.changed = () => {
          if (portal.status().tunnel.state === 'online') resolve();
        };
        context.changed();
      });
    const isShown = new Promise<string>((resolve) => {
      context.changed = () => {
        const fingerprint = portal.status().tunnel.error?.params['fingerprint'];
        if (fingerprint !== undefined) resolve(String(fingerprint));
      };
    });
    const ssh = {
      ...{ host: '127.0.0.1', port: sshd.port, user: sshd.user, keyFile: sshd.keys.good },
      remote: { port: outside },
    };
    const publicUrl = `http://127.0.0.1:${outside}`;
    await portal.set(
      contract['publish.set'].input.parse({
        ...{ enabled: true, port: 0, reach: 'tunnel', tunnel: { kind: 'ssh', publicUrl, ssh } },
      }),
    );
    await portal.acceptHostKey(await isShown);
    await isOnline();
    const answer = text(publicUrl);
    const response = await asked;
    const { port } = portal.status();
    const stopped = portal.stop();
    // It has begun: nobody else is let in.
    await expect.poll(() => isListening(port)).toBe(false);
    // More than fits on the way at once.
    response.end('x'.repeat(3 * 2 ** 20));
    expect(await answer).toHaveLength('first half'.length + 3 * 2 ** 20);
    await stopped;
  } finally {
    await sshd.remove();
  }
});

it.each(['CF-Connecting-IP', 'X-Real-IP', 'X-Forwarded-For', 'Forwarded'])(
  'tells of a proxy that sends %s, until its header is trusted',
  async (header) => {
    const portal = publisher();
    await portal.set({ enabled: true, port: 0 });
    const url = portal.status().urls[0]!;
    await text(url);
    expect(portal.status().seenHeader).toBeNull();
    changes.length = 0;
    await (await fetch(url, { headers: { [header]: '192.0.2.1' } })).text();
    expect(portal.status().seenHeader).toBe(header);
    expect(changes).toContain('publish');
    await portal.set({ trustedHeader: header });
    expect(portal.status().seenHeader).toBeNull();
  },
);
