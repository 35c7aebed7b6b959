import { isIPv4 } from 'node:net';
import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';

/** What kind of network an address belongs to; clients are hardly in any but the first. */
export type NetworkKind = 'lan' | 'vpn' | 'virtual' | 'container';

export interface LanAddress {
  address: string;
  /** Of the interface, as the system calls it. */
  name: string;
  kind: NetworkKind;
}

/** Interfaces by what systems and programs call them. The first kind that fits counts. */
const named: readonly (readonly [NetworkKind, RegExp])[] = [
  [
    'container',
    /^(?:docker|br-[\da-f]|veth(?!ernet)|podman|cni|flannel|cali|lxc|lxdbr|incusbr|kube|nerdctl)/i,
  ],
  [
    'virtual',
    /virtualbox|^vbox|vmware|^vmnet|^virbr|^vnet\d|^bridge1\d\d|^vmenet|hyper-v|^vEthernet|parallels|^prl|^wsl/i,
  ],
  [
    'vpn',
    /vpn|nordlynx|mullvad|tailscale|zerotier|^zt|^wg|wireguard|^w?tun|^utun|^tap|\btap\b|^ppp|^ipsec|^gpd|^cscotun|hamachi|warp|^ts\d/i,
  ],
];

/** Addresses that VPNs such as Tailscale, and providers, give: 100.64.0.0/10. */
const isShared = (address: string): boolean => {
  const [first, second] = address.split('.').map(Number);
  return first === 100 && second! >= 64 && second! <= 127;
};

const isPrivate = (address: string): boolean =>
  /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/.test(address) || /^f[cd]/i.test(address);

function kindOf(name: string, address: string): NetworkKind {
  const found = named.find(([, pattern]) => pattern.test(name));
  if (found) return found[0];
  // VirtualBox's and Docker's own networks, whatever the interface is called.
  if (address.startsWith('192.168.56.')) return 'virtual';
  return isShared(address) ? 'vpn' : 'lan';
}

/**
 * Addresses at which other computers may reach this one, the likeliest first: private ones of real
 * networks, then public ones, then those of VPNs, virtual machines and containers; IPv4 before
 * IPv6, `preferred` before all others of its kind. Addresses that a computer gives itself without
 * a network (169.254…, fe80…) are left out.
 */
export function lanAddresses(
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces(),
  preferred: string | null = null,
): LanAddress[] {
  const found: (LanAddress & { rank: number })[] = [];
  for (const [name, infos] of Object.entries(interfaces)) {
    for (const { address, internal } of infos ?? []) {
      if (internal || /^(?:169\.254\.|fe80:)/i.test(address)) continue;
      const kind = kindOf(name, address);
      const steps = [
        { lan: 0, vpn: 1, virtual: 2, container: 3 }[kind],
        isIPv4(address) ? 0 : 1,
        address === preferred ? 0 : 1,
        isPrivate(address) ? 0 : 1,
      ];
      found.push({ address, name, kind, rank: steps.reduce((sum, step) => sum * 4 + step, 0) });
    }
  }
  return found
    .sort((a, b) => a.rank - b.rank)
    .map(({ address, name, kind }) => ({ address, name, kind }));
}

/** As the host of a URL. */
export const hostOf = (address: string): string => (isIPv4(address) ? address : `[${address}]`);
