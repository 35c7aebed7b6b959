import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Files and folders below a folder that others than its owner may read, write or enter. */
export function openToOthers(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => (statSync(join(folder, name)).mode & 0o077) !== 0,
  );
}
