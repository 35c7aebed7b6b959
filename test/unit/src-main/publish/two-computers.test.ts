/**
 * The portal in a network: one network namespace is the owner's computer with the built program,
 * another one the client's. Skipped where namespaces are not allowed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Output } from '../../../../src-shared/contract.ts';
import { mdnsHost } from '../../../../src-main/publish/mdns.ts';
import { hasNamespaces, layCable, type Cable } from '../../../support/namespace.ts';

const root = resolve(import.meta.dirname, '../../../..');
const [ownerAddress, laterAddress, clientAddress] = [
  '192.168.77.1',
  '192.168.77.9',
  '192.168.77.2',
];
const secondAddress = '10.5.0.1';
const port = 8723;

/** Asks the network for a name, as a client's computer does (RFC 6762), and opens what answers. */
const byName = `
const makeMdns = require(${JSON.stringify(join(root, 'node_modules/multicast-dns'))});
const name = process.argv[1];
const mdns = makeMdns();
const ask = () => mdns.query({ questions: [{ name, type: 'A' }] });
const again = setInterval(ask, 300);
mdns.on('response', ({ answers }) => {
  const found = answers.find((answer) => answer.type === 'A' && answer.name === name);
  if (!found) return;
  clearInterval(again);
  mdns.destroy();
  console.log(found.data);
});
ask();
`;
const statusOf = `
fetch(process.argv[1]).then(
  ({ status }) => console.log(status),
  ({ cause }) => console.log(cause.code),
);
`;

describe.skipIf(!hasNamespaces)('in a network of two computers', () => {
  let cable: Cable;
  let dataDir: string;
  const cli = (...args: string[]): Promise<string> =>
    cable.one.node(join(root, 'out/main/cli.js'), ...args, '--data', dataDir);
  const status = async (): Promise<Output<'publish.status'>> =>
    JSON.parse(await cli('publish.status')) as Output<'publish.status'>;
  const open = async (url: string): Promise<string> =>
    (await cable.other.node('-e', statusOf, `${url}/nothing`)).trim();

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'two-computers-'));
    cable = await layCable(ownerAddress!, clientAddress!);
    const host = join(root, 'out/main/browser-host.js');
    const program = cable.one.spawnNode(host, '--no-open', '--data', dataDir);
    await new Promise<void>((ready, failed) => {
      let said = '';
      for (const stream of [program.stdout!, program.stderr!]) {
        createInterface({ input: stream }).on('line', (line) => {
          said += `${line}\n`;
          if (line.includes('/open?token=')) ready();
        });
      }
      program.once('exit', () => failed(new Error(said)));
    });
  });
  afterAll(async () => {
    await cable?.remove();
    if (dataDir) rmSync(dataDir, { recursive: true });
  });

  it('the client reaches nothing until the owner opens the network', async () => {
    await cli('publish.set', JSON.stringify({ enabled: true, reach: 'loopback', port }));
    expect(await open(`http://${ownerAddress}:${port}`)).toBe('ECONNREFUSED');
    await cli('publish.set', JSON.stringify({ reach: 'lan' }));
    const { urls, addresses } = await status();
    expect(urls[0]).toBe(`http://${ownerAddress}:${port}`);
    expect(addresses[0]).toMatchObject({ name: 'eth0', kind: 'lan' });
    expect(await open(urls[0]!)).toBe('404');
  });

  it('the client finds it by its name', async () => {
    const found = await cable.other.node('-e', byName, mdnsHost());
    expect(found.trim()).toBe(ownerAddress);
    const { urls } = await status();
    expect(urls).toContain(`http://${mdnsHost()}:${port}`);
  });

  it('a second network, a changed address and a VPN are noticed, and who holds an old link is known', async () => {
    await cable.one.ip('link', 'add', 'eth1', 'type', 'veth', 'peer', 'name', 'far1');
    await cable.one.ip('link', 'set', 'far1', 'up');
    await cable.one.ip('addr', 'add', `${secondAddress}/24`, 'dev', 'eth1');
    await cable.one.ip('link', 'set', 'eth1', 'up');
    await cable.one.ip('route', 'replace', 'default', 'dev', 'eth1');
    await cable.one.ip('addr', 'del', `${ownerAddress}/24`, 'dev', 'eth0');
    await cable.one.ip('addr', 'add', `${laterAddress}/24`, 'dev', 'eth0');
    await cable.one.ip('link', 'add', 'wg0', 'type', 'veth', 'peer', 'name', 'far');
    await cable.one.ip('link', 'set', 'far', 'up');
    await cable.one.ip('addr', 'add', '10.9.0.1/24', 'dev', 'wg0');
    await cable.one.ip('link', 'set', 'wg0', 'up');
    await expect
      .poll(async () => (await status()).formerUrl)
      .toBe(`http://${ownerAddress}:${port}`);
    const { addresses } = await status();
    // The way to the internet is the second network's: its address is first.
    expect(addresses.slice(0, 2)).toEqual([
      { url: `http://${secondAddress}:${port}`, kind: 'lan', name: 'eth1' },
      { url: `http://${laterAddress}:${port}`, kind: 'lan', name: 'eth0' },
    ]);
    expect(addresses.find(({ name }) => name === 'wg0')).toMatchObject({ kind: 'vpn' });
    expect(await open(`http://${laterAddress}:${port}`)).toBe('404');
  });

  it('without a network the owner is told, and it comes back with it', async () => {
    await cable.one.ip('link', 'del', 'eth1');
    await cable.one.ip('link', 'set', 'eth0', 'down');
    const kinds = async () => (await status()).addresses.map(({ kind }) => kind);
    await expect.poll(kinds).not.toContain('lan');
    await cable.one.ip('link', 'set', 'eth0', 'up');
    await expect.poll(async () => (await status()).urls[0]).toBe(`http://${laterAddress}:${port}`);
    expect(await open(`http://${laterAddress}:${port}`)).toBe('404');
  });
});
