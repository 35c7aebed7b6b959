/** Sums over periods for the owner's first screen, from the day roll-up: hidden records are in none. */
import type { DayRange, MonthNumber } from '../../../src-shared/domain/period.ts';
import type { ReadDb } from '../db.ts';

interface MonthSums {
  month: MonthNumber;
  /** ISO 4217; null: no file named the customer's. */
  currency: string | null;
  durationS: number;
  /** Ten-thousandths. */
  rateE4: number;
}

/** Whose records are summed up; nothing: everybody's. */
export interface SumScope {
  customerId?: number | undefined;
  projectId?: number | undefined;
}

/** One row for each month and currency that has records. */
export function sumMonths(
  db: ReadDb,
  { firstDay, lastDay }: DayRange,
  { customerId, projectId }: SumScope = {},
): MonthSums[] {
  return db
    .prepare<
      [
        {
          firstDay: number;
          lastDay: number;
          customerId: number | null;
          projectId: number | null;
        },
      ],
      MonthSums
    >(
      `SELECT d.day / 100 AS month, c.currency, sum(d.duration_s) AS durationS,
              sum(d.rate_e4) AS rateE4
         FROM project_days AS d
         JOIN projects AS p ON p.id = d.project_id
         JOIN customers AS c ON c.id = p.customer_id
        WHERE d.day BETWEEN :firstDay AND :lastDay
          AND (:customerId IS NULL OR c.id = :customerId)
          AND (:projectId IS NULL OR p.id = :projectId)
        GROUP BY 1, 2 ORDER BY 1`,
    )
    .all({
      firstDay,
      lastDay,
      customerId: customerId ?? null,
      projectId: projectId ?? null,
    });
}

export interface CustomerSums {
  id: number;
  name: string;
  records: number;
  durationS: number;
}

/** Customers in the order of the time worked for them; those without time are left out. */
export function sumCustomers(db: ReadDb, { firstDay, lastDay }: DayRange): CustomerSums[] {
  return db
    .prepare<[firstDay: number, lastDay: number], CustomerSums>(
      `SELECT c.id, c.name, sum(d.records) AS records, sum(d.duration_s) AS durationS
         FROM project_days AS d
         JOIN projects AS p ON p.id = d.project_id
         JOIN customers AS c ON c.id = p.customer_id
        WHERE d.day BETWEEN ? AND ?
        GROUP BY c.id HAVING durationS > 0 ORDER BY durationS DESC, c.id`,
    )
    .all(firstDay, lastDay);
}
