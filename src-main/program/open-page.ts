import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Arguments of a program can be read by every user of the computer, so a browser is given a page
 * in the data folder, which only its owner can read, and which leads to the one-time address.
 * Returns its path. Whoever writes it removes it when the address is used or over.
 */
export function writeOpenPage(dataDir: string, url: string): string {
  const file = join(dataDir, 'open.html');
  // Removed first: the mode counts only for a file that is made new.
  rmSync(file, { force: true });
  writeFileSync(file, redirectPage(url), { mode: 0o600, flag: 'wx' });
  return file;
}

const redirectPage = (url: string): string =>
  `<!doctype html><html><head><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0;url=${url}"><title>Customer Portal</title></head><body><a href="${url}">Customer Portal</a></body></html>\n`;
