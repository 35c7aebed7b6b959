import type { Migration } from './migration.ts';

function countChange(what: string): string {
  const row = what === 'DELETE' ? 'OLD' : 'NEW';
  return `
CREATE TRIGGER project_days_${what.toLowerCase()} AFTER ${what} ON project_days BEGIN
  INSERT INTO changed_months VALUES (${row}.project_id, ${row}.day / 100, 1)
    ON CONFLICT DO UPDATE SET version = version + 1;
END;
`;
}

/** Shares that are published as encrypted files, and which months of projects have changed. */
export const alwaysOn: Migration = {
  version: 30,
  name: 'always on',
  sql: `
-- Grows with every change of a project's records in a month: triggers on the day roll-up keep it,
-- through which every change of a record goes. A row is never removed.
CREATE TABLE changed_months (
  project_id INTEGER NOT NULL,
  month INTEGER NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (project_id, month)
) STRICT, WITHOUT ROWID;
INSERT INTO changed_months SELECT project_id, day / 100, 1 FROM project_days GROUP BY 1, 2;
${['INSERT', 'UPDATE', 'DELETE'].map(countChange).join('')}
-- These names stand in the rows of any month.
CREATE TRIGGER users_renamed AFTER UPDATE OF display_name ON users
  WHEN OLD.display_name <> NEW.display_name BEGIN
  UPDATE changed_months SET version = version + 1;
END;
CREATE TRIGGER activities_renamed AFTER UPDATE OF name ON activities WHEN OLD.name <> NEW.name BEGIN
  UPDATE changed_months SET version = version + 1;
END;

-- Folders on the web space, by public id. secret, password_key: sealed. key_digest: the share's
-- key when the secret was made: with another key the folder has to go. retired: it has to go for
-- good. version 0: nothing is there. state_digest: what the last complete upload was made of.
-- No reference to shares: the files of a share that was purged still have to be deleted.
CREATE TABLE always_on_pages (
  public_id TEXT PRIMARY KEY,
  share_id INTEGER NOT NULL,
  secret BLOB NOT NULL,
  key_digest BLOB NOT NULL,
  salt BLOB NOT NULL,
  password_version INTEGER NOT NULL,
  password_key BLOB,
  password_salt BLOB,
  scope_digest TEXT NOT NULL DEFAULT '',
  state_digest TEXT NOT NULL DEFAULT '',
  retired INTEGER NOT NULL DEFAULT 0 CHECK (retired IN (0, 1)),
  version INTEGER NOT NULL DEFAULT 0,
  uploaded_at INTEGER,
  unfinished INTEGER NOT NULL DEFAULT 0 CHECK (unfinished IN (0, 1)),
  failure TEXT
) STRICT;
CREATE INDEX always_on_pages_by_share ON always_on_pages (share_id);

-- What was put on the web space. name: what the file is of its page; path: where it lies; digest:
-- of its content, keyed by the page's salt; state: of what it was built, to know whether to look
-- at the content at all.
CREATE TABLE always_on_files (
  public_id TEXT NOT NULL,
  name TEXT NOT NULL,
  path TEXT NOT NULL,
  version INTEGER NOT NULL,
  digest TEXT NOT NULL,
  state TEXT NOT NULL,
  size INTEGER NOT NULL,
  PRIMARY KEY (public_id, name)
) STRICT, WITHOUT ROWID;
`,
};
