/**
 * Addresses of pages that are always on: everything that browsers must not send stands in the
 * fragment, first the secret, then what the page shows: `#{secret}?project=7&year=2026&month=9`.
 */
import { monthInYear, monthNumber, yearOfMonth } from '../src-shared/domain/period.ts';
import { parsePath, type Place } from '../src-shared/domain/share-link.ts';

export interface WantedPage extends Pick<Place, 'projectId' | 'month' | 'details'> {
  secret: string;
}

/** Reads a fragment with its `#`; what is missing or wrong is as if nothing was asked for. */
export function readFragment(fragment: string): WantedPage {
  const [secret = '', query = ''] = fragment.replace(/^#/, '').split('?');
  const values = new URLSearchParams(query);
  const number = (name: string): number | null => {
    const value = Number(values.get(name));
    return Number.isInteger(value) && value > 0 && value <= 2 ** 31 ? value : null;
  };
  const [year, month] = [number('year'), number('month')];
  const isMonth = year !== null && year <= 9999 && month !== null && month <= 12;
  return {
    secret,
    projectId: number('project'),
    month: isMonth ? monthNumber(year, month) : null,
    details: values.get('details') === 'chart' ? 'chart' : 'table',
  };
}

export function fragmentOf({ secret, projectId, month, details }: WantedPage): string {
  const query = new URLSearchParams();
  if (projectId !== null) query.set('project', String(projectId));
  if (month !== null) {
    query.set('year', String(yearOfMonth(month)));
    query.set('month', String(monthInYear(month)));
  }
  if (details === 'chart') query.set('details', 'chart');
  const text = query.toString();
  return `#${secret}${text && `?${text}`}`;
}

/**
 * Where a link of a page leads, given the live portal's address of it: the same file with another
 * fragment, or the file of another language. Null: the link is none of the portal's.
 */
export function linkOf(href: string, locale: string, secret: string): string | null {
  const [path = '', query = ''] = href.split('?');
  const place = parsePath(path);
  if (place === null) return null;
  const wanted = readFragment(`#${secret}?${query}`);
  const fragment = fragmentOf({ ...wanted, projectId: place.projectId });
  if (place.locale === locale) return fragment;
  // From `…/{locale}/auth/customer-portal/{id}/`.
  return `../../../../${place.locale}/auth/customer-portal/${place.key}/${fragment}`;
}
