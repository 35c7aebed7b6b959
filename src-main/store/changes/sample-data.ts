/** Which data is the sample's, and what has to go before its import is taken back. */
import { z } from 'zod';
import type { ReadDb, WriteDb } from '../db.ts';
import { bumpDataVersion } from '../data-version.ts';
import { readSetting, writeSetting } from '../settings.ts';
import { readRow, updateRow } from '../catalog/entity-rows.ts';
import { entityChanges, stepOfImport } from './journal.ts';
import { isUndone, takeOver } from './imports.ts';

const settingKey = 'sample';

/** The import that brought the sample; null if there is none, or if it was taken back. */
export function sampleImportOf(db: ReadDb): number | null {
  const importId = z.int().nullable().catch(null).parse(readSetting(db, settingKey));
  return importId === null || isUndone(db, importId) ? null : importId;
}

export function noteSample(db: WriteDb, importId: number): void {
  writeSetting(db, settingKey, importId);
}

/**
 * Makes the sample as its import left it, so that nothing keeps it from being taken back: what was
 * edited is the import's again, and shares of customers that only the sample knows go. `logins`: the
 * sample's people. Call it in a transaction.
 */
export function releaseSample(db: WriteDb, importId: number, logins: readonly string[]): void {
  const people = JSON.stringify(logins);
  const edited = db
    .prepare(
      `UPDATE records SET import_id = ? WHERE import_id IS NULL
         AND user_id IN (SELECT id FROM users WHERE login IN (SELECT value FROM json_each(?)))
         AND project_id IN (SELECT project_id FROM records WHERE import_id = ?)`,
    )
    .run(importId, people, importId).changes;
  takeOver(db, new Map([[importId, -edited]]));
  for (const table of ['customers', 'projects'] as const) {
    for (const { id, after } of entityChanges(db, stepOfImport(db, importId), table)) {
      if (after !== null && readRow(db, table, id)) updateRow(db, table, id, after);
    }
  }
  const customers = `SELECT customer_id FROM projects WHERE id IN
    (SELECT project_id FROM records WHERE import_id = ${importId})`;
  // A customer with other records as well stays, and so do its shares.
  db.prepare(
    `DELETE FROM shares WHERE customer_id IN (${customers}) AND customer_id NOT IN (
       SELECT p.customer_id FROM records AS r JOIN projects AS p ON p.id = r.project_id
        WHERE r.import_id IS NOT ?)`,
  ).run(importId);
  bumpDataVersion(db);
}
