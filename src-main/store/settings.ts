import type { ReadDb, WriteDb } from './db.ts';

/** A JSON value of the `settings` table; undefined if it was never set. */
export function readSetting(db: ReadDb, key: string): unknown {
  const value = db
    .prepare<[key: string], string>('SELECT value FROM settings WHERE key = ?')
    .pluck()
    .get(key);
  return value === undefined ? undefined : JSON.parse(value);
}

/** Writes nothing to the disk if the value is the known one. */
export function writeSetting(db: WriteDb, key: string, value: unknown): void {
  db.prepare(
    `INSERT INTO settings (key, value) VALUES (?, ?)
     ON CONFLICT DO UPDATE SET value = excluded.value WHERE value <> excluded.value`,
  ).run(key, JSON.stringify(value));
}
