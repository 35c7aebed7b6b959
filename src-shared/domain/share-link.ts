/**
 * Links of shares, made and read in one place: `/{locale}/auth/customer-portal/{key}`, as Kimai's
 * plugin has them, and what follows the key.
 */
import { monthInYear, yearOfMonth, type MonthNumber } from './period.ts';

export const detailsViews = ['table', 'chart'] as const;
export type DetailsView = (typeof detailsViews)[number];

/** What the link of a page names: everything that every link on it keeps. */
export interface Place {
  /** What stands before it where the portal has a path of a host: `/hours`, else ''. */
  base: string;
  /** Kimai's code. */
  locale: string;
  key: string;
  /** Null: the share itself. */
  projectId: number | null;
  /** Null: the default month. */
  month: MonthNumber | null;
  details: DetailsView;
}

/** Where the program asks its own portal a question, to know whether clients reach it. */
export const checkPath = '/portal-check/';

const beforeKey = '/auth/customer-portal/';

/** Paths of a share as the router's patterns; each is also there without `/:locale`. */
export const sharePattern = `${beforeKey}:key`;

/** `/auth/customer-portal/{key}`: what all links of a share have in common. */
export const shareBase = (key: string): string => `${beforeKey}${encodeURIComponent(key)}`;

/** The path of a share in a language, without a query. */
export const sharePath = (locale: string, key: string): string => `/${locale}${shareBase(key)}`;

/** The path of a share's or project's page, without a query. */
export const pathOf = (place: Pick<Place, 'base' | 'locale' | 'key' | 'projectId'>): string =>
  place.base +
  sharePath(place.locale, place.key) +
  (place.projectId === null ? '' : `/p/${place.projectId}`);

/** The path and query of a page. */
export function linkTo(place: Place): string {
  // By hand: a page has hundreds of links, and only numbers and our own words in them.
  const month = place.month === null ? '' : monthQuery(place.month);
  const details = place.details === 'chart' ? 'details=chart' : '';
  const query = month !== '' && details !== '' ? `${month}&${details}` : month + details;
  return query === '' ? pathOf(place) : `${pathOf(place)}?${query}`;
}

/** The path and query of a page's data.json; a project is named in the query. */
export function dataLinkTo(place: Place): string {
  const query = new URLSearchParams();
  if (place.projectId !== null) query.set('project', String(place.projectId));
  if (place.month !== null) {
    query.set('year', String(yearOfMonth(place.month)));
    query.set('month', String(monthInYear(place.month)));
  }
  query.set('details', place.details);
  return `${place.base}${sharePath(place.locale, place.key)}/data.json?${query.toString()}`;
}

/** Where a log-out form posts to. */
export const logoutPath = ({ base, locale, key }: Pick<Place, 'base' | 'locale' | 'key'>): string =>
  `${base}${sharePath(locale, key)}/logout`;

/**
 * The path of a share's link in a language, whether it had one or not, and in our own letters
 * (`/Auth/…` is `/auth/…`). Only the key is more than our own words and numbers.
 */
export function ownSpelling(path: string, locale: string): string {
  const afterStart = path.slice(path.toLowerCase().indexOf(beforeKey) + beforeKey.length);
  const [key, ...rest] = afterStart.split('/');
  return `/${locale}${beforeKey}${[key, ...rest.map((word) => word.toLowerCase())].join('/')}`;
}

/** What the path of a page names; null if it is the path of none. */
export function parsePath(path: string): Pick<Place, 'locale' | 'key' | 'projectId'> | null {
  const match = /^\/([A-Za-z_]{2,11})\/auth\/customer-portal\/([^/]+)(?:\/p\/(\d+))?\/?$/.exec(
    path,
  );
  const key = match && decoded(match[2]!);
  if (!match || key === null) return null;
  return { locale: match[1]!, key, projectId: match[3] === undefined ? null : Number(match[3]) };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    // The percent signs are no UTF-8: no key that we made.
    return null;
  }
}

/** A text in which every share key of a link is replaced, for logs. */
export const withoutKeys = (text: string): string =>
  text.replace(/(\/auth\/customer-portal\/)[^/\s?#"']+/g, '$1[key]');

const monthQuery = (month: MonthNumber): string =>
  `year=${yearOfMonth(month)}&month=${monthInYear(month)}`;
