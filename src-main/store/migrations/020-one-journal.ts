import type { Migration } from './migration.ts';

/** The columns of `records` in the order in which version 10 stored a changed record as a list. */
const listedColumns = [
  'id',
  'kimai_id',
  'user_id',
  'project_id',
  'activity_id',
  'day',
  'begin_min',
  'end_min',
  'running',
  'duration_s',
  'break_s',
  'resolution_s',
  'rate_e4',
  'hourly_rate_e4',
  'fixed_rate_e4',
  'billable',
  'billable_imported',
  'exported',
  'hidden',
  'occurrence',
  'import_id',
  'description',
  'tags',
];

/** A stored list of a record's values as an object: column name → value. */
const objectOf = (list: string): string =>
  `CASE WHEN ${list} IS NULL THEN NULL ELSE json_object(${listedColumns
    .map((column, index) => `'${column}', ${list} ->> ${index}`)
    .join(', ')}) END`;

/**
 * What imports changed and what edits changed stood in two tables of two shapes, each with an undo
 * of its own. Now both stand in `changes`, by step.
 */
export const oneJournal: Migration = {
  version: 20,
  name: 'one journal',
  sql: `
-- What can be taken back: an edit in the app, or an import (import_id). what: the method's name.
CREATE TABLE change_steps (
  id INTEGER PRIMARY KEY,
  made_at INTEGER NOT NULL,
  what TEXT NOT NULL,
  import_id INTEGER UNIQUE REFERENCES imports (id) ON DELETE CASCADE,
  undone_at INTEGER
) STRICT;

-- Rows as they were before a step and after it: JSON, column name → value, only the columns that
-- the step is about. before NULL: the row was new (records that an import inserted are not listed:
-- their import_id says it); after NULL: the row went.
-- row_key: of records the ids as ranges such as 1-500,502, else a JSON list of the primary key.
-- position: an edit is taken back in descending order.
CREATE TABLE changes (
  step_id INTEGER NOT NULL REFERENCES change_steps (id) ON DELETE CASCADE,
  table_name TEXT NOT NULL,
  row_key TEXT NOT NULL,
  position INTEGER NOT NULL,
  before TEXT,
  after TEXT,
  PRIMARY KEY (step_id, table_name, row_key, position)
) STRICT, WITHOUT ROWID;

INSERT INTO change_steps (id, made_at, what, undone_at)
  SELECT id, made_at, what, undone_at FROM undo_steps;
INSERT INTO changes
  SELECT s.id, c.value ->> 'table',
    CASE c.value ->> 'table' WHEN 'records' THEN c.value ->> '$.key[0]' ELSE c.value -> 'key' END,
    c.key, nullif(c.value -> 'before', 'null'), nullif(c.value -> 'after', 'null')
  FROM undo_steps AS s, json_each(s.changes) AS c WHERE c.value ->> 'table' IS NOT NULL;
-- Records that a merge moved to another project, by the import that wrote them.
INSERT INTO changes
  SELECT s.id, 'records', m.value ->> 'ids', c.key,
    json_object('project_id', c.value ->> 'from', 'import_id', m.value ->> 'importId'),
    json_object('project_id', c.value ->> 'to', 'import_id', NULL)
  FROM undo_steps AS s, json_each(s.changes) AS c, json_each(c.value -> 'records') AS m
  WHERE c.value ->> 'table' IS NULL;

INSERT INTO change_steps (made_at, what, import_id, undone_at)
  SELECT imported_at, 'imports.commit', id, undone_at FROM imports;
INSERT INTO changes
  SELECT s.id, c.entity,
    CASE c.entity
      WHEN 'records' THEN c.entity_id
      WHEN 'customer_aliases' THEN json_array(c.after ->> 'name', c.after ->> 'number')
      WHEN 'project_aliases' THEN
        json_array(c.after ->> 'customer_id', c.after ->> 'name', c.after ->> 'number')
      ELSE json_array(c.entity_id)
    END,
    0,
    CASE c.entity WHEN 'records' THEN ${objectOf('c.before')} ELSE c.before END,
    CASE c.entity WHEN 'records' THEN ${objectOf('c.after')} ELSE c.after END
  FROM import_changes AS c JOIN change_steps AS s ON s.import_id = c.import_id;

DROP TABLE import_changes;
DROP TABLE undo_steps;
`,
};
