import type { Component } from 'svelte';
import { render } from 'svelte/server';
import { formatsOf } from '../formats.ts';
import { lastLocale, localeOrFallback, type PageLocale } from '../locale.ts';
import type { Messages } from '../source.ts';
import { createTranslators, type Translate } from '../translate.ts';
import { addressOf, type Place } from '../../src-shared/domain/portal-address.ts';
import { listLanguages, type LanguageLink } from '../view-model/languages.ts';
import type { PageModel } from '../view-model/model.ts';
import type { Ui } from '../view-model/ui.ts';
import { renderDocument, type PageName } from './document.ts';
import MessagePage from './MessagePage.svelte';
import PasswordPage from './PasswordPage.svelte';
import PortalPage from './PortalPage.svelte';

export interface PasswordPageOptions {
  /** What the addresses of the portal begin with. */
  base: string;
  /** Kimai's code. */
  locale: string;
  /**
   * `wrong`: the password was refused; `busy`, `foreign`: not checked, for the many others or since
   * another site sent it; a date: no attempt counts before it.
   */
  error: null | 'wrong' | 'busy' | 'foreign' | { lockedUntil: Date };
  /** Where the form posts to: path and query of the page that was asked for. */
  action: string;
  languages: LanguageLink[];
}

export interface PortalPageOptions {
  model: PageModel;
  /** The page's own address. */
  place: Place;
  /** Where the log-out form posts to; null: the share has no password. */
  logoutAction: string | null;
  /**
   * For a sandboxed frame: styles are inside, there is no script. Links keep their form, for
   * whoever embeds the page to follow.
   */
  inert?: boolean;
}

/** Pages as HTML text. Each call renders at once, for one locale; nothing is kept of it. */
export interface Pages {
  renderPasswordPage(options: PasswordPageOptions): string;
  renderNotFound(locale: string, base: string): string;
  /** `action`: the address that a person behind a program like a bot's asked for. */
  renderBotPage(locale: string, base: string, action: string): string;
  renderUnavailable(locale: string, base: string): string;
  /** `backAt`: null if nobody knows. */
  renderPaused(locale: string, base: string, backAt: Date | null): string;
  renderPortalPage(options: PortalPageOptions): string;
  /** Links to the same address in other languages, for the password page. */
  languages(current: string, hrefOf: (code: string) => string): LanguageLink[];
}

/** `texts`: locale code → messages; `en` must be there. */
export function createPages(texts: ReadonlyMap<string, Messages>): Pages {
  const translators = createTranslators(texts);

  function renderMessage(
    code: string,
    base: string,
    page: PageName,
    section: string,
    { action = null, backAt = null }: { action?: string | null; backAt?: Date | null } = {},
  ): string {
    const locale = localeOrFallback(code, lastLocale);
    const t = translators(locale.code);
    const title = t(`portal.${section}.title`);
    const button = action === null ? null : { action, text: t(`portal.${section}.button`) };
    const text =
      backAt === null
        ? t(`portal.${section}.text`)
        : t(`portal.${section}.until`, { time: formatsOf(locale.tag).moment(backAt) });
    const body = renderBody(MessagePage, { title, text, button });
    return renderDocument({ locale, page, title, body, base, charts: false });
  }

  return {
    renderPasswordPage({ base, locale: code, error, action, languages }) {
      const locale = localeOrFallback(code, lastLocale);
      const t = translators(locale.code);
      const body = renderBody(PasswordPage, {
        t,
        action,
        languages,
        error: describeFailure(error, t, locale),
      });
      const title = t('portal.password.title');
      return renderDocument({ locale, page: 'password', title, body, base, charts: false });
    },
    renderNotFound: (locale, base) => renderMessage(locale, base, 'not-found', 'notFound'),
    renderBotPage: (locale, base, action) => renderMessage(locale, base, 'bot', 'bot', { action }),
    renderUnavailable: (locale, base) => renderMessage(locale, base, 'unavailable', 'unavailable'),
    renderPaused: (locale, base, backAt) =>
      renderMessage(locale, base, 'paused', 'paused', { backAt }),
    renderPortalPage({ model, place, logoutAction, inert = false }) {
      const locale = localeOrFallback(place.locale, lastLocale);
      const t = translators(locale.code);
      const f = formatsOf(locale.tag);
      const ui: Ui = {
        t,
        f,
        locale,
        place,
        languages: listLanguages(texts, locale.code, (code) =>
          addressOf({ ...place, locale: code }),
        ),
        logoutAction,
      };
      const month = f.month(model.period.month);
      return renderDocument({
        locale,
        page: model.page,
        title: t('portal.title', { name: model.heading, month }),
        body: renderBody(PortalPage, { model, ui }),
        base: place.base,
        charts: model.annual !== undefined || model.details.view === 'chart',
        inline: inert,
      });
    },
    languages: (current, hrefOf) => listLanguages(texts, current, hrefOf),
  };
}

function describeFailure(
  error: PasswordPageOptions['error'],
  t: Translate,
  locale: PageLocale,
): string | null {
  if (error === null) return null;
  if (error === 'wrong') return t('portal.password.wrong');
  if (error === 'busy') return t('portal.password.busy');
  if (error === 'foreign') return t('portal.password.foreign');
  return t('portal.password.locked', { time: formatsOf(locale.tag).moment(error.lockedUntil) });
}

/** Svelte renders lazily: the body is read here, before anything else can happen. */
export function renderBody<Props extends Record<string, unknown>>(
  component: Component<Props>,
  props: Props,
): string {
  return render(component as Component<Record<string, unknown>>, { props }).body;
}
