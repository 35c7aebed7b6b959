import type { Output } from '../../../src-shared/contract.ts';
import {
  permissions,
  roles,
  type Permission,
  type Role,
} from '../../../src-shared/contract/method.ts';

export type Grant = Output<'permissions.get'>[number];

export interface PermissionRow {
  permission: Permission;
  /** In the order of `roles`. */
  cells: Grant[];
}

/** The table permission × role. A pair that the main side does not name is off and fixed. */
export function permissionRows(grants: readonly Grant[]): PermissionRow[] {
  const byPair = new Map(grants.map((grant) => [`${grant.permission} ${grant.role}`, grant]));
  return permissions.map((permission) => ({
    permission,
    cells: roles.map(
      (role) =>
        byPair.get(`${permission} ${role}`) ?? {
          role,
          permission,
          granted: false,
          changeable: false,
        },
    ),
  }));
}

/** Profiles without a password, if there is more than one: they can be taken by anybody. */
export function openProfiles<P extends { hasPassword: boolean; role: Role }>(
  profiles: readonly P[],
): P[] {
  return profiles.length > 1 ? profiles.filter((profile) => !profile.hasPassword) : [];
}

/** Whether this profile is the only one that may manage profiles: it can't be demoted or deleted. */
export function isLastOwner(
  profiles: readonly { id: number; role: Role }[],
  profile: { id: number; role: Role },
): boolean {
  const owners = profiles.filter(({ role }) => role === 'ROLE_SUPER_ADMIN');
  return profile.role === 'ROLE_SUPER_ADMIN' && owners.every(({ id }) => id === profile.id);
}
