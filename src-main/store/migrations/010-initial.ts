import type { Migration } from './migration.ts';

/**
 * The first schema. Money is `…_e4` (ten-thousandths of the unit), durations are seconds, days
 * are integers `yyyymmdd`, moments are milliseconds since 1970 UTC (`…_at`).
 * What a client must never see and we do not need is not stored at all: internal rates, e-mails,
 * VAT ids, staff numbers. `customers.number` is Kimai's “Account”, the number that the owner gives
 * a customer: it tells customers of one name apart, and no page shows it.
 */
export const initial: Migration = {
  version: 10,
  name: 'initial',
  sql: `
CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row, bumped by every transaction that changes what a page could show.
CREATE TABLE data_version (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL) STRICT;
INSERT INTO data_version VALUES (1, 1);

-- edited: comma list of the columns that the owner changed by hand; an import leaves those alone.
CREATE TABLE customers (
  id INTEGER PRIMARY KEY,
  kimai_id INTEGER UNIQUE,
  name TEXT NOT NULL,
  number TEXT,
  currency TEXT,
  visible INTEGER NOT NULL DEFAULT 1 CHECK (visible IN (0, 1)),
  color TEXT,
  comment TEXT NOT NULL DEFAULT '',
  budget_e4 INTEGER NOT NULL DEFAULT 0,
  time_budget_s INTEGER NOT NULL DEFAULT 0,
  budget_type TEXT CHECK (budget_type IN ('month')),
  sort_order INTEGER NOT NULL DEFAULT 0,
  edited TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX customers_by_name ON customers (name);
CREATE INDEX customers_by_number ON customers (number) WHERE number IS NOT NULL;

CREATE TABLE projects (
  id INTEGER PRIMARY KEY,
  kimai_id INTEGER UNIQUE,
  customer_id INTEGER NOT NULL REFERENCES customers (id),
  name TEXT NOT NULL,
  number TEXT,
  order_number TEXT,
  visible INTEGER NOT NULL DEFAULT 1 CHECK (visible IN (0, 1)),
  color TEXT,
  comment TEXT NOT NULL DEFAULT '',
  budget_e4 INTEGER NOT NULL DEFAULT 0,
  time_budget_s INTEGER NOT NULL DEFAULT 0,
  budget_type TEXT CHECK (budget_type IN ('month')),
  sort_order INTEGER NOT NULL DEFAULT 0,
  edited TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX projects_by_customer ON projects (customer_id, name);

-- Names under which an export may still mention a customer or project that was merged away
-- or renamed: from (customer name or number, project name) to the row that took over.
CREATE TABLE customer_aliases (
  name TEXT NOT NULL,
  number TEXT NOT NULL DEFAULT '',
  customer_id INTEGER NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
  PRIMARY KEY (name, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE project_aliases (
  customer_id INTEGER NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  number TEXT NOT NULL DEFAULT '',
  project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  PRIMARY KEY (customer_id, name, number)
) STRICT, WITHOUT ROWID;

-- identity: the login, else the display name; never folded: "Мария" and "Иван" are two people.
CREATE TABLE users (
  id INTEGER PRIMARY KEY,
  identity TEXT NOT NULL UNIQUE,
  login TEXT,
  display_name TEXT NOT NULL
) STRICT;

CREATE TABLE activities (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

-- begin_min: minutes after midnight of day, -1 if the file had none (so that the key is unique).
-- end_min: minutes after midnight as printed; NULL unknown or running.
-- import_id: the import that wrote the row last; NULL if it was edited here since.
-- occurrence: counter among rows of one file that are equal in the natural key.
-- rate_e4 NULL: imported without rates. fixed_rate_e4 0 or NULL: none.
-- billable: what the page uses; billable_imported: what the file said; they differ if edited.
CREATE TABLE records (
  id INTEGER PRIMARY KEY,
  kimai_id INTEGER,
  user_id INTEGER NOT NULL REFERENCES users (id),
  project_id INTEGER NOT NULL REFERENCES projects (id),
  activity_id INTEGER NOT NULL REFERENCES activities (id),
  day INTEGER NOT NULL,
  begin_min INTEGER NOT NULL DEFAULT -1,
  end_min INTEGER,
  running INTEGER NOT NULL DEFAULT 0 CHECK (running IN (0, 1)),
  duration_s INTEGER NOT NULL,
  break_s INTEGER,
  resolution_s INTEGER NOT NULL DEFAULT 1,
  rate_e4 INTEGER,
  hourly_rate_e4 INTEGER,
  fixed_rate_e4 INTEGER,
  billable INTEGER NOT NULL DEFAULT 1 CHECK (billable IN (0, 1)),
  billable_imported INTEGER,
  exported INTEGER,
  hidden INTEGER NOT NULL DEFAULT 0 CHECK (hidden IN (0, 1)),
  occurrence INTEGER NOT NULL DEFAULT 0,
  import_id INTEGER,
  description TEXT NOT NULL DEFAULT '',
  tags TEXT
) STRICT;
CREATE UNIQUE INDEX records_by_kimai_id ON records (kimai_id) WHERE kimai_id IS NOT NULL;
-- One index for the few records that lists ask for by a mark: each index costs an import 5 %.
CREATE INDEX records_marked ON records (project_id, day)
  WHERE running = 1 OR hidden = 1 OR billable <> coalesce(billable_imported, 1);
CREATE INDEX records_by_project_day ON records
  (project_id, day, user_id, activity_id, begin_min, occurrence);

-- Day roll-up of what pages sum: records that are not hidden. Running ones add 0 seconds and 0
-- money but count in records, so that a month with nothing else is still a month with records.
CREATE TABLE project_days (
  project_id INTEGER NOT NULL,
  day INTEGER NOT NULL,
  billable INTEGER NOT NULL,
  duration_s INTEGER NOT NULL,
  rate_e4 INTEGER NOT NULL,
  records INTEGER NOT NULL,
  PRIMARY KEY (project_id, day, billable)
) STRICT, WITHOUT ROWID;

-- written: records that it inserted or updated; live: how many of them still have its import_id,
-- so that it can be undone only while the two are equal.
CREATE TABLE imports (
  id INTEGER PRIMARY KEY,
  file_name TEXT NOT NULL,
  file_digest BLOB NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('timesheet', 'customers', 'projects')),
  imported_at INTEGER NOT NULL,
  inserted INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  unchanged INTEGER NOT NULL,
  removed INTEGER NOT NULL,
  problems INTEGER NOT NULL,
  written INTEGER NOT NULL DEFAULT 0,
  live INTEGER NOT NULL DEFAULT 0,
  undone_at INTEGER
) STRICT;

-- What a row was before an import changed it, and after: JSON of the row. before NULL: it was
-- new (records that an import inserted are not listed: their import_id says it); after NULL: it
-- went. entity: the table's name.
CREATE TABLE import_changes (
  import_id INTEGER NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
  entity TEXT NOT NULL,
  entity_id INTEGER NOT NULL,
  before TEXT,
  after TEXT,
  PRIMARY KEY (import_id, entity, entity_id)
) STRICT, WITHOUT ROWID;

-- Edits in the app (hide a record, merge customers …), each undoable: a JSON of rows before.
CREATE TABLE undo_steps (
  id INTEGER PRIMARY KEY,
  made_at INTEGER NOT NULL,
  what TEXT NOT NULL,
  changes TEXT NOT NULL,
  undone_at INTEGER
) STRICT;

CREATE TABLE column_mappings (
  header_key TEXT PRIMARY KEY,
  mapping TEXT NOT NULL,
  saved_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE watch_files (
  digest BLOB PRIMARY KEY,
  file_name TEXT NOT NULL,
  seen_at INTEGER NOT NULL,
  outcome TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- key_digest: SHA-256 of the share key, for look-ups; key_sealed: the key encrypted with the
-- app secret, so that the owner can copy the address again. Options: JSON of ShareOptions.
CREATE TABLE shares (
  id INTEGER PRIMARY KEY,
  label TEXT NOT NULL,
  customer_id INTEGER NOT NULL REFERENCES customers (id),
  project_id INTEGER REFERENCES projects (id),
  key_digest BLOB NOT NULL UNIQUE,
  key_sealed BLOB NOT NULL,
  options TEXT NOT NULL,
  password_hash TEXT,
  password_version INTEGER NOT NULL DEFAULT 1,
  session_version INTEGER NOT NULL DEFAULT 1,
  paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),
  expires_day INTEGER,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  deleted_at INTEGER
) STRICT;
CREATE INDEX shares_by_customer ON shares (customer_id);

-- The hand-picked projects of a customer share (options.projectSelection = 'selected').
CREATE TABLE share_projects (
  share_id INTEGER NOT NULL REFERENCES shares (id) ON DELETE CASCADE,
  project_id INTEGER NOT NULL REFERENCES projects (id),
  PRIMARY KEY (share_id, project_id)
) STRICT, WITHOUT ROWID;

-- client: HMAC of the client address under a key of its own; never the address itself.
CREATE TABLE password_failures (
  share_id INTEGER NOT NULL REFERENCES shares (id) ON DELETE CASCADE,
  client TEXT NOT NULL,
  failed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX password_failures_by_share ON password_failures (share_id, client, failed_at);

-- Sessions of clients who logged out, by SHA-256 of the session's id, until their longest possible
-- cookie would be over: a copy of the cookie opens nothing, also after a restart.
CREATE TABLE ended_sessions (
  digest BLOB PRIMARY KEY,
  until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE share_views (
  share_id INTEGER NOT NULL REFERENCES shares (id) ON DELETE CASCADE,
  day INTEGER NOT NULL,
  kind TEXT NOT NULL,
  device TEXT NOT NULL,
  locale TEXT NOT NULL,
  count INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (share_id, day, kind, device, locale)
) STRICT, WITHOUT ROWID;

CREATE TABLE profiles (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL
    CHECK (role IN ('ROLE_USER', 'ROLE_TEAMLEAD', 'ROLE_ADMIN', 'ROLE_SUPER_ADMIN')),
  password_hash TEXT
) STRICT;
INSERT INTO profiles (name, role) VALUES ('', 'ROLE_SUPER_ADMIN');

CREATE TABLE role_permissions (
  role TEXT NOT NULL,
  permission TEXT NOT NULL,
  granted INTEGER NOT NULL CHECK (granted IN (0, 1)),
  PRIMARY KEY (role, permission)
) STRICT, WITHOUT ROWID;
`,
};
