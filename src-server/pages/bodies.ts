/**
 * What stands in the body of each page, as HTML text. It needs nothing of Node: the portal renders
 * with it for every request, and the viewer of pages that are always on in the client's browser.
 */
import type { Component } from 'svelte';
import { render } from 'svelte/server';
import { formatsOf } from '../formats.ts';
import { lastLocale, localeOrFallback, type PageLocale } from '../locale.ts';
import type { Messages } from '../source.ts';
import { createTranslators, type Translate } from '../translate.ts';
import { linkTo, type Place } from '../../src-shared/domain/share-link.ts';
import { listLanguages, type LanguageLink } from '../view-model/languages.ts';
import type { PageModel } from '../view-model/model.ts';
import type { Ui } from '../view-model/ui.ts';
import { detailsRows } from './details-rows.ts';
import MessagePage from './MessagePage.svelte';
import PasswordPage from './PasswordPage.svelte';
import PortalPage from './PortalPage.svelte';

export interface Body {
  locale: PageLocale;
  title: string;
  /** HTML, from Svelte. */
  body: string;
}

/** `body` ends where the rows of the details table stand, which are most of a page. */
export interface PortalBody extends Body {
  rows: string;
  /** What comes after the rows. */
  after: string;
}

export interface Bodies {
  /**
   * `logoutAction`: where the log-out form posts to; null: nobody logged in. `encodeRows` is
   * applied to what stands in the rows.
   */
  renderPortal(
    page: { model: PageModel; place: Place; logoutAction: string | null },
    encodeRows?: (text: string) => string,
  ): PortalBody;
  /** `describe`: what to say after a failed attempt; null before the first. */
  renderPassword(page: {
    locale: string;
    action: string;
    languages: LanguageLink[];
    describe(t: Translate, locale: PageLocale): string | null;
  }): Body;
  /**
   * A page that says one thing: the texts of `portal.{section}`. `backAt`: the moment that its text
   * names; null: nobody knows one.
   */
  renderMessage(
    locale: string,
    section: string,
    more: { action: string | null; backAt: Date | null },
  ): Body;
}

/** `texts`: locale code → messages; `en` must be there. */
export function createBodies(texts: ReadonlyMap<string, Messages>): Bodies {
  const translators = createTranslators(texts);
  const inLocale = (code: string): { locale: PageLocale; t: Translate } => {
    const locale = localeOrFallback(code, lastLocale);
    return { locale, t: translators(locale.code) };
  };
  return {
    renderPortal({ model, place, logoutAction }, encodeRows) {
      const { locale, t } = inLocale(place.locale);
      const f = formatsOf(locale.tag);
      const languages = listLanguages(texts, locale.code, (code) =>
        linkTo({ ...place, locale: code }),
      );
      let rows = '';
      const ui: Ui = {
        t,
        f,
        locale,
        place,
        languages,
        logoutAction,
        detailsRows(table, currency, own) {
          rows = detailsRows(table, currency, own, encodeRows);
          return rowsPlace;
        },
      };
      const month = f.month(model.period.month);
      const title = t('portal.title', { name: model.heading, month });
      const html = renderHtml(PortalPage, { model, ui });
      const end = html.indexOf(rowsPlace);
      if (end === -1) return { locale, title, body: withoutMarkers(html), rows: '', after: '' };
      return {
        locale,
        title,
        body: withoutMarkers(html.slice(0, end)),
        rows,
        after: withoutMarkers(html.slice(end)),
      };
    },
    renderPassword({ locale: code, action, languages, describe }) {
      const { locale, t } = inLocale(code);
      const error = describe(t, locale);
      const body = renderBody(PasswordPage, { t, action, languages, error });
      return { locale, title: t('portal.password.title'), body };
    },
    renderMessage(code, section, { action, backAt }) {
      const { locale, t } = inLocale(code);
      const title = t(`portal.${section}.title`);
      const button = action === null ? null : { action, text: t(`portal.${section}.button`) };
      const text =
        backAt === null
          ? t(`portal.${section}.text`)
          : t(`portal.${section}.until`, { time: formatsOf(locale.tag).moment(backAt) });
      return { locale, title, body: renderBody(MessagePage, { title, text, button }) };
    },
  };
}

/** Whether the page has charts, which a script takes over, or details that it adds tools to. */
export const hasScript = ({ annual, details }: PageModel): boolean =>
  annual !== undefined || details.view === 'chart' || details.rows.length > 0;

/** Stands for the rows of the details table while Svelte's marks are taken out of the rest. */
const rowsPlace = '<!--rows-->';

/** Svelte renders lazily: the body is read here, before anything else can happen. */
const renderHtml = <Props extends Record<string, unknown>>(
  component: Component<Props>,
  props: Props,
): string => render(component as Component<Record<string, unknown>>, { props }).body;

export const renderBody = <Props extends Record<string, unknown>>(
  component: Component<Props>,
  props: Props,
): string => withoutMarkers(renderHtml(component, props));

/**
 * Svelte marks blocks for hydration, which these pages never do; texts have their `<` escaped, so
 * every `<!--` is such a mark.
 */
export function withoutMarkers(html: string): string {
  const parts: string[] = [];
  let from = 0;
  for (let at = html.indexOf('<!--'); at !== -1; at = html.indexOf('<!--', from)) {
    if (at > from) parts.push(html.slice(from, at));
    from = html.indexOf('-->', at) + '-->'.length;
  }
  parts.push(html.slice(from));
  return parts.join('');
}
