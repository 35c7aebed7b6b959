import type { Output } from '../../../src-shared/contract.ts';
import type { DayNumber } from '../../../src-shared/domain/day.ts';
import { recordFilter } from '../../../src-shared/domain/share-scope.ts';
import { scopeOf } from '../../../src-server/scope.ts';
import type { PortalSource } from '../../../src-server/source.ts';
import type { ReadDb } from '../../store/db.ts';
import { readPublishedShares } from '../../store/shares/published-shares.ts';
import { lastImportAt, sumNews } from '../../store/shares/share-news.ts';
import { lastViews } from '../../store/shares/share-views.ts';

/** What imports brought for the clients of active shares since they last looked. */
export function listNews(
  readStore: ReadDb,
  source: Pick<PortalSource, 'projects'>,
  today: DayNumber,
): Output<'shares.news'> {
  const viewedAt = lastViews(readStore);
  const importedAt = lastImportAt(readStore);
  return readPublishedShares(readStore, today).flatMap((share) => {
    const since = viewedAt.get(share.id);
    // Most shares have no news: their records need not be read to know it.
    if (since === undefined || importedAt <= since) return [];
    const { projectIds } = scopeOf(share, source.projects(share.customerId));
    const news = sumNews(readStore, { projectIds, ...recordFilter(share, today) }, since);
    return news.records === 0 ? [] : [{ id: share.id, ...news }];
  });
}
