/** Where the preview stands; what a click on one of the page's own links changes. */
export interface PreviewPlace {
  locale: string;
  year?: number;
  month?: number;
  details: 'table' | 'chart';
  projectId: number | null;
}

/**
 * The place that a link of the client's page leads to (addresses as in the portal:
 * `/{locale}/auth/customer-portal/{key}[/p/{id}]?year&month&details`); null for any other link,
 * which the preview does not follow.
 */
export function placeOf(href: string, now: PreviewPlace): PreviewPlace | null {
  const url = new URL(href, 'http://preview.invalid/');
  const match = /^\/([A-Za-z_]{2,11})\/auth\/customer-portal\/[^/]+(?:\/p\/(\d+))?\/?$/.exec(
    url.pathname,
  );
  if (!match) return null;
  const year = Number(url.searchParams.get('year'));
  const month = Number(url.searchParams.get('month'));
  const place: PreviewPlace = {
    locale: match[1] ?? now.locale,
    details: url.searchParams.get('details') === 'chart' ? 'chart' : 'table',
    projectId: match[2] === undefined ? null : Number(match[2]),
  };
  if (year > 0 && month >= 1 && month <= 12) Object.assign(place, { year, month });
  return place;
}
