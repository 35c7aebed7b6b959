/** Builds the parts of a share's pages, as parts.ts joins them again in the client's browser. */
import { localDay } from '../../src-shared/domain/day.ts';
import { monthInYear, yearOfMonth, type MonthNumber } from '../../src-shared/domain/period.ts';
import { scopeOf } from '../scope.ts';
import type { PortalShare, PortalSource } from '../source.ts';
import { buildAnnuals, buildPageModel } from './build.ts';
import type { PageModel } from './model.ts';
import { headOf, partOf, type MonthPart, type PageHead, type PagesHead } from './parts.ts';

export interface PartSource {
  share: PortalShare;
  source: PortalSource;
  now: Date;
}

/** The pages of a share: null is its own, then those of its projects. */
function pagesOf({ share, source }: PartSource): (number | null)[] {
  if (share.projectId !== null) return [null];
  return [null, ...scopeOf(share, source.projects(share.customerId)).projectIds];
}

/** What all months of the share's pages have in common; null: the share shows nothing any more. */
export function buildHead(from: PartSource): PagesHead | null {
  const pages: Record<number, PageHead> = {};
  let own: PageModel | null = null;
  for (const projectId of pagesOf(from)) {
    const request = { projectId, year: null, month: null, details: null };
    const result = buildPageModel({ ...from, request });
    if (result.kind !== 'page') return null;
    own ??= result.model;
    const years = yearsBetween(own.period.first, own.period.last);
    const annuals = buildAnnuals({ ...from, request }, years) ?? [];
    pages[projectId ?? 0] = headOf(result.model, result.month, annuals);
  }
  if (own === null) return null;
  return { first: own.period.first, last: own.period.last, asOf: localDay(from.now), pages };
}

/** What one page shows in one month between the head's first and last one. */
export function buildPart(
  from: PartSource,
  projectId: number | null,
  month: MonthNumber,
): MonthPart {
  const model = (details: 'table' | 'chart'): PageModel => {
    const request = {
      projectId,
      year: String(yearOfMonth(month)),
      month: String(monthInYear(month)),
      details,
    };
    const result = buildPageModel({ ...from, request });
    // The caller built the head just now, in the same turn of the event loop or from one store.
    if (result.kind !== 'page') throw new Error('a month that the head has is not there');
    return result.model;
  };
  const table = model('table');
  return partOf(table, table.chartOffered ? model('chart') : null);
}

const yearsBetween = (first: MonthNumber, last: MonthNumber): number[] =>
  Array.from(
    { length: yearOfMonth(last) - yearOfMonth(first) + 1 },
    (_, index) => yearOfMonth(first) + index,
  );
