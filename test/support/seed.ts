import { createHash, randomBytes } from 'node:crypto';
import { shareOptions, type ShareOptions } from '../../src-shared/contract/shares.ts';
import { parseDay, type DayNumber } from '../../src-shared/domain/day.ts';
import type { Store } from '../../src-main/store/open.ts';
import { bumpDataVersion } from '../../src-main/store/data-version.ts';
import type { z } from 'zod';

/** Rows put straight into a migrated store, without an import. Amounts E4, durations seconds. */
export interface SeedBudget {
  budgetE4?: number;
  timeBudgetS?: number;
  budgetType?: 'month' | null;
}

export interface SeedCustomer extends SeedBudget {
  name: string;
  currency?: string | null;
  color?: string | null;
}

export interface SeedProject extends SeedBudget {
  customerId: number;
  name: string;
  visible?: boolean;
  color?: string | null;
  sortOrder?: number;
}

export interface SeedRecord {
  projectId: number;
  /** `YYYY-MM-DD`. */
  day: string;
  durationS: number;
  /** Login; also the display name unless `userName` says otherwise. */
  user?: string;
  userName?: string;
  activity?: string;
  beginMin?: number | null;
  endMin?: number | null;
  running?: boolean;
  rateE4?: number | null;
  hourlyRateE4?: number | null;
  fixedRateE4?: number | null;
  billable?: boolean;
  hidden?: boolean;
  description?: string;
  tags?: string;
}

export interface SeedShare {
  customerId: number;
  projectId?: number | null;
  projectIds?: number[];
  options?: z.input<typeof shareOptions>;
  key?: string;
  passwordHash?: string | null;
  paused?: boolean;
  expiresDay?: DayNumber | null;
}

export function seedCustomer(db: Store, customer: SeedCustomer): number {
  const result = db
    .prepare(
      `INSERT INTO customers (name, currency, color, budget_e4, time_budget_s, budget_type)
       VALUES (?, ?, ?, ?, ?, ?)`,
    )
    .run(
      customer.name,
      customer.currency === undefined ? 'EUR' : customer.currency,
      customer.color ?? null,
      customer.budgetE4 ?? 0,
      customer.timeBudgetS ?? 0,
      customer.budgetType ?? null,
    );
  return Number(result.lastInsertRowid);
}

export function seedProject(db: Store, project: SeedProject): number {
  const result = db
    .prepare(
      `INSERT INTO projects
         (customer_id, name, visible, color, sort_order, budget_e4, time_budget_s, budget_type)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      project.customerId,
      project.name,
      (project.visible ?? true) ? 1 : 0,
      project.color ?? null,
      project.sortOrder ?? 0,
      project.budgetE4 ?? 0,
      project.timeBudgetS ?? 0,
      project.budgetType ?? null,
    );
  return Number(result.lastInsertRowid);
}

/** Inserts records, rebuilds the day roll-up and bumps the data version, in one transaction. */
export function seedRecords(db: Store, records: readonly SeedRecord[]): number[] {
  return db
    .transaction(() => {
      const ids = records.map((record, index) => insertRecord(db, record, index));
      rebuildProjectDays(db);
      bumpDataVersion(db);
      return ids;
    })
    .immediate();
}

/** Recomputes both roll-ups from the records, by the slow and obvious way. */
export function rebuildProjectDays(db: Store): void {
  db.exec(`
    DELETE FROM project_days;
    INSERT INTO project_days (project_id, day, billable, duration_s, rate_e4, records)
    SELECT project_id, day, billable,
           SUM(CASE WHEN running = 1 THEN 0 ELSE duration_s END),
           SUM(CASE WHEN running = 1 THEN 0 ELSE COALESCE(rate_e4, 0) END),
           COUNT(*)
      FROM records WHERE hidden = 0 GROUP BY project_id, day, billable;
    DELETE FROM project_months;
    INSERT INTO project_months (project_id, month, billable, duration_s, rate_e4, records)
    SELECT project_id, day / 100, billable,
           SUM(CASE WHEN running = 1 THEN 0 ELSE duration_s END),
           SUM(CASE WHEN running = 1 THEN 0 ELSE COALESCE(rate_e4, 0) END),
           COUNT(*)
      FROM records WHERE hidden = 0 GROUP BY project_id, day / 100, billable`);
}

/** A share with a known key; the sealed key is random bytes, since no test opens it. */
export function seedShare(db: Store, share: SeedShare): { id: number; key: string } {
  const key = share.key ?? randomBytes(24).toString('base64url');
  const options: ShareOptions = shareOptions.parse(share.options ?? {});
  const result = db
    .prepare(
      `INSERT INTO shares (label, customer_id, project_id, key_digest, key_sealed, options,
                           password_hash, paused, expires_day, created_at, changed_at)
       VALUES ('', ?, ?, ?, ?, ?, ?, ?, ?, 0, 0)`,
    )
    .run(
      share.customerId,
      share.projectId ?? null,
      createHash('sha256').update(key).digest(),
      randomBytes(16),
      JSON.stringify(options),
      share.passwordHash ?? null,
      share.paused ? 1 : 0,
      share.expiresDay ?? null,
    );
  const id = Number(result.lastInsertRowid);
  const pick = db.prepare('INSERT INTO share_projects (share_id, project_id) VALUES (?, ?)');
  for (const projectId of share.projectIds ?? []) pick.run(id, projectId);
  return { id, key };
}

function insertRecord(db: Store, record: SeedRecord, occurrence: number): number {
  const day = parseDay(record.day);
  if (day === null) throw new Error(`no such day: ${record.day}`);
  const result = db
    .prepare(
      `INSERT INTO records (user_id, project_id, activity_id, day, begin_min, end_min, running,
                            duration_s, rate_e4, hourly_rate_e4, fixed_rate_e4, billable,
                            billable_imported, hidden, occurrence, description, tags)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      userId(db, record.user ?? 'susan', record.userName),
      record.projectId,
      activityId(db, record.activity ?? 'Work'),
      day,
      record.beginMin ?? -1,
      record.endMin ?? null,
      record.running ? 1 : 0,
      record.durationS,
      record.rateE4 === undefined ? null : record.rateE4,
      record.hourlyRateE4 ?? null,
      record.fixedRateE4 ?? null,
      (record.billable ?? true) ? 1 : 0,
      (record.billable ?? true) ? 1 : 0,
      record.hidden ? 1 : 0,
      occurrence,
      record.description ?? '',
      record.tags ?? null,
    );
  return Number(result.lastInsertRowid);
}

function userId(db: Store, identity: string, name: string | undefined): number {
  db.prepare(
    'INSERT INTO users (identity, login, display_name) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  ).run(identity, identity, name ?? identity);
  return db.prepare('SELECT id FROM users WHERE identity = ?').pluck().get(identity) as number;
}

function activityId(db: Store, name: string): number {
  db.prepare('INSERT INTO activities (name) VALUES (?) ON CONFLICT DO NOTHING').run(name);
  return db.prepare('SELECT id FROM activities WHERE name = ?').pluck().get(name) as number;
}
