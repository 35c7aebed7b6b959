import type { DayNumber } from '../../src-shared/domain/day.ts';
import { shareOptions } from '../../src-shared/contract/shares.ts';
import { daysOfMonth, monthOfDay, type DayRange } from '../../src-shared/domain/period.ts';
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
import { parseJson } from './json-column.ts';
import { KeptOfVersion } from './kept-of-version.ts';

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

// CROSS JOIN keeps the order: the few ids first, each with a range scan of its days. Names are
// looked up afterwards, since each is on many records.
const selectRecords = `
  SELECT r.id, r.project_id, r.user_id, r.activity_id, r.day, r.begin_min, r.end_min, r.running,
         r.duration_s, r.rate_e4, r.hourly_rate_e4, r.fixed_rate_e4, r.billable, r.description,
         r.tags
    FROM json_each(:projectIds) AS p
    CROSS JOIN records AS r ON r.project_id = p.value AND r.day BETWEEN :firstDay AND :lastDay
   WHERE r.hidden = 0 AND r.billable >= :onlyBillable`;

const selectUser = 'SELECT identity, display_name AS name FROM users WHERE id = ?';
const selectActivity = 'SELECT name FROM activities WHERE id = ?';

const fromDays = `
    FROM json_each(:projectIds) AS p
    CROSS JOIN project_days AS d ON d.project_id = p.value AND d.day BETWEEN :firstDay AND :lastDay
   WHERE d.billable >= :onlyBillable AND d.records > 0`;

const selectDaySums = `
  SELECT d.day, SUM(d.duration_s) AS durationS, SUM(d.rate_e4) AS rateE4 ${fromDays}
   GROUP BY d.day ORDER BY d.day`;

/**
 * The same for days that are whole months, which have a roll-up of their own. Numbers are bound as
 * floating point, so a quotient has to be cut.
 */
const fromMonths = `
    FROM json_each(:projectIds) AS p
    CROSS JOIN project_months AS d
      ON d.project_id = p.value
     AND d.month BETWEEN CAST(:firstDay / 100 AS INTEGER) AND CAST(:lastDay / 100 AS INTEGER)
   WHERE d.billable >= :onlyBillable AND d.records > 0`;

/** Queries by month, from either roll-up. */
const monthQueries = (from: string, month: string) => ({
  monthSums: `
    SELECT ${month} / 100 AS year, ${month} % 100 AS month,
           SUM(d.duration_s) AS durationS, SUM(d.rate_e4) AS rateE4 ${from}
     GROUP BY ${month} ORDER BY ${month}`,
  months: `SELECT DISTINCT ${month} AS month ${from} ORDER BY month`,
  spent: `
    SELECT d.project_id AS projectId, SUM(d.duration_s) AS durationS, SUM(d.rate_e4) AS rateE4
      ${from} GROUP BY d.project_id`,
});

/**
 * What portal pages read, on a `query_only` connection. Sums come from the roll-ups
 * `project_days` and `project_months`, rows from `records`; hidden records are in none of them.
 * What many pages share is read once for each version of the data.
 */
export function createPortalSource(readStore: ReadDb): PortalSource {
  const prepareMonths = (queries: ReturnType<typeof monthQueries>) => ({
    monthSums: readStore.prepare<[BoundScope], Sums & { year: number; month: number }>(
      queries.monthSums,
    ),
    months: readStore.prepare<[BoundScope], number>(queries.months).pluck(),
    spent: readStore.prepare<[BoundScope], Sums & { projectId: number }>(queries.spent),
  });
  const statements = {
    version: readStore.prepare<[], number>(selectVersion).pluck(),
    share: readStore.prepare<[keyDigest: Uint8Array], ShareRow>(selectShare),
    customer: readStore.prepare<[id: number], PortalCustomer>(selectCustomer),
    projects: readStore.prepare<[customerId: number], ProjectRow>(selectProjects),
    records: readStore.prepare<[BoundScope], RecordRow>(selectRecords).raw(),
    user: readStore.prepare<[id: number], { identity: string; name: string }>(selectUser),
    activity: readStore.prepare<[id: number], string>(selectActivity).pluck(),
    daySums: readStore.prepare<[BoundScope], Sums & { day: DayNumber }>(selectDaySums),
  };
  const byDays = prepareMonths(monthQueries(fromDays, '(d.day / 100)'));
  const byMonths = prepareMonths(monthQueries(fromMonths, 'd.month'));
  const monthly = (scope: DayRange) => (isWholeMonths(scope) ? byMonths : byDays);
  /** Within a snapshot the version is one, and asked for many times. */
  let ofSnapshot: number | null = null;
  const version = (): number => ofSnapshot ?? statements.version.get()!;
  const runInSnapshot = readStore.transaction((read: () => void) => {
    const before = ofSnapshot;
    ofSnapshot = version();
    try {
      read();
    } finally {
      ofSnapshot = before;
    }
  });
  const kept = {
    shares: new KeptOfVersion<PortalShare | null>(version, 1000),
    customers: new KeptOfVersion<PortalCustomer | null>(version, 1000),
    projects: new KeptOfVersion<PortalProject[]>(version, 1000),
    months: new KeptOfVersion<number[]>(version, 1000),
    monthSums: new KeptOfVersion<(Sums & { year: number; month: number })[]>(version, 1000),
    spent: new KeptOfVersion<Map<number, Sums>>(version, 1000),
    users: new KeptOfVersion<{ identity: string; name: string }>(version, 10_000),
    activities: new KeptOfVersion<string>(version, 10_000),
  };

  return {
    version,
    inSnapshot<T>(read: () => T): T {
      const results: T[] = [];
      runInSnapshot(() => results.push(read()));
      return results[0]!;
    },
    shareByKeyDigest(digest) {
      const read = () => {
        const row = statements.share.get(digest);
        return row ? readShare(row) : null;
      };
      return kept.shares.current().get(digest.toString('base64'), read);
    },
    customer: (id) => kept.customers.current().get(id, () => statements.customer.get(id) ?? null),
    projects: (customerId) =>
      kept.projects.current().get(customerId, () => {
        const rows = statements.projects.all(customerId);
        return rows.map((row) => ({ ...row, visible: row.visible === 1 }));
      }),
    records(scope) {
      const users = kept.users.current();
      const activities = kept.activities.current();
      return statements.records.all(bind(scope)).map((row) => {
        const user = users.get(row[2], () => statements.user.get(row[2])!);
        const activity = activities.get(row[3], () => statements.activity.get(row[3])!);
        return readRecord(row, user, activity);
      });
    },
    daySums: (scope) => statements.daySums.all(bind(scope)),
    monthSums: (scope) =>
      kept.monthSums
        .current()
        .get(JSON.stringify(scope), () => monthly(scope).monthSums.all(bind(scope))),
    months: (scope) =>
      kept.months
        .current()
        .get(JSON.stringify(scope), () => monthly(scope).months.all(bind(scope))),
    spent(scope) {
      return kept.spent.current().get(JSON.stringify(scope), () => {
        const rows = monthly(scope).spent.all(bind({ ...scope, onlyBillable: true }));
        return new Map(rows.map(({ projectId, ...sums }) => [projectId, sums]));
      });
    },
  };
}

/** Whether the days are all of the months that they are in. */
const isWholeMonths = ({ firstDay, lastDay }: DayRange): boolean =>
  firstDay % 100 === 1 && lastDay === daysOfMonth(monthOfDay(lastDay)).lastDay;

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
    projectIds: parseJson(row.projectIds),
    // Parsed by the schema, so that options added later have their defaults.
    options: shareOptions.parse(JSON.parse(row.options)),
    paused: row.paused === 1,
  };
}

/** In the order of the query, without a name for each column: a row is read in half the time. */
type RecordRow = [
  id: number,
  projectId: number,
  userId: number,
  activityId: number,
  day: DayNumber,
  /** -1: unknown. */
  beginMin: number,
  endMin: number | null,
  running: number,
  durationS: number,
  rateE4: number | null,
  hourlyRateE4: number | null,
  fixedRateE4: number | null,
  billable: number,
  description: string,
  tags: string | null,
];

const readRecord = (
  row: RecordRow,
  user: { identity: string; name: string },
  activity: string,
): PortalRecord => ({
  id: row[0],
  projectId: row[1],
  userId: row[2],
  userIdentity: user.identity,
  userName: user.name,
  activity,
  day: row[4],
  beginMin: row[5] < 0 ? null : row[5],
  endMin: row[6],
  running: row[7] === 1,
  durationS: row[8],
  rateE4: row[9],
  hourlyRateE4: row[10],
  fixedRateE4: row[11],
  billable: row[12] === 1,
  description: row[13],
  tags: row[14] ?? '',
});
