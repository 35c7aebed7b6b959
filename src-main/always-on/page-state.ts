/** What the files of a share depend on, as digests: equal digests mean equal files. */
import { createHash } from 'node:crypto';
import { localDay } from '../../src-shared/domain/day.ts';
import { monthOfDay, type MonthNumber } from '../../src-shared/domain/period.ts';
import { recordFilter } from '../../src-shared/domain/share-scope.ts';
import { scopeOf } from '../../src-server/scope.ts';
import type { PortalShare } from '../../src-server/source.ts';
import type { PartSource } from '../../src-server/view-model/build-parts.ts';
import { catalogState, projectMonthVersions } from '../store/always-on.ts';
import type { ReadDb } from '../store/db.ts';

export const digestOf = (...values: unknown[]): string =>
  createHash('sha256').update(JSON.stringify(values)).digest('base64url').slice(0, 22);

/** With another one of these everything is sealed anew under another key. */
export function scopeDigest(share: PortalShare): string {
  const { customerId, projectId, projectIds, passwordVersion, options } = share;
  const { locale: _locale, ...shown } = options;
  return digestOf(customerId, projectId, projectIds, passwordVersion, shown);
}

export interface PageState {
  /** Of everything: while it is the same, nothing has to be looked at. */
  digest: string;
  /** Of what a part is built of. */
  part(projectId: number | null, month: MonthNumber): string;
}

/** `documents`: a digest of the documents and assets of this version of the program. */
export function readState(db: ReadDb, from: PartSource, documents: string): PageState {
  const { share, source, now } = from;
  const projectIds = scopeOf(share, source.projects(share.customerId)).projectIds;
  const versions = projectMonthVersions(db, projectIds);
  const today = localDay(now);
  const { expiresDay } = share;
  const whole = digestOf(scopeDigest(share), catalogState(db, share.customerId), {
    // Ranges move with the month.
    filter: recordFilter(share, today),
  });
  const byMonth = new Map<number, Map<number, number>>();
  for (const { projectId, month, version } of versions) {
    byMonth.set(month, (byMonth.get(month) ?? new Map<number, number>()).set(projectId, version));
  }
  return {
    digest: digestOf(whole, versions, today, expiresDay, documents),
    part(projectId, month) {
      const ofMonth = byMonth.get(month) ?? new Map<number, number>();
      const own = projectId === null ? [...ofMonth] : [[projectId, ofMonth.get(projectId)]];
      // A monthly budget of this month counts until its end.
      return digestOf(whole, own, month === monthOfDay(today));
    },
  };
}
