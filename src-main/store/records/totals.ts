import type { ReadDb } from '../db.ts';

/** Sums of stopped records that are not hidden. */
export interface Totals {
  records: number;
  durationS: number;
  /** Ten-thousandths; null if no record came with a rate. */
  rateE4: number | null;
  /** `yyyymmdd`; null without records. */
  firstDay: number | null;
  lastDay: number | null;
}

export const noTotals: Totals = {
  records: 0,
  durationS: 0,
  rateE4: null,
  firstDay: null,
  lastDay: null,
};

/** Per project id, from the day roll-up: projects without records are left out. */
export function projectTotals(db: ReadDb): Map<number, Totals> {
  const rows = db
    .prepare<[], Totals & { id: number }>(
      `SELECT project_id AS id, sum(records) AS records, sum(duration_s) AS durationS,
        sum(rate_e4) AS rateE4, min(day) AS firstDay, max(day) AS lastDay
       FROM project_days GROUP BY project_id`,
    )
    .all();
  const hasRates = db
    .prepare('SELECT 1 FROM records WHERE project_id = ? AND rate_e4 IS NOT NULL LIMIT 1')
    .pluck();
  const running = db
    .prepare<[projectId: number], number>(
      'SELECT count(*) FROM records WHERE running = 1 AND project_id = ? AND hidden = 0',
    )
    .pluck();
  return new Map(
    rows.map(({ id, ...totals }) => {
      totals.records -= running.get(id)!;
      if (totals.rateE4 === 0 && hasRates.get(id) === undefined) totals.rateE4 = null;
      return [id, totals];
    }),
  );
}

export function addTotals(a: Totals, b: Totals): Totals {
  const pick = (
    x: number | null,
    y: number | null,
    choose: (x: number, y: number) => number,
  ): number | null => (x === null ? y : y === null ? x : choose(x, y));
  return {
    records: a.records + b.records,
    durationS: a.durationS + b.durationS,
    rateE4: pick(a.rateE4, b.rateE4, (x, y) => x + y),
    firstDay: pick(a.firstDay, b.firstDay, Math.min),
    lastDay: pick(a.lastDay, b.lastDay, Math.max),
  };
}
