import type { Profile } from '../../src-shared/contract/app.ts';
import {
  permissions,
  roles,
  type Permission,
  type Role,
} from '../../src-shared/contract/method.ts';
import type { ReadDb, WriteDb } from './db.ts';

/** What a role may do unless the permission table says otherwise; a super admin may do all. */
const defaultGrants: Record<Role, readonly Permission[]> = {
  ROLE_USER: [],
  ROLE_TEAMLEAD: ['view_customer'],
  ROLE_ADMIN: ['view_customer', 'edit_customer', 'importer'],
  ROLE_SUPER_ADMIN: permissions,
};

interface ProfileRow {
  id: number;
  name: string;
  role: Role;
  hasPassword: number;
}

const selectProfiles =
  'SELECT id, name, role, password_hash IS NOT NULL AS hasPassword FROM profiles';

const readProfile = (row: ProfileRow): Profile => ({ ...row, hasPassword: row.hasPassword === 1 });

export function listProfiles(db: ReadDb): Profile[] {
  return db.prepare<[], ProfileRow>(`${selectProfiles} ORDER BY id`).all().map(readProfile);
}

export function findProfile(db: ReadDb, id: number): Profile | null {
  const row = db.prepare<[id: number], ProfileRow>(`${selectProfiles} WHERE id = ?`).get(id);
  return row ? readProfile(row) : null;
}

/** The encoded hash; null if the profile has no password. */
export function readProfileHash(db: ReadDb, id: number): string | null {
  const hash = db
    .prepare<[id: number], string | null>('SELECT password_hash FROM profiles WHERE id = ?')
    .pluck()
    .get(id);
  return hash ?? null;
}

export function insertProfile(
  db: WriteDb,
  { name, role, passwordHash }: { name: string; role: Role; passwordHash: string | null },
): number {
  const result = db
    .prepare('INSERT INTO profiles (name, role, password_hash) VALUES (?, ?, ?)')
    .run(name, role, passwordHash);
  return Number(result.lastInsertRowid);
}

/** `passwordHash`: null removes the password, undefined leaves it. */
export function updateProfile(
  db: WriteDb,
  id: number,
  { name, role }: { name: string; role: Role },
  passwordHash: string | null | undefined,
): void {
  db.prepare('UPDATE profiles SET name = ?, role = ? WHERE id = ?').run(name, role, id);
  if (passwordHash !== undefined) {
    db.prepare('UPDATE profiles SET password_hash = ? WHERE id = ?').run(passwordHash, id);
  }
}

/** Stores the hash of a password that was right but hashed with old parameters. */
export function replaceProfileHash(
  db: WriteDb,
  id: number,
  oldHash: string,
  newHash: string,
): void {
  db.prepare('UPDATE profiles SET password_hash = ? WHERE id = ? AND password_hash = ?').run(
    newHash,
    id,
    oldHash,
  );
}

export function deleteProfile(db: WriteDb, id: number): void {
  db.prepare('DELETE FROM profiles WHERE id = ?').run(id);
}

export interface Grant {
  role: Role;
  permission: Permission;
  granted: boolean;
  /** False for the super admin's own rights. */
  changeable: boolean;
}

/** The whole permission table: every role × every permission. */
export function listGrants(db: ReadDb): Grant[] {
  const stored = db
    .prepare<[], { role: string; permission: string; granted: number }>(
      'SELECT role, permission, granted FROM role_permissions',
    )
    .all();
  return roles.flatMap((role) =>
    permissions.map((permission) => {
      const changeable = role !== 'ROLE_SUPER_ADMIN';
      const row = stored.find((entry) => entry.role === role && entry.permission === permission);
      const byDefault = defaultGrants[role].includes(permission);
      const granted = changeable && row !== undefined ? row.granted === 1 : byDefault;
      return { role, permission, granted, changeable };
    }),
  );
}

/** What a role may do. */
export const permissionsOf = (db: ReadDb, role: Role): Permission[] =>
  listGrants(db)
    .filter((grant) => grant.role === role && grant.granted)
    .map(({ permission }) => permission);

export function storeGrant(
  db: WriteDb,
  role: Role,
  permission: Permission,
  granted: boolean,
): void {
  db.prepare(
    `INSERT INTO role_permissions (role, permission, granted) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET granted = excluded.granted`,
  ).run(role, permission, granted ? 1 : 0);
}
