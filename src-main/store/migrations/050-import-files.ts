import type { Migration } from './migration.ts';

/** Files that are dropped together are one import: one preview, one commit, one undo. */
export const importFiles: Migration = {
  version: 50,
  name: 'files of an import',
  sql: `
-- Further files of an import, in the order in which they were applied; the first one is in imports.
CREATE TABLE import_files (
  import_id INTEGER NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  file_name TEXT NOT NULL,
  file_digest BLOB NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('timesheet', 'customers', 'projects')),
  PRIMARY KEY (import_id, position)
) STRICT, WITHOUT ROWID;
`,
};
