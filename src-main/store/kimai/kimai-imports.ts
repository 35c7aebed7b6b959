/** What of a connected Kimai's answers an import has to take over, and what it took. */
import { createHash } from 'node:crypto';
import type { ReadDb, WriteDb } from '../db.ts';
import { isOpen } from './kimai-records.ts';
import { sealedSettings } from '../sealed-settings.ts';
import { writeSetting } from '../settings.ts';

/** Whether an import would have something to do. */
export function hasPending(db: ReadDb): boolean {
  const open = `SELECT 1 FROM kimai_records WHERE ${isOpen} AND state IN ('pending', 'gone')
    UNION ALL SELECT 1 FROM kimai_catalog WHERE state = 'pending' AND kind <> 'user'
      AND kind <> 'activity'
    LIMIT 1`;
  return db.prepare(open).get() !== undefined;
}

/** SHA-256 of all that waits for an import. */
export function pendingDigest(db: ReadDb): string {
  const hash = createHash('sha256');
  const rows = db
    .prepare<[], string>(
      `SELECT json_array(kimai_id, project_id, activity_id, user_id, exported, state, details)
         FROM kimai_records WHERE ${isOpen} AND state IN ('pending', 'gone')
       UNION ALL SELECT json_array(kind, kimai_id, details) FROM kimai_catalog
         WHERE state = 'pending'`,
    )
    .pluck()
    .iterate();
  for (const row of rows) hash.update(row);
  return hash.digest('hex');
}

/** An import took over all that waited, within its transaction. */
export function notePendingTaken(db: WriteDb, importId: number): void {
  db.prepare('INSERT INTO kimai_imports VALUES (?)').run(importId);
  db.exec(`
    UPDATE kimai_records SET state = 'taken' WHERE state = 'pending';
    DELETE FROM kimai_records WHERE state = 'gone';
    UPDATE kimai_catalog SET state = 'taken' WHERE state = 'pending';
  `);
  writeSetting(db, kimaiSettings.asks, false);
}

/** Whether the rows of an import came from the API. */
const isKimaiImport = (db: ReadDb, importId: number): boolean =>
  db.prepare('SELECT 1 FROM kimai_imports WHERE import_id = ?').get(importId) !== undefined;

/** Whether an import of this connection stands: the next one then needs no question. */
export const hasStandingImport = (db: ReadDb): boolean =>
  db
    .prepare(
      `SELECT 1 FROM kimai_imports JOIN imports ON id = import_id WHERE undone_at IS NULL LIMIT 1`,
    )
    .get() !== undefined;

/**
 * An import was taken back. If its rows came from the API, all that Kimai told waits once more, and
 * nothing is read or imported until the owner says so: else it would come back at once.
 */
export function noteUndone(db: WriteDb, importId: number): void {
  if (!isKimaiImport(db, importId)) return;
  db.exec(`
    UPDATE kimai_records SET state = 'pending' WHERE state = 'taken';
    UPDATE kimai_catalog SET state = 'pending' WHERE state = 'taken';
  `);
  writeSetting(db, kimaiSettings.paused, true);
  writeSetting(db, kimaiSettings.asks, true);
}

/** Settings of the connection. `asks`: the next import is shown before it is committed. */
export const kimaiSettings = {
  connection: sealedSettings.kimai,
  progress: 'kimaiProgress',
  journal: 'kimaiJournal',
  everyMin: 'kimaiEveryMin',
  paused: 'kimaiPaused',
  asks: 'kimaiAsks',
} as const;

/** Forgets the connection and all that a Kimai told. What was imported stays. */
export function forgetKimai(db: WriteDb): void {
  const forget = db.prepare('DELETE FROM settings WHERE key = ?');
  for (const key of Object.values(kimaiSettings)) forget.run(key);
  db.exec(`
    DELETE FROM kimai_records;
    DELETE FROM kimai_catalog;
    DELETE FROM kimai_imports;
  `);
}
