import type { Output } from '../../../src-shared/contract.ts';
import { dayText } from '../../../src-shared/domain/day.ts';
import { countLockedClients } from '../access-journal.ts';
import type { ReadDb } from '../db.ts';

/** How many days the list of views by day has. */
const listedDays = 366;
/** How many of the most frequent languages and devices are listed. */
const listedKinds = 20;
/** Version 0.1 stored regions too: `de_AT` is listed with `de`. */
const languageOfLocale = `substr(locale, 1, instr(locale || '_', '_') - 1)`;

/** Share id → when its page was last opened (ms UTC). Shares that nobody opened are left out. */
export function lastViews(db: ReadDb): Map<number, number> {
  const rows = db
    .prepare<[], { id: number; lastAt: number }>(
      `SELECT share_id AS id, MAX(last_at) AS lastAt FROM share_views WHERE kind = 'view'
        GROUP BY share_id`,
    )
    .all();
  return new Map(rows.map(({ id, lastAt }) => [id, lastAt]));
}

/** Views of all shares on a day: bots and failures are none. */
export const countViews = (db: ReadDb, day: number): number =>
  db
    .prepare<[day: number], number>(
      `SELECT COALESCE(SUM(count), 0) FROM share_views WHERE day = ? AND kind = 'view'`,
    )
    .pluck()
    .get(day)!;

/** The view log of a share: counts only. Bots and failures are no views. */
export function readShareViews(db: ReadDb, shareId: number, now: number): Output<'shares.views'> {
  const total = (kind: string): number =>
    db
      .prepare<[shareId: number, kind: string], number>(
        'SELECT COALESCE(SUM(count), 0) FROM share_views WHERE share_id = ? AND kind = ?',
      )
      .pluck()
      .get(shareId, kind)!;
  const viewsBy = <Row>(name: 'device' | 'locale', value: string): Row[] =>
    db
      .prepare<[shareId: number], Row>(
        `SELECT ${value} AS ${name}, SUM(count) AS count FROM share_views
          WHERE share_id = ? AND kind = 'view' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${listedKinds}`,
      )
      .all(shareId);
  const days = db
    .prepare<[shareId: number], { day: number; count: number }>(
      `SELECT day, SUM(count) AS count FROM share_views
        WHERE share_id = ? AND kind = 'view' GROUP BY day ORDER BY day DESC LIMIT ${listedDays}`,
    )
    .all(shareId);
  const lastViewAt = db
    .prepare<[shareId: number], number | null>(
      `SELECT MAX(last_at) FROM share_views WHERE share_id = ? AND kind = 'view'`,
    )
    .pluck()
    .get(shareId)!;
  const bots = db
    .prepare<[shareId: number], Output<'shares.views'>['bots'][number]>(
      `SELECT device AS bot, SUM(count) AS count, MAX(last_at) AS lastAt FROM share_views
        WHERE share_id = ? AND kind = 'bot' GROUP BY device ORDER BY lastAt DESC`,
    )
    .all(shareId);
  return {
    views: total('view'),
    lastViewAt,
    failures: total('failure'),
    lockOuts: total('lockout'),
    lockedClients: countLockedClients(db, shareId, now),
    byDevice: viewsBy('device', 'device'),
    byLocale: viewsBy('locale', languageOfLocale),
    byDay: days.reverse().map(({ day, count }) => ({ day: dayText(day), count })),
    bots,
  };
}
