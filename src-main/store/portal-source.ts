import type { DayNumber } from '../../src-shared/domain/day.ts';
import { shareOptions } from '../../src-shared/contract/shares.ts';
import type {
  PortalCustomer,
  PortalProject,
  PortalRecord,
  PortalShare,
  PortalSource,
  RecordScope,
  Sums,
} from '../../src-server/source.ts';
import type { ReadDb } from './db.ts';

/** Row of `shares` with its hand-picked projects as a JSON list. */
interface ShareRow {
  id: number;
  customerId: number;
  projectId: number | null;
  projectIds: string;
  options: string;
  passwordHash: string | null;
  passwordVersion: number;
  sessionVersion: number;
  paused: number;
  expiresDay: DayNumber | null;
}

type ProjectRow = Omit<PortalProject, 'visible'> & { visible: number };

const selectVersion = 'SELECT version FROM data_version';

const selectShare = `
  SELECT id, customer_id AS customerId, project_id AS projectId, options,
         password_hash AS passwordHash, password_version AS passwordVersion,
         session_version AS sessionVersion, paused, expires_day AS expiresDay,
         (SELECT json_group_array(project_id) FROM share_projects WHERE share_id = shares.id)
           AS projectIds
    FROM shares WHERE key_digest = ? AND deleted_at IS NULL`;

const selectCustomer = `
  SELECT id, name, currency, color, budget_e4 AS budgetE4, time_budget_s AS timeBudgetS,
         budget_type AS budgetType
    FROM customers WHERE id = ?`;

const selectProjects = `
  SELECT id, customer_id AS customerId, name, visible, color, sort_order AS sortOrder,
         budget_e4 AS budgetE4, time_budget_s AS timeBudgetS, budget_type AS budgetType
    FROM projects WHERE customer_id = ?`;

// CROSS JOIN keeps the order: the few ids first, each with a range scan of its days.
const selectRecords = `
  SELECT r.id, r.project_id AS projectId, r.user_id AS userId, u.identity AS userIdentity,
         u.display_name AS userName, a.name AS activity, r.day, r.begin_min AS beginMin,
         r.end_min AS endMin, r.running, r.duration_s AS durationS, r.rate_e4 AS rateE4,
         r.hourly_rate_e4 AS hourlyRateE4, r.fixed_rate_e4 AS fixedRateE4, r.billable,
         r.description, r.tags
    FROM json_each(:projectIds) AS p
    CROSS JOIN records AS r ON r.project_id = p.value AND r.day BETWEEN :firstDay AND :lastDay
    JOIN users AS u ON u.id = r.user_id
    JOIN activities AS a ON a.id = r.activity_id
   WHERE r.hidden = 0 AND r.billable >= :onlyBillable
   ORDER BY r.day, u.display_name, r.begin_min, r.id`;

const fromDays = `
    FROM json_each(:projectIds) AS p
    CROSS JOIN project_days AS d ON d.project_id = p.value AND d.day BETWEEN :firstDay AND :lastDay
   WHERE d.billable >= :onlyBillable AND d.records > 0`;

const selectDaySums = `
  SELECT d.day, SUM(d.duration_s) AS durationS, SUM(d.rate_e4) AS rateE4 ${fromDays}
   GROUP BY d.day ORDER BY d.day`;

const selectMonthSums = `
  SELECT d.day / 10000 AS year, d.day / 100 % 100 AS month,
         SUM(d.duration_s) AS durationS, SUM(d.rate_e4) AS rateE4 ${fromDays}
   GROUP BY d.day / 100 ORDER BY d.day / 100`;

const selectMonths = `SELECT DISTINCT d.day / 100 AS month ${fromDays} ORDER BY month`;

const selectSpent = `
  SELECT d.project_id AS projectId, SUM(d.duration_s) AS durationS, SUM(d.rate_e4) AS rateE4
    ${fromDays} GROUP BY d.project_id`;

/**
 * What portal pages read, on a `query_only` connection. Sums come from the day roll-up
 * `project_days`, rows from `records`; hidden records are in neither.
 */
export function createPortalSource(readStore: ReadDb): PortalSource {
  const statements = {
    version: readStore.prepare<[], number>(selectVersion).pluck(),
    share: readStore.prepare<[keyDigest: Uint8Array], ShareRow>(selectShare),
    customer: readStore.prepare<[id: number], PortalCustomer>(selectCustomer),
    projects: readStore.prepare<[customerId: number], ProjectRow>(selectProjects),
    records: readStore.prepare<[BoundScope], RecordRow>(selectRecords),
    daySums: readStore.prepare<[BoundScope], Sums & { day: DayNumber }>(selectDaySums),
    monthSums: readStore.prepare<[BoundScope], Sums & { year: number; month: number }>(
      selectMonthSums,
    ),
    months: readStore.prepare<[BoundScope], number>(selectMonths).pluck(),
    spent: readStore.prepare<[BoundScope], Sums & { projectId: number }>(selectSpent),
  };

  return {
    version: () => statements.version.get()!,
    shareByKeyDigest(digest) {
      const row = statements.share.get(digest);
      return row ? readShare(row) : null;
    },
    customer: (id) => statements.customer.get(id) ?? null,
    projects(customerId) {
      const rows = statements.projects.all(customerId);
      return rows.map((row) => ({ ...row, visible: row.visible === 1 }));
    },
    records(scope) {
      return statements.records.all(bind(scope)).map(readRecord);
    },
    daySums: (scope) => statements.daySums.all(bind(scope)),
    monthSums: (scope) => statements.monthSums.all(bind(scope)),
    months: (scope) => statements.months.all(bind(scope)),
    spent(scope) {
      const rows = statements.spent.all(bind({ ...scope, onlyBillable: true }));
      return new Map(rows.map(({ projectId, ...sums }) => [projectId, sums]));
    },
  };
}

interface BoundScope {
  /** Project ids as a JSON list. */
  projectIds: string;
  firstDay: DayNumber;
  lastDay: DayNumber;
  onlyBillable: 0 | 1;
}

/** `billable >= 1` keeps the billable ones, `>= 0` all. */
function bind(scope: RecordScope): BoundScope {
  return {
    projectIds: JSON.stringify(scope.projectIds),
    firstDay: scope.firstDay,
    lastDay: scope.lastDay,
    onlyBillable: scope.onlyBillable ? 1 : 0,
  };
}

function readShare(row: ShareRow): PortalShare {
  return {
    ...row,
    projectIds: JSON.parse(row.projectIds) as number[],
    // Parsed by the schema, so that options added later have their defaults.
    options: shareOptions.parse(JSON.parse(row.options)),
    paused: row.paused === 1,
  };
}

type RecordRow = Omit<PortalRecord, 'running' | 'billable' | 'tags' | 'beginMin'> & {
  running: number;
  billable: number;
  tags: string | null;
  /** -1: unknown. */
  beginMin: number;
};

function readRecord(row: RecordRow): PortalRecord {
  return {
    ...row,
    beginMin: row.beginMin < 0 ? null : row.beginMin,
    running: row.running === 1,
    billable: row.billable === 1,
    tags: row.tags ?? '',
  };
}
