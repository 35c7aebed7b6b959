import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';

/** Interfaces of virtual machines and containers: reachable, but hardly by a client. */
const virtual = /^(docker|br-|veth|virbr|vmnet|vboxnet|vEthernet|utun|tun|tap|zt)/i;

/**
 * IPv4 addresses at which other computers may reach this one, the likeliest first. Addresses
 * that a computer gives itself without a network (169.254…) are left out.
 */
export function lanAddresses(
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces(),
): string[] {
  const found: { address: string; rank: number }[] = [];
  for (const [name, infos] of Object.entries(interfaces)) {
    for (const { address, family, internal } of infos ?? []) {
      if (family !== 'IPv4' || internal || address.startsWith('169.254.')) continue;
      found.push({ address, rank: virtual.test(name) ? 1 : 0 });
    }
  }
  return found.sort((a, b) => a.rank - b.rank).map(({ address }) => address);
}
