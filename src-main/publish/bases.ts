import type { NetworkInterfaceInfo } from 'node:os';
import type { Output } from '../../src-shared/contract.ts';
import { hostOf, lanAddresses } from './addresses.ts';
import type { Stored } from './settings.ts';

type Address = Output<'publish.status'>['addresses'][number];

interface Surroundings {
  port: number;
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>;
  /** The address of the default route; null: unknown. */
  route: string | null;
  /** The portal's name in this network; null: it has none. */
  name: string | null;
  /** The address of the tunnel; null: it is not up. */
  tunnel: string | null;
}

/** Where links can begin, the best one first; `localhost` keeps the owner's cookies apart. */
export function addressesOf(
  { reach, publicUrl, proxyOn }: Stored,
  { port, interfaces, route, name, tunnel }: Surroundings,
): Address[] {
  const at = (host: string): string => `http://${host}${port === 80 ? '' : `:${port}`}`;
  const found: Address[] = [];
  if (reach === 'tunnel' && tunnel !== null) found.push({ url: tunnel, kind: 'tunnel', name: '' });
  if (reach === 'own' && publicUrl !== '') found.push({ url: publicUrl, kind: 'public', name: '' });
  if (reach === 'lan' || (reach === 'own' && proxyOn === 'lan')) {
    const lan = lanAddresses(interfaces, route).map((one): Address => ({
      url: at(hostOf(one.address)),
      kind: one.kind,
      name: one.name,
    }));
    // The name goes after the addresses that are really in this network: not all devices know it.
    const others = lan.findIndex(({ kind }) => kind !== 'lan');
    const own: Address[] = name === null ? [] : [{ url: at(name), kind: 'name', name: '' }];
    lan.splice(others === -1 ? lan.length : others, 0, ...own);
    found.push(...lan);
  }
  found.push({ url: at('localhost'), kind: 'loopback', name: '' });
  return found;
}

/** What links to clients begin with; null if only this computer could open them. */
export const baseForClients = ([first]: readonly Address[]): string | null =>
  first === undefined || first.kind === 'loopback' ? null : first.url;
