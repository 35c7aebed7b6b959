import { AppError } from '../../src-shared/errors.ts';
import type { WriteDb } from './db.ts';
import type { Migration } from './migrations/migration.ts';

/**
 * Brings a database to the newest schema: each migration in one transaction with its
 * `user_version`. `backup` is called once before the first, if the database holds anything.
 * Throws `database_newer` if a later version of the program wrote it.
 */
export function migrate(
  db: WriteDb,
  migrations: readonly Migration[],
  backup: (fromVersion: number) => void,
): void {
  const current = db.prepare<[], number>('PRAGMA user_version').pluck().get()!;
  const newest = migrations.at(-1)?.version ?? 0;
  if (current > newest) throw new AppError('database_newer', { found: current, known: newest });
  const pending = migrations.filter((migration) => migration.version > current);
  if (pending.length > 0 && current > 0) backup(current);
  for (const migration of pending) {
    db.transaction(() => {
      db.exec(migration.sql);
      db.pragma(`user_version = ${migration.version}`);
    }).immediate();
  }
}
