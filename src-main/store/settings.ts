import type { Store } from './open.ts';

/** A JSON value of the `settings` table; undefined if it was never set. */
export function readSetting(db: Pick<Store, 'prepare'>, key: string): unknown {
  const value = db.prepare('SELECT value FROM settings WHERE key = ?').pluck().get(key);
  return value === undefined ? undefined : JSON.parse(value as string);
}

export function writeSetting(db: Store, key: string, value: unknown): void {
  db.prepare(
    'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  ).run(key, JSON.stringify(value));
}
