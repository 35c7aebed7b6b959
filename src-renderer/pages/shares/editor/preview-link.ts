import { parsePath } from '../../../../src-shared/domain/share-link.ts';

/** Where the preview stands; what a click on one of the page's own links changes. */
export interface PreviewPlace {
  locale: string;
  year?: number;
  month?: number;
  details: 'table' | 'chart';
  projectId: number | null;
}

/**
 * The place that a link of the client's page leads to; null for any link that is not an address of
 * the portal, which the preview does not follow.
 */
export function placeOf(href: string): PreviewPlace | null {
  const url = new URL(href, 'http://preview.invalid/');
  const path = parsePath(url.pathname);
  if (path === null) return null;
  const year = Number(url.searchParams.get('year'));
  const month = Number(url.searchParams.get('month'));
  const place: PreviewPlace = {
    locale: path.locale,
    details: url.searchParams.get('details') === 'chart' ? 'chart' : 'table',
    projectId: path.projectId,
  };
  if (year > 0 && month >= 1 && month <= 12) Object.assign(place, { year, month });
  return place;
}
