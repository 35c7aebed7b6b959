/** Files on a web space, read by the code that the viewer reads them with. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { partNames, type MonthPart, type PagesHead } from '../../src-server/view-model/parts.ts';
import { publicIdOf, readSecret } from '../../src-shared/sealed-page/keys.ts';
import { openContents, openManifest, openPart } from '../../src-shared/sealed-page/manifest.ts';

/** Paths of all files below a folder, with `/`. */
export const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .map((path) => path.replaceAll('\\', '/'))
    .toSorted();

export interface ReadShare {
  head: PagesHead;
  parts: Record<string, MonthPart>;
}

/** A share as a reader gets it who has the link and sees these files; all of its parts. */
export async function readShare(
  url: string,
  read: (path: string) => Uint8Array = () => {
    throw new Error('no files');
  },
  passwordKey: Uint8Array | null = null,
): Promise<ReadShare> {
  const secret = readSecret(new URL(url).hash.slice(1));
  const folder = `data/${publicIdOf(secret)}`;
  const manifest = await openManifest(secret, read(`${folder}/manifest`));
  const page = await openContents<PagesHead>(secret, manifest, passwordKey, partNames);
  const parts = { ...(page.inside as Record<string, MonthPart>) };
  for (const [name, { file }] of Object.entries(page.files)) {
    parts[name] = await openPart<MonthPart>(page, name, read(`${folder}/${file}`));
  }
  return { head: page.head, parts };
}

export const fromFolder =
  (folder: string) =>
  (path: string): Uint8Array =>
    readFileSync(join(folder, path));
