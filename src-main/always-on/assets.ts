/** Scripts, styles and texts on the web space, which all shares have in common. */
import { inParallel } from '../async/in-parallel.ts';
import type { AppContext } from '../context.ts';
import * as rows from '../store/always-on.ts';
import type { Documents } from './documents.ts';
import type { Target } from './targets/target.ts';

/** So long assets of earlier versions of the program stay. */
const keepAssetsMs = 90 * 86_400_000;
/** They stand in the table under an id that no share has. */
const common = '';

type AssetsContext = Pick<AppContext, 'clock' | 'store' | 'readStore' | 'writes'>;

const listAssets = ({ readStore }: AssetsContext) => rows.listSealedFiles(readStore, common);

/** Puts those there that are missing; `anew`: all of them. */
export async function putAssets(
  context: AssetsContext,
  assets: Documents['assets'],
  target: Target,
  { anew, signal }: { anew: boolean; signal: AbortSignal },
): Promise<void> {
  const { clock, store, writes } = context;
  const known = new Set(listAssets(context).map(({ path }) => path));
  const missing = assets.filter(({ path }) => anew || !known.has(path));
  await inParallel(missing, target.parallel, async ({ path, bytes }) => {
    signal.throwIfAborted();
    await target.put(path, bytes);
    const version = clock.now().getTime();
    const row = { name: path, path, version, digest: '', state: '', size: bytes.length };
    await writes.run(() => rows.putSealedFiles(store, common, [row]));
  });
}

/** Browsers may keep a document that refers to them for weeks; at once if no share is always on. */
export async function dropOldAssets(
  context: AssetsContext,
  assets: Documents['assets'],
  target: Target,
): Promise<void> {
  const isNeeded = rows.listSealedPages(context.readStore).some(({ version }) => version > 0);
  const current = new Set(isNeeded ? assets.map(({ path }) => path) : []);
  const until = isNeeded ? context.clock.now().getTime() - keepAssetsMs : Infinity;
  const old = listAssets(context).filter(
    ({ path, version }) => !current.has(path) && version < until,
  );
  await removeAssets(context, target, old, !isNeeded);
}

export const removeAllAssets = (context: AssetsContext, target: Target): Promise<void> =>
  removeAssets(context, target, listAssets(context), true);

async function removeAssets(
  { store, writes }: AssetsContext,
  target: Target,
  files: readonly { name: string; path: string }[],
  withFolder: boolean,
): Promise<void> {
  if (files.length === 0) return;
  for (const { path } of files) await target.remove(path);
  if (withFolder) await target.removeFolder('assets');
  const names = files.map(({ name }) => name);
  await writes.run(() => rows.deleteSealedFiles(store, common, names));
}
