import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { hostOf, lanAddresses } from '../../../../src-main/publish/addresses.ts';
import { addressesOf, baseForClients } from '../../../../src-main/publish/bases.ts';
import { mdnsHost } from '../../../../src-main/publish/mdns.ts';
import { readStored } from '../../../../src-main/publish/settings.ts';

const info = (address: string, internal = false): NetworkInterfaceInfo =>
  ({ address, internal }) as NetworkInterfaceInfo;
const kindsOf = (interfaces: Record<string, string>) =>
  lanAddresses(
    Object.fromEntries(Object.entries(interfaces).map(([name, ip]) => [name, [info(ip)]])),
  );

describe('the addresses of this computer', () => {
  it.each([
    ['container', ['docker0', 'br-0a1b2c3d4e5f', 'veth12ab', 'podman0', 'lxdbr0', 'cni0']],
    ['virtual', ['VirtualBox Host-Only Network', 'vboxnet0', 'VMware Network Adapter VMnet8']],
    ['virtual', ['vmnet1', 'virbr0', 'bridge100', 'vEthernet (WSL)', 'Parallels Shared']],
    ['vpn', ['ProtonVPN', 'NordLynx', 'OpenVPN TAP-Windows6', 'wg0', 'tailscale0', 'ppp0']],
    ['vpn', ['utun3', 'tun0', 'tap0', 'ZeroTier One', 'Mullvad', 'ipsec0']],
    ['lan', ['eth0', 'wlan0', 'enp3s0', 'Wi-Fi', 'Ethernet', 'en0', 'bridge0', 'WLAN 2']],
  ] as const)('%s: %j', (kind, names) => {
    for (const name of names) {
      expect(kindsOf({ [name]: '192.168.1.5' })[0], name).toMatchObject({ kind, name });
    }
  });

  it('100.64.0.0/10 is a VPN’s, whatever the interface is called', () => {
    expect(kindsOf({ eth0: '100.64.0.1' })[0]?.kind).toBe('vpn');
    expect(kindsOf({ eth0: '100.127.255.1' })[0]?.kind).toBe('vpn');
    expect(kindsOf({ eth0: '100.63.0.1' })[0]?.kind).toBe('lan');
    expect(kindsOf({ eth0: '100.128.0.1' })[0]?.kind).toBe('lan');
  });

  it('the default route’s private address is first; VPNs, machines and containers are last', () => {
    const interfaces = {
      lo: [info('127.0.0.1', true)],
      docker0: [info('172.17.0.1')],
      vmnet8: [info('192.168.200.1')],
      wg0: [info('10.8.0.2')],
      eth2: [info('203.0.113.9')],
      eth1: [info('10.1.1.1')],
      eth4: [info('172.20.1.1')],
      wlan0: [info('192.168.1.20'), info('fe80::1'), info('fd00::20')],
      eth3: [info('169.254.7.7')],
    };
    expect(lanAddresses(interfaces, '192.168.1.20').map(({ address }) => address)).toEqual([
      ...['192.168.1.20', '10.1.1.1', '172.20.1.1', '203.0.113.9', 'fd00::20'],
      ...['10.8.0.2', '192.168.200.1', '172.17.0.1'],
    ]);
  });

  it('a machine with IPv6 only has addresses too', () => {
    const found = lanAddresses({ eth0: [info('fe80::1'), info('2001:db8::5')] });
    expect(found.map(({ address }) => hostOf(address))).toEqual(['[2001:db8::5]']);
  });
});

describe('what links begin with', () => {
  const around = {
    port: 8723,
    interfaces: { wlan0: [info('192.168.1.20')], docker0: [info('172.17.0.1')] },
    route: null,
    name: 'portal-desk.local',
    tunnel: null,
  };
  const urls = (stored: object, more: object = {}) =>
    addressesOf(readStored(stored), { ...around, ...more }).map(({ url }) => url);

  it('is the network’s best address, then the name, then the others', () => {
    expect(urls({ reach: 'lan' })).toEqual([
      ...['http://192.168.1.20:8723', 'http://portal-desk.local:8723'],
      ...['http://172.17.0.1:8723', 'http://localhost:8723'],
    ]);
  });

  it('is the tunnel’s address while it is up, and this computer’s else', () => {
    const tunnel = 'https://abc.example';
    expect(urls({ reach: 'tunnel' }, { tunnel })).toEqual([tunnel, 'http://localhost:8723']);
    const down = addressesOf(readStored({ reach: 'tunnel' }), around);
    expect(baseForClients(down)).toBeNull();
  });

  it('an address that an older version stored beside another choice is the own one', () => {
    const old = { enabled: true, reach: 'lan', publicUrl: 'https://hours.example' };
    expect(readStored(old)).toMatchObject({ reach: 'own', proxyOn: 'lan' });
    expect(urls(old)[0]).toBe('https://hours.example');
    expect(readStored({ reach: 'lan', publicUrl: '' })).toMatchObject({ reach: 'lan' });
  });

  it('what an older version knew of a former address is known', () => {
    const former = { url: 'http://192.168.1.9:8723', endedAt: 5 };
    expect(readStored({ former })).toMatchObject({ former: [former] });
    expect(readStored({ former: null })).toMatchObject({ former: [] });
  });

  it('the name is one that a network can carry', () => {
    expect(mdnsHost('Ada’s MacBook Pro.fritz.box')).toBe('portal-ada-s-macbook-pro.local');
  });
});
