/**
 * Puts one share's files on the web space: new data files, then the manifest, then what is old
 * goes. Whoever reads meanwhile sees the old page or the new one; an upload that breaks at any
 * request leaves the old page, and the next one goes on where it was.
 */
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { dayText } from '../../src-shared/domain/day.ts';
import { pageKeyOf } from '../../src-shared/sealed-page/keys.ts';
import { sealManifest, sealPart, type FileEntry } from '../../src-shared/sealed-page/manifest.ts';
import { fileNameLength, fileNameOf } from '../../src-shared/sealed-page/seal.ts';
import { buildHead, buildPart, type PartSource } from '../../src-server/view-model/build-parts.ts';
import { listParts, partName, partNames } from '../../src-server/view-model/parts.ts';
import { inParallel } from '../async/in-parallel.ts';
import type { SealedFileRow } from '../store/always-on.ts';
import type { PlainFile } from './documents.ts';
import type { Target } from './targets/target.ts';
import type { PageKeys } from './page-keys.ts';
import { digestOf, type PageState } from './page-state.ts';

export interface PageUpload extends PartSource {
  keys: PageKeys;
  target: Target;
  indexes: readonly PlainFile[];
  state: PageState;
  /** What was put there, by what it is. */
  known: ReadonlyMap<string, SealedFileRow>;
  /** Of the last manifest; 0: there is none. */
  lastVersion: number;
  /** Something else may lie there: a broken upload, or somebody else's hand. */
  lookAround: boolean;
  /** Documents are put there again, whatever is known of them. */
  anew: boolean;
  signal: AbortSignal;
  /** Whether the share, its data and its keys are still those that the upload began with. */
  isCurrent(): boolean;
  /** Keeps what was put there, so that a broken upload does not begin anew. */
  keep(files: SealedFileRow[]): Promise<void>;
  forget(names: string[]): Promise<void>;
  onProgress(done: number, total: number): void;
}

const manifestRow = 'manifest';

/**
 * Resolves with the manifest's version; null: something changed meanwhile, so that the files would
 * be half of the old page and half of the new one. Then readers still have the old page. Throws
 * what targets throw, and the reason of the signal.
 */
export async function uploadPage(upload: PageUpload): Promise<number | null> {
  try {
    return await putPage(upload);
  } catch (error) {
    if (error instanceof ChangedMeanwhile) return null;
    throw error;
  }
}

class ChangedMeanwhile extends Error {}

/** A page that changed while it was read cannot be built: the month or the project is gone. */
function built<T>(upload: PageUpload, build: () => T): T {
  try {
    return build();
  } catch (error) {
    throw upload.isCurrent() ? error : new ChangedMeanwhile();
  }
}

async function putPage(upload: PageUpload): Promise<number> {
  const { keys, target, known, signal, state } = upload;
  const folder = `data/${keys.publicId}`;
  // Time rather than a counter: after a restored backup it still is the newest.
  const version = Math.max(upload.lastVersion + 1, upload.now.getTime());
  const key = pageKeyOf(keys.secret, keys.salt, keys.password?.key ?? null);
  // Files are kept as long as the key is the same that they were sealed with.
  const saltText = [keys.salt, keys.password?.salt ?? []]
    .map((salt) => Buffer.from(salt).toString('hex'))
    .join('-');
  const head = buildHead(upload);
  // It was active when the upload began.
  if (head === null) throw new ChangedMeanwhile();

  // What a first visit shows stands in the manifest itself.
  const { newest } = head.pages[0]!;
  const insideName = partName(null, newest);
  const parts = listParts(head).filter(({ name }) => name !== insideName);
  const total = upload.indexes.length + parts.length + 1;
  let done = 0;
  const oldPaths: string[] = [];
  const present = upload.lookAround ? new Set(await target.list(folder)) : null;
  const step = (): void => {
    signal.throwIfAborted();
    upload.onProgress(++done, total);
  };

  await inParallel(upload.indexes, target.parallel, async ({ path, bytes }) => {
    const digest = createHash('sha256').update(bytes).digest('base64url');
    if (known.get(path)?.digest !== digest || upload.anew) {
      await target.put(path, bytes);
      await upload.keep([{ name: path, path, version, digest, state: '', size: bytes.length }]);
    }
    step();
  });

  const files: Record<string, FileEntry> = {};
  const use = (row: Pick<SealedFileRow, 'name' | 'path' | 'version'>): void => {
    files[row.name] = { file: row.path.slice(folder.length + 1), version: row.version };
  };
  /** An earlier version of the program gave longer names: those files are put there anew. */
  const isThere = ({ path }: SealedFileRow): boolean => {
    const file = path.slice(folder.length + 1);
    return file.length === fileNameLength && (present === null || present.has(file));
  };
  await inParallel(parts, target.parallel, async ({ projectId, month, name }) => {
    const row = known.get(name);
    const partState = digestOf(saltText, state.part(projectId, month));
    if (row?.state === partState && isThere(row)) {
      use(row);
      step();
      return;
    }
    await nextTurn();
    const part = built(upload, () => buildPart(upload, projectId, month));
    const digest = digestOf(saltText, part);
    if (row?.digest === digest && isThere(row)) {
      use(row);
      await upload.keep([{ ...row, state: partState }]);
    } else {
      const bytes = await sealPart(key, name, version, part);
      const path = `${folder}/${fileNameOf(bytes)}`;
      await target.put(path, bytes);
      if (row) oldPaths.push(row.path);
      const fresh = { name, path, version, digest, state: partState, size: bytes.length };
      use(fresh);
      await upload.keep([fresh]);
    }
    step();
  });

  signal.throwIfAborted();
  const inside = { [insideName]: built(upload, () => buildPart(upload, null, newest)) };
  const { expiresDay } = upload.share;
  const manifest = await sealManifest(
    { ...keys, version, expiresDay: expiresDay === null ? null : dayText(expiresDay) },
    { head, files, inside },
    partNames,
  );
  const path = `${folder}/manifest`;
  if (!upload.isCurrent()) throw new ChangedMeanwhile();
  await target.put(path, manifest);
  await upload.keep([
    { name: manifestRow, path, version, digest: '', state: '', size: manifest.length },
  ]);
  step();

  const wanted = new Set([path, ...Object.values(files).map(({ file }) => `${folder}/${file}`)]);
  const gone = [...known.values()].filter(
    (row) => row.path.startsWith(`${folder}/`) && row.name !== manifestRow && !(row.name in files),
  );
  const found =
    present === null ? [] : (await target.list(folder)).map((name) => `${folder}/${name}`);
  const old = new Set([...oldPaths, ...gone.map((row) => row.path), ...found]);
  for (const path of old) if (!wanted.has(path)) await target.remove(path);
  await upload.forget(gone.map((row) => row.name));
  return version;
}

/** Deletes everything of a page, the manifest first: from then on the page is gone for readers. */
export async function removePage(
  target: Target,
  publicId: string,
  indexPaths: readonly string[],
): Promise<void> {
  const folder = `data/${publicId}`;
  await target.remove(`${folder}/manifest`);
  await inParallel(indexPaths, target.parallel, async (path) => {
    await target.remove(path);
    await target.removeFolder(path.slice(0, path.lastIndexOf('/')));
  });
  await inParallel(await target.list(folder), target.parallel, (name) =>
    target.remove(`${folder}/${name}`),
  );
  await target.removeFolder(folder);
}
