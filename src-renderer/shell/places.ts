import type { Permission } from '../../src-shared/contract/method.ts';

export type PlaceId =
  'overview' | 'customers' | 'records' | 'imports' | 'shares' | 'publish' | 'profiles' | 'settings';

export interface Place {
  /** First part of the address, and key under `app.place`. */
  id: PlaceId;
  group: 'main' | 'administration';
  permission: Permission | 'any';
  /** Pressed after `g`. */
  key: string;
}

/** The places of the app in the order of the sidebar. */
export const places: readonly Place[] = [
  { id: 'overview', group: 'main', permission: 'view_customer', key: 'h' },
  { id: 'customers', group: 'main', permission: 'view_customer', key: 'c' },
  { id: 'records', group: 'main', permission: 'view_customer', key: 't' },
  { id: 'imports', group: 'main', permission: 'importer', key: 'i' },
  { id: 'shares', group: 'administration', permission: 'customer_portal', key: 'p' },
  { id: 'publish', group: 'administration', permission: 'any', key: 'o' },
  { id: 'profiles', group: 'administration', permission: 'role_permissions', key: 'u' },
  { id: 'settings', group: 'administration', permission: 'any', key: 's' },
];

/** The place of an address; an empty address is the overview. Undefined: no such place. */
export function findPlace(segment: string | undefined): Place | undefined {
  return places.find((place) => place.id === (segment ?? 'overview'));
}
