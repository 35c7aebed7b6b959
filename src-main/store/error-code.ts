/** The code of an error of SQLite (`SQLITE_FULL`) or of Node (`EPERM`); undefined if it has none. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
