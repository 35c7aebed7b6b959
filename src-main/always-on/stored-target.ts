import { z } from 'zod';
import {
  targetConfig,
  targetCredentials,
  type TargetConfig,
  type TargetCredentials,
} from '../../src-shared/contract/always-on.ts';
import type { AppContext } from '../context.ts';
import { openSecret, sealedUses, sealSecret } from '../secrets/sealed-secret.ts';
import { sealedSettings } from '../store/sealed-settings.ts';
import { readSetting, writeSetting } from '../store/settings.ts';

const settingName = sealedSettings.target;
const use = sealedUses.credentials;
const schema = z.object({ config: targetConfig, credentials: z.base64() });

export interface StoredTarget {
  config: TargetConfig;
  /** Null: sealed under secrets that are not here; the owner has to enter them again. */
  credentials: TargetCredentials | null;
}

/** The web space that the owner chose; null: none yet. */
export function readTarget({
  readStore,
  secrets,
}: Pick<AppContext, 'readStore' | 'secrets'>): StoredTarget | null {
  const stored = schema.safeParse(readSetting(readStore, settingName));
  if (!stored.success) return null;
  const { config, credentials } = stored.data;
  const opened = openSecret(Buffer.from(credentials, 'base64'), use, secrets);
  return {
    config,
    credentials: opened && targetCredentials.parse(JSON.parse(opened.toString('utf8'))),
  };
}

/** Its credentials lie sealed under the secret that seals share keys. */
export async function writeTarget(
  { store, writes, secrets }: Pick<AppContext, 'store' | 'writes' | 'secrets'>,
  config: TargetConfig,
  credentials: TargetCredentials,
): Promise<void> {
  const sealed = sealSecret(JSON.stringify(credentials), use, secrets).toString('base64');
  await writes.run(() => writeSetting(store, settingName, { config, credentials: sealed }));
}

/** What makes it the same web space, whatever else is corrected. */
export function placeOf(config: TargetConfig): string {
  const { publicUrl: _public, ...place } = config;
  return JSON.stringify({ ...place, hostKey: '', user: '', accessKeyId: '' });
}
