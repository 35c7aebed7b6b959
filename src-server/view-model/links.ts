/** Addresses of a share's pages. */
import { remember } from '../../src-shared/remember.ts';
import { monthInYear, yearOfMonth, type MonthNumber } from '../../src-shared/domain/period.ts';
import { findLocale } from '../locale.ts';
import type { Messages } from '../source.ts';

export type DetailsView = 'table' | 'chart';

/** What an address names: everything that every link keeps. */
export interface Place {
  locale: string;
  key: string;
  /** Null: the share itself. */
  projectId: number | null;
  month: MonthNumber | null;
  details: DetailsView;
}

export interface LanguageLink {
  /** Kimai's code. */
  code: string;
  tag: string;
  /** In its own language. */
  name: string;
  href: string;
  current: boolean;
}

/** Makes the address of a place. */
export type LinkTo = (place: Place) => string;

/** The path and query of a place. */
export const addressOf: (place: Place) => string = (place) => {
  const query = new URLSearchParams();
  if (place.month !== null) {
    query.set('year', String(yearOfMonth(place.month)));
    query.set('month', String(monthInYear(place.month)));
  }
  if (place.details === 'chart') query.set('details', 'chart');
  const text = query.toString();
  return `${pathOf(place)}${text && `?${text}`}`;
};

/** The path of a share's or project's page, without a query. */
export function pathOf(place: Pick<Place, 'locale' | 'key' | 'projectId'>): string {
  const project = place.projectId === null ? '' : `/p/${place.projectId}`;
  return `/${place.locale}/auth/customer-portal/${encodeURIComponent(place.key)}${project}`;
}

/** The languages whose texts are there, and the page's own if it is none of them. */
export function listLanguages(
  texts: ReadonlyMap<string, Messages>,
  current: string,
  hrefOf: (code: string) => string,
): LanguageLink[] {
  return [...new Set([...texts.keys(), current])]
    .flatMap((code) => findLocale(code) ?? [])
    .map(({ code, tag }) => ({
      code,
      tag,
      name: nameOfLanguage(tag),
      href: hrefOf(code),
      current: code === current,
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** `Deutsch`, with the first letter as a title has it. */
const nameOfLanguage = remember(100, (tag) => {
  const own = new Intl.DisplayNames(tag, { type: 'language' }).of(tag) ?? tag;
  return own.charAt(0).toLocaleUpperCase(tag) + own.slice(1);
});
