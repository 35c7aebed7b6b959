import type { Migration } from './migration.ts';

/** Sums by month, and a data version that no change of a share can forget to raise. */
export const monthSums: Migration = {
  version: 40,
  name: 'month sums',
  sql: `
-- Month roll-up of the day roll-up: month is yyyymm, the rest as in project_days.
CREATE TABLE project_months (
  project_id INTEGER NOT NULL,
  month INTEGER NOT NULL,
  billable INTEGER NOT NULL,
  duration_s INTEGER NOT NULL,
  rate_e4 INTEGER NOT NULL,
  records INTEGER NOT NULL,
  PRIMARY KEY (project_id, month, billable)
) STRICT, WITHOUT ROWID;
INSERT INTO project_months
  SELECT project_id, day / 100, billable, sum(duration_s), sum(rate_e4), sum(records)
  FROM project_days GROUP BY 1, 2, 3;

-- The portal keeps shares in memory until the version changes.
CREATE TRIGGER share_inserted AFTER INSERT ON shares
  BEGIN UPDATE data_version SET version = version + 1; END;
CREATE TRIGGER share_updated AFTER UPDATE ON shares
  BEGIN UPDATE data_version SET version = version + 1; END;
CREATE TRIGGER share_deleted AFTER DELETE ON shares
  BEGIN UPDATE data_version SET version = version + 1; END;
CREATE TRIGGER share_project_inserted AFTER INSERT ON share_projects
  BEGIN UPDATE data_version SET version = version + 1; END;
CREATE TRIGGER share_project_updated AFTER UPDATE ON share_projects
  BEGIN UPDATE data_version SET version = version + 1; END;
CREATE TRIGGER share_project_deleted AFTER DELETE ON share_projects
  BEGIN UPDATE data_version SET version = version + 1; END;
`,
};
