/** Customers, projects, activities and users as a connected Kimai told them last. */
import type { ReadDb, WriteDb } from '../db.ts';
import { parseJson } from '../json-column.ts';
import type { KimaiCatalog, KimaiKind } from './kimai-rows.ts';

export interface CatalogEntry<K extends KimaiKind> {
  kimaiId: number;
  details: KimaiCatalog[K];
  /** No import took it over yet. */
  isPending: boolean;
}

interface CatalogRow {
  kimai_id: number;
  details: string;
  state: 'pending' | 'taken';
}

/** `listed`: a list of Kimai had it; `gone`: the last one has not. Others stand in records only. */
type Kept<K extends KimaiKind> = KimaiCatalog[K] & { listed?: true; gone?: true };

const selectEntries = 'SELECT kimai_id, details, state FROM kimai_catalog WHERE kind = ?';

const readKept = <K extends KimaiKind>(
  db: ReadDb,
  kind: K,
): (CatalogEntry<K> & { details: Kept<K> })[] =>
  db
    .prepare<[kind: string], CatalogRow>(`${selectEntries} ORDER BY kimai_id`)
    .all(kind)
    .map((row) => ({
      kimaiId: row.kimai_id,
      details: parseJson(row.details),
      isPending: row.state === 'pending',
    }));

export const readKimaiCatalog = <K extends KimaiKind>(db: ReadDb, kind: K): CatalogEntry<K>[] =>
  readKept(db, kind);

/**
 * Notes what Kimai says of one of them; what it does not say stays. An import is needed if that is
 * new: records of a renamed activity wait for it as well, since ours have the activity by its name.
 */
export function noteEntry<K extends KimaiKind>(
  db: WriteDb,
  kind: K,
  kimaiId: number,
  details: KimaiCatalog[K],
  from: 'list' | 'record',
): void {
  const row = db
    .prepare<[kind: string, id: number], CatalogRow>(`${selectEntries} AND kimai_id = ?`)
    .get(kind, kimaiId);
  const before = row && parseJson<Kept<K>>(row.details);
  // Its records may still be seen.
  if (before?.gone && from === 'record') return;
  const others = { ...before, ...details };
  Reflect.deleteProperty(others, 'gone');
  const after = from === 'list' ? { ...others, listed: true } : others;
  if (before !== undefined && sorted(before) === sorted(after)) return;
  writeEntry(db, kind, kimaiId, after);
  if (before === undefined) return;
  // The name of a user comes with any record; ours have an activity by its name.
  if (kind === 'activity') db.prepare(`${makePending} AND activity_id = ?`).run(kimaiId);
  if (kind === 'user') {
    db.prepare(
      `${makePending} AND kimai_id =
         (SELECT max(kimai_id) FROM kimai_records WHERE user_id = ? AND state = 'taken')`,
    ).run(kimaiId);
  }
}

const makePending = `UPDATE kimai_records SET state = 'pending' WHERE state = 'taken'`;

const writeEntry = (db: WriteDb, kind: KimaiKind, kimaiId: number, details: object): void => {
  db.prepare(
    `INSERT INTO kimai_catalog VALUES (?, ?, ?, 'pending')
     ON CONFLICT DO UPDATE SET details = excluded.details, state = 'pending'`,
  ).run(kind, kimaiId, JSON.stringify(details));
};

const sorted = (value: object): string =>
  JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));

/**
 * Those of a kind that a whole list does not have any more. Nobody works on them, so they are hidden
 * like what is archived: a share of theirs may still stand. Returns their ids, the first time.
 */
export function dropUnlistedEntries(
  db: WriteDb,
  kind: KimaiKind,
  listed: ReadonlySet<number>,
): number[] {
  const gone = readKept(db, kind).filter(
    ({ kimaiId, details }) => details.listed && !details.gone && !listed.has(kimaiId),
  );
  const hidden = kind === 'customer' || kind === 'project' ? { visible: false } : {};
  for (const { kimaiId, details } of gone) {
    writeEntry(db, kind, kimaiId, { ...details, ...hidden, gone: true });
  }
  return gone.map(({ kimaiId }) => kimaiId);
}

/**
 * Whether what waits for an import gives records another currency: that of a customer changed, or a
 * project went over to another customer. Kimai keeps the figures.
 */
export const changesCurrency = (db: ReadDb): boolean =>
  db
    .prepare(
      `SELECT 1 FROM projects AS p JOIN customers AS c ON c.id = p.customer_id
         JOIN kimai_catalog AS project ON project.kind = 'project' AND project.kimai_id = p.kimai_id
         JOIN kimai_catalog AS customer ON customer.kind = 'customer'
           AND customer.kimai_id = project.details ->> 'customer'
       WHERE (project.state = 'pending' OR customer.state = 'pending')
         AND customer.details ->> 'currency' <> c.currency
         AND EXISTS (SELECT 1 FROM records WHERE project_id = p.id) LIMIT 1`,
    )
    .get() !== undefined;
