/** The connected Kimai, as it is stored: its token lies sealed like the other secrets. */
import { z } from 'zod';
import type { AppContext } from '../context.ts';
import { openSecret, sealedUses, sealSecret } from '../secrets/sealed-secret.ts';
import { kimaiSettings } from '../store/kimai/kimai-imports.ts';
import { readSetting, writeSetting } from '../store/settings.ts';

const schema = z.object({
  /** Of `mendAddress`. */
  address: z.string(),
  token: z.base64(),
  /** The login of the token's user. */
  user: z.string(),
});

export interface StoredConnection {
  address: string;
  user: string;
  /** Null: sealed under secrets that are not here; the owner has to enter it again. */
  token: string | null;
}

/** Null: no Kimai is connected. */
export function readConnection({
  readStore,
  secrets,
}: Pick<AppContext, 'readStore' | 'secrets'>): StoredConnection | null {
  const stored = schema.safeParse(readSetting(readStore, kimaiSettings.connection));
  if (!stored.success) return null;
  const { address, user, token } = stored.data;
  const opened = openSecret(Buffer.from(token, 'base64'), sealedUses.kimai, secrets);
  return { address, user, token: opened && opened.toString('utf8') };
}

/** Call within the write queue. */
export function writeConnection(
  { store, secrets }: Pick<AppContext, 'store' | 'secrets'>,
  connection: { address: string; user: string; token: string },
): void {
  const token = sealSecret(connection.token, sealedUses.kimai, secrets).toString('base64');
  writeSetting(store, kimaiSettings.connection, { ...connection, token });
}
