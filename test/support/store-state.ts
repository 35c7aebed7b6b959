import Database from 'better-sqlite3';

/** Every row of every table of a store, as text: equal texts are equal stores. */
export function dumpStore(database: string): string {
  const db = new Database(database, { readonly: true });
  try {
    const tables = db
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
      .pluck()
      .all() as string[];
    const rowsOf = (table: string): string[] =>
      (db.prepare(`SELECT * FROM "${table}"`).raw().all() as unknown[][])
        .map((row) => JSON.stringify(row))
        .sort();
    return tables.map((table) => [table, ...rowsOf(table)].join('\n')).join('\n\n');
  } finally {
    db.close();
  }
}

/** Holds the write lock, so that a worker that wants to write waits. Returns what gives it up. */
export function lockStore(database: string): () => void {
  const db = new Database(database);
  db.exec('BEGIN IMMEDIATE');
  return () => {
    db.exec('ROLLBACK');
    db.close();
  };
}
