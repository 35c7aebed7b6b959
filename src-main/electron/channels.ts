/** The two messages between page and main side; the preload and `ipc.ts` share their names. */
export const channels = {
  invoke: 'customer-portal:invoke',
  changed: 'customer-portal:changed',
} as const;
