import type { Migration } from './migration.ts';

/**
 * What a connected Kimai answered last. Its API says neither when a record changed nor which ones
 * are gone (docs/kimai-sync.md), so all that it told is kept here, and compared.
 */
export const kimai: Migration = {
  version: 70,
  name: 'a connected Kimai',
  sql: `
-- A record as Kimai has it. begin_at: seconds since 1970 UTC; *_id: Kimai's ids; details: JSON of
-- what an import needs besides. state: 'pending': an import has to take it over; 'taken': it did;
-- 'gone': Kimai has it no more, and an import has to take it away; 'kept': the same, but the owner
-- wants to keep it.
CREATE TABLE kimai_records (
  kimai_id INTEGER PRIMARY KEY,
  begin_at INTEGER NOT NULL,
  project_id INTEGER NOT NULL,
  activity_id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  exported INTEGER NOT NULL CHECK (exported IN (0, 1)),
  running INTEGER NOT NULL CHECK (running IN (0, 1)),
  details TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'taken', 'gone', 'kept'))
) STRICT;
CREATE INDEX kimai_records_by_begin ON kimai_records (begin_at);
CREATE INDEX kimai_records_open ON kimai_records (kimai_id) WHERE state <> 'taken';

-- Customers, projects, activities and users as Kimai lists them.
CREATE TABLE kimai_catalog (
  kind TEXT NOT NULL CHECK (kind IN ('customer', 'project', 'activity', 'user')),
  kimai_id INTEGER NOT NULL,
  details TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'taken')),
  PRIMARY KEY (kind, kimai_id)
) STRICT, WITHOUT ROWID;

-- Imports whose rows came from the API.
CREATE TABLE kimai_imports (
  import_id INTEGER PRIMARY KEY REFERENCES imports (id) ON DELETE CASCADE
) STRICT;
`,
};
