/** History of imports, what they changed, remembered column mappings, files of the watch folder. */
import type { ImportCounts, ImportEntry } from '../../../src-shared/contract/imports.ts';
import { entityChanges, insertStep, stepOfImport } from './journal.ts';
import { isSame } from '../compare.ts';
import { readRow, type EntityTable } from '../catalog/entity-rows.ts';
import type { ReadDb, WriteDb } from '../db.ts';

export type ImportKind = ImportEntry['kind'];

/** A file of an import. */
export interface ImportedFile {
  fileName: string;
  /** SHA-256. */
  fileDigest: Uint8Array;
  kind: ImportKind;
}

/** An import of a file, or of several: `others` are those after the first one. */
export interface NewImport extends ImportedFile {
  others?: readonly ImportedFile[];
  /** Milliseconds since 1970 UTC. */
  importedAt: number;
}

/** An import that is in the history. */
export interface CommittedImport {
  importId: number;
  counts: ImportCounts;
}

export interface ImportRow {
  id: number;
  file_name: string;
  kind: ImportKind;
  imported_at: number;
  inserted: number;
  updated: number;
  unchanged: number;
  removed: number;
  problems: number;
  written: number;
  live: number;
  undone_at: number | null;
}

const selectImports = `SELECT id, file_name, kind, imported_at, inserted, updated, unchanged, removed,
  problems, written, live, undone_at FROM imports`;

/** Begins an import's entry in the history; `finishImport` fills in the counts. */
export function insertImport(db: WriteDb, entry: NewImport): number {
  const result = db
    .prepare(
      `INSERT INTO imports (file_name, file_digest, kind, imported_at,
        inserted, updated, unchanged, removed, problems) VALUES (?, ?, ?, ?, 0, 0, 0, 0, 0)`,
    )
    .run(entry.fileName, entry.fileDigest, entry.kind, entry.importedAt);
  const importId = Number(result.lastInsertRowid);
  const other = db.prepare('INSERT INTO import_files VALUES (?, ?, ?, ?, ?)');
  for (const [index, file] of (entry.others ?? []).entries()) {
    other.run(importId, index + 1, file.fileName, file.fileDigest, file.kind);
  }
  insertStep(db, { what: 'imports.commit', madeAt: entry.importedAt, importId });
  return importId;
}

/** `written`: records that now carry this import's id. */
export function finishImport(db: WriteDb, id: number, counts: ImportCounts, written: number): void {
  db.prepare(
    `UPDATE imports SET inserted = ?, updated = ?, unchanged = ?, removed = ?, problems = ?,
      written = ?, live = ? WHERE id = ?`,
  ).run(
    counts.inserted,
    counts.updated,
    counts.unchanged,
    counts.removed,
    counts.problems,
    written,
    written,
    id,
  );
}

/** Records that a later import or an edit wrote: import id → how many it lost. */
export function takeOver(db: WriteDb, lost: ReadonlyMap<number, number>): void {
  const statement = db.prepare('UPDATE imports SET live = live - ? WHERE id = ?');
  for (const [id, count] of lost) statement.run(count, id);
}

export const readImport = (db: ReadDb, id: number): ImportRow | null =>
  db.prepare<[id: number], ImportRow>(`${selectImports} WHERE id = ?`).get(id) ?? null;

/** Of the newest import in the history; 0 if there is none. */
export const latestImportId = (db: ReadDb): number =>
  db.prepare<[], number>('SELECT coalesce(max(id), 0) FROM imports').pluck().get() ?? 0;

/** The first import that came into the history after this one; null if none did. */
export function readCommittedAfter(db: ReadDb, importId: number): CommittedImport | null {
  const entry = db
    .prepare<[importId: number], ImportRow>(`${selectImports} WHERE id > ? ORDER BY id`)
    .get(importId);
  return entry ? { importId: entry.id, counts: countsOf(entry) } : null;
}

export const isUndone = (db: ReadDb, importId: number): boolean =>
  (readImport(db, importId)?.undone_at ?? null) !== null;

const countsOf = (row: ImportRow): ImportCounts => ({
  inserted: row.inserted,
  updated: row.updated,
  unchanged: row.unchanged,
  removed: row.removed,
  problems: row.problems,
});

/** Whether nothing later touched the rows of an import: only then it can be taken back. */
export function isUndoable(db: ReadDb, entry: ImportRow): boolean {
  if (entry.undone_at !== null || entry.live !== entry.written) return false;
  if (entry.kind === 'timesheet') return true;
  const tables: EntityTable[] = ['customers', 'projects'];
  return tables.every((table) =>
    entityChanges(db, stepOfImport(db, entry.id), table).every(({ id, after }) =>
      isSame(readRow(db, table, id), after),
    ),
  );
}

/** Newest first. */
export function listImports(db: ReadDb): ImportEntry[] {
  const rows = db.prepare<[], ImportRow>(`${selectImports} ORDER BY id DESC`).all();
  const syncs = new Set(db.prepare('SELECT import_id FROM kimai_imports').pluck().all());
  const otherFiles = db
    .prepare<[importId: number], string>(
      'SELECT file_name FROM import_files WHERE import_id = ? ORDER BY position',
    )
    .pluck();
  return rows.map((row) => ({
    id: row.id,
    fileName: row.file_name,
    otherFiles: otherFiles.all(row.id),
    kind: row.kind,
    isSync: syncs.has(row.id),
    importedAt: row.imported_at,
    counts: countsOf(row),
    undone: row.undone_at !== null,
    undoable: isUndoable(db, row),
  }));
}

/** What the owner once chose for files, by the digest of their header: as many as were saved. */
export function readMappings(db: ReadDb): ReadonlyMap<string, unknown> {
  const rows = db.prepare<[], [headerKey: string, mapping: string]>(
    'SELECT header_key, mapping FROM column_mappings',
  );
  return new Map(
    rows
      .raw()
      .all()
      .map(([headerKey, mapping]) => [headerKey, JSON.parse(mapping)]),
  );
}

export function saveMapping(db: WriteDb, headerKey: string, mapping: unknown, now: number): void {
  db.prepare(
    `INSERT INTO column_mappings VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET mapping = excluded.mapping, saved_at = excluded.saved_at`,
  ).run(headerKey, JSON.stringify(mapping), now);
}

export interface WatchedFile {
  fileName: string;
  seenAt: number;
  outcome: 'imported' | 'waiting' | 'failed';
}

/**
 * A file that was imported or failed. One that waits is kept in memory only, and read again after a
 * start.
 */
export const isFileSeen = (db: ReadDb, digest: Uint8Array): boolean =>
  db.prepare("SELECT 1 FROM watch_files WHERE digest = ? AND outcome <> 'waiting'").get(digest) !==
  undefined;

export function saveWatchedFile(db: WriteDb, digest: Uint8Array, file: WatchedFile): void {
  db.prepare(
    `INSERT INTO watch_files VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET outcome = excluded.outcome`,
  ).run(digest, file.fileName, file.seenAt, file.outcome);
}

/** The latest 100, newest first. */
export const listWatchedFiles = (db: ReadDb): WatchedFile[] =>
  db
    .prepare<[], WatchedFile>(
      `SELECT file_name AS fileName, seen_at AS seenAt, outcome FROM watch_files
       ORDER BY seen_at DESC, file_name LIMIT 100`,
    )
    .all();
