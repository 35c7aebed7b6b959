import type { z } from 'zod';

/** Kimai's names for what a profile may do; `none`: before anybody signed in; `any`: signed in. */
export const permissions = [
  'view_customer',
  'edit_customer',
  'importer',
  'customer_portal',
  'system_configuration',
  'role_permissions',
] as const;
export type Permission = (typeof permissions)[number];

export const roles = ['ROLE_USER', 'ROLE_TEAMLEAD', 'ROLE_ADMIN', 'ROLE_SUPER_ADMIN'] as const;
export type Role = (typeof roles)[number];

export interface Method<
  Input extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType,
  Kind extends 'query' | 'mutation' | 'command' = 'query' | 'mutation' | 'command',
> {
  kind: Kind;
  permission: Permission | 'any' | 'none';
  input: Input;
  output: Output;
}

/**
 * A method that only reads. Its handler gets a connection to the store that cannot write: one that
 * tries does not compile, and SQLite has the file open for reading only.
 */
export function query<I extends z.ZodType, O extends z.ZodType>(
  permission: Method['permission'],
  input: I,
  output: O,
): Method<I, O, 'query'> {
  return { kind: 'query', permission, input, output };
}

/** A method that changes something: mutations run one at a time. */
export function mutation<I extends z.ZodType, O extends z.ZodType>(
  permission: Method['permission'],
  input: I,
  output: O,
): Method<I, O, 'mutation'> {
  return { kind: 'mutation', permission, input, output };
}

/**
 * A method that changes the program's own state rather than the store (sign in, cancel), or that
 * takes the write queue itself for as long as it needs it (commit of an import): it starts at
 * once, so that cancelling never waits behind what it cancels.
 */
export function command<I extends z.ZodType, O extends z.ZodType>(
  permission: Method['permission'],
  input: I,
  output: O,
): Method<I, O, 'command'> {
  return { kind: 'command', permission, input, output };
}
