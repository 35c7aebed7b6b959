import { describe, expect, it } from 'vitest';
import {
  isLastOwner,
  openProfiles,
  permissionRows,
} from '../../../../../src-renderer/pages/profiles/permission-table.ts';

describe('permission table', () => {
  it('has every role and permission, fixed and off where nothing is said', () => {
    const rows = permissionRows([
      { role: 'ROLE_ADMIN', permission: 'customer_portal', granted: true, changeable: true },
    ]);
    expect(rows).toHaveLength(6);
    const row = rows.find((r) => r.permission === 'customer_portal')!;
    expect(row.cells.map((c) => c.granted)).toEqual([false, false, true, false]);
    expect(row.cells.map((c) => c.changeable)).toEqual([false, false, true, false]);
  });

  it('knows the last owner', () => {
    const one = { id: 1, role: 'ROLE_SUPER_ADMIN' as const };
    const two = { id: 2, role: 'ROLE_SUPER_ADMIN' as const };
    const user = { id: 3, role: 'ROLE_USER' as const };
    expect(isLastOwner([one, user], one)).toBe(true);
    expect(isLastOwner([one, user], user)).toBe(false);
    expect(isLastOwner([one, two], one)).toBe(false);
  });

  it('warns of profiles without a password once there are several', () => {
    const open = { hasPassword: false, role: 'ROLE_SUPER_ADMIN' as const };
    const closed = { hasPassword: true, role: 'ROLE_USER' as const };
    expect(openProfiles([open])).toEqual([]);
    expect(openProfiles([open, closed])).toEqual([open]);
  });
});
