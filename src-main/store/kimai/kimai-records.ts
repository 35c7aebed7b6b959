/** Time records as a connected Kimai told them last, and which of them an import still needs. */
import type { ReadDb, WriteDb } from '../db.ts';
import { parseJson } from '../json-column.ts';
import type { KimaiDetails, KimaiRecord } from './kimai-rows.ts';

interface RecordRow {
  kimai_id: number;
  begin_at: number;
  project_id: number;
  activity_id: number;
  user_id: number;
  exported: number;
  running: number;
  details: string;
}

const select = `SELECT kimai_id, begin_at, project_id, activity_id, user_id, exported, running,
  details FROM kimai_records`;

const recordOf = (row: RecordRow): KimaiRecord => ({
  kimaiId: row.kimai_id,
  beginAt: row.begin_at,
  project: row.project_id,
  activity: row.activity_id,
  user: row.user_id,
  exported: row.exported === 1,
  running: row.running === 1,
  details: parseJson(row.details),
});

/** Few are not taken over: the index of these serves only a query that says so in these words. */
export const isOpen = "state <> 'taken'";

/** Records of which an import needs rows, by id. */
export function* pendingRecords(db: ReadDb): Generator<KimaiRecord> {
  const rows = db
    .prepare<[], RecordRow>(`${select} WHERE ${isOpen} AND state = 'pending' ORDER BY kimai_id`)
    .iterate();
  for (const row of rows) yield recordOf(row);
}

export function findKimaiRecord(db: ReadDb, kimaiId: number): KimaiRecord | null {
  const row = db.prepare<[id: number], RecordRow>(`${select} WHERE kimai_id = ?`).get(kimaiId);
  return row ? recordOf(row) : null;
}

/**
 * Notes what Kimai says of records. Those wait for an import of which that is new. What Kimai says of
 * the rates by the hour only on demand stays, unless the record changed.
 */
export function noteRecords(db: WriteDb, records: readonly KimaiRecord[]): void {
  // A first reading has all records of a Kimai: compiling costs more than running.
  const find = db.prepare<[id: number], RecordRow & { state: string }>(
    `${select.replace(' FROM', ', state FROM')} WHERE kimai_id = ?`,
  );
  const write = db.prepare(
    `INSERT INTO kimai_records VALUES
       (:kimaiId, :beginAt, :project, :activity, :user, :exported, :running, :details, 'pending')
     ON CONFLICT DO UPDATE SET begin_at = excluded.begin_at, project_id = excluded.project_id,
       activity_id = excluded.activity_id, user_id = excluded.user_id,
       exported = excluded.exported, running = excluded.running, details = excluded.details,
       state = 'pending'`,
  );
  for (const record of records) {
    const known = find.get(record.kimaiId);
    if (known && isSame(known, record)) continue;
    write.run({
      ...record,
      exported: Number(record.exported),
      running: Number(record.running),
      details: JSON.stringify(record.details),
    });
  }
}

function isSame(known: RecordRow & { state: string }, record: KimaiRecord): boolean {
  if (known.state !== 'pending' && known.state !== 'taken') return false;
  const before = recordOf(known);
  const details = withoutAskedRates(before.details);
  return JSON.stringify({ ...before, details }) === JSON.stringify(record);
}

function withoutAskedRates(details: KimaiDetails): KimaiDetails {
  const { hourlyRateE4: _hourly, fixedRateE4: _fixed, ...others } = details;
  return others;
}

/** What only the record's own address says. The record waits for an import again. */
export function noteRates(
  db: WriteDb,
  kimaiId: number,
  rates: Pick<KimaiDetails, 'hourlyRateE4' | 'fixedRateE4'>,
): void {
  const known = findKimaiRecord(db, kimaiId);
  if (!known || Object.keys(rates).length === 0) return;
  db.prepare(
    `UPDATE kimai_records SET details = ?,
       state = CASE state WHEN 'taken' THEN 'pending' ELSE state END WHERE kimai_id = ?`,
  ).run(JSON.stringify({ ...known.details, ...rates }), kimaiId);
}

/** Ids of stopped records that wait for an import and whose rates nobody asked for: at most `max`. */
export const withoutRates = (db: ReadDb, max: number): number[] =>
  db
    .prepare<[max: number], number>(
      `SELECT kimai_id FROM kimai_records WHERE ${isOpen} AND state = 'pending' AND running = 0
         AND details ->> 'rateE4' IS NOT NULL AND details ->> 'hourlyRateE4' IS NULL
         AND details ->> 'fixedRateE4' IS NULL
       ORDER BY kimai_id LIMIT ?`,
    )
    .pluck()
    .all(max);

/** From `first` to before `end`, seconds since 1970 UTC. */
export interface Window {
  first: number;
  end: number;
}

export const everything: Window = { first: -8.64e12, end: 8.64e12 };

export type Mark = 'all' | 'exported' | 'active';
const markSql: Record<Mark, string> = {
  all: '',
  exported: 'AND exported = 1',
  active: 'AND running = 1',
};

/** Records that Kimai still has, as far as it told. */
const present = `state IN ('pending', 'taken')`;

export const countRecords = (db: ReadDb, mark: Mark, { first, end }: Window): number =>
  db
    .prepare<[first: number, end: number], number>(
      `SELECT count(*) FROM kimai_records
       WHERE begin_at >= ? AND begin_at < ? AND ${present} ${markSql[mark]}`,
    )
    .pluck()
    .get(first, end) ?? 0;

/** The same of all at once. */
export const countAll = (db: ReadDb): Record<Mark, number> =>
  db
    .prepare<[], Record<Mark, number>>(
      `SELECT count(*) AS "all", coalesce(sum(exported), 0) AS exported,
         coalesce(sum(running), 0) AS active FROM kimai_records WHERE ${present}`,
    )
    .get()!;

/** When the first and the last record begin; null: there are none. */
export function recordSpan(db: ReadDb): { first: number; last: number } | null {
  const span = db
    .prepare<[], { first: number | null; last: number | null }>(
      `SELECT min(begin_at) AS first, max(begin_at) AS last FROM kimai_records WHERE ${present}`,
    )
    .get();
  return span && span.first !== null && span.last !== null
    ? { first: span.first, last: span.last }
    : null;
}

/** When the records of something begin. */
export const beginsOf = (
  db: ReadDb,
  kind: 'project' | 'activity' | 'user',
  kimaiId: number,
): number[] =>
  db
    .prepare<[id: number], number>(
      `SELECT begin_at FROM kimai_records WHERE ${kind}_id = ? AND ${present} ORDER BY begin_at`,
    )
    .pluck()
    .all(kimaiId);

/** Of all records in a window that Kimai still had; the others, whose ids are not in `listed`, go. */
export function dropUnlisted(
  db: WriteDb,
  { first, end }: Window,
  listed: ReadonlySet<number>,
): number {
  const ids = db
    .prepare<[first: number, end: number], number>(
      `SELECT kimai_id FROM kimai_records WHERE begin_at >= ? AND begin_at < ? AND ${present}`,
    )
    .pluck()
    .all(first, end);
  const drop = db.prepare("UPDATE kimai_records SET state = 'gone' WHERE kimai_id = ?");
  const dropped = ids.filter((id) => !listed.has(id));
  for (const id of dropped) drop.run(id);
  return dropped.length;
}

export const countGone = (db: ReadDb): number =>
  db
    .prepare<[], number>(`SELECT count(*) FROM kimai_records WHERE ${isOpen} AND state = 'gone'`)
    .pluck()
    .get() ?? 0;

/** Whether a record that waits for an import comes without a rate, though ours has one. */
export const losesRates = (db: ReadDb): boolean =>
  db
    .prepare(
      `SELECT 1 FROM kimai_records AS told JOIN records USING (kimai_id)
       WHERE ${isOpen} AND state = 'pending' AND told.running = 0 AND rate_e4 IS NOT NULL
         AND told.details ->> 'rateE4' IS NULL LIMIT 1`,
    )
    .get() !== undefined;

/** Stored records that Kimai has no more. */
export const goneRecordIds = (db: ReadDb): number[] =>
  db
    .prepare<[], number>(
      `SELECT id FROM records WHERE kimai_id IN
         (SELECT kimai_id FROM kimai_records WHERE ${isOpen} AND state = 'gone') ORDER BY id`,
    )
    .pluck()
    .all();

/** The owner wants to keep what Kimai has no more. */
export function keepGone(db: WriteDb): void {
  db.exec(`UPDATE kimai_records SET state = 'kept' WHERE ${isOpen} AND state = 'gone'`);
}

/** Ids that something of the catalog needs and no list had: the first record of each. */
export const unnamedRecords = (db: ReadDb, max: number): KimaiRecord[] =>
  db
    .prepare<[max: number], RecordRow>(
      `${select} AS r WHERE ${isOpen} AND state = 'pending' AND (
         NOT EXISTS (SELECT 1 FROM kimai_catalog WHERE kind = 'project' AND kimai_id = r.project_id)
         OR NOT EXISTS
           (SELECT 1 FROM kimai_catalog WHERE kind = 'activity' AND kimai_id = r.activity_id)
         OR NOT EXISTS (SELECT 1 FROM kimai_catalog WHERE kind = 'user' AND kimai_id = r.user_id))
       GROUP BY project_id, activity_id, user_id LIMIT ?`,
    )
    .all(max)
    .map(recordOf);
