import { formatsOf } from '../formats.ts';
import type { Messages } from '../source.ts';
import type { Translate } from '../translate.ts';
import type { Place } from '../../src-shared/domain/share-link.ts';
import { listLanguages, type LanguageLink } from '../view-model/languages.ts';
import type { PageModel } from '../view-model/model.ts';
import { createBodies, hasScript } from './bodies.ts';
import { renderDocument, utf8Text, type PageName } from './document.ts';

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

/** Pages as HTML. Each call renders at once, for one locale; nothing is kept of it. */
export interface Pages {
  renderPasswordPage(options: PasswordPageOptions): string;
  renderNotFound(locale: string, base: string): string;
  /** `action`: the address that a person behind a program like a bot's asked for. */
  renderBotPage(locale: string, base: string, action: string): string;
  renderUnavailable(locale: string, base: string): string;
  /** `backAt`: null if nobody knows. */
  renderPaused(locale: string, base: string, backAt: Date | null): string;
  renderPortalPage(options: PortalPageOptions): Buffer;
  /** Links to the same address in other languages, for the password page. */
  languages(current: string, hrefOf: (code: string) => string): LanguageLink[];
}

/** `texts`: locale code → messages; `en` must be there. */
export function createPages(texts: ReadonlyMap<string, Messages>): Pages {
  const bodies = createBodies(texts);

  function renderMessage(
    code: string,
    base: string,
    page: PageName,
    section: string,
    { action = null, backAt = null }: { action?: string | null; backAt?: Date | null } = {},
  ): string {
    const { locale, title, body } = bodies.renderMessage(code, section, { action, backAt });
    return renderDocument({ locale, page, title, body, base, script: false }).toString();
  }

  return {
    renderPasswordPage({ base, locale: code, error, ...page }) {
      const { locale, title, body } = bodies.renderPassword({
        ...page,
        locale: code,
        describe: (t, { tag }) => describeFailure(error, t, tag),
      });
      return renderDocument({
        locale,
        page: 'password',
        title,
        body,
        base,
        script: false,
      }).toString();
    },
    renderNotFound: (locale, base) => renderMessage(locale, base, 'not-found', 'notFound'),
    renderBotPage: (locale, base, action) => renderMessage(locale, base, 'bot', 'bot', { action }),
    renderUnavailable: (locale, base) => renderMessage(locale, base, 'unavailable', 'unavailable'),
    renderPaused: (locale, base, backAt) =>
      renderMessage(locale, base, 'paused', 'paused', { backAt }),
    renderPortalPage({ model, place, logoutAction, inert = false }) {
      const { locale, title, body, rows, after } = bodies.renderPortal(
        { model, place, logoutAction },
        utf8Text,
      );
      return renderDocument({
        locale,
        page: model.page,
        title,
        body,
        rows,
        after,
        base: place.base,
        script: hasScript(model),
        inline: inert,
      });
    },
    languages: (current, hrefOf) => listLanguages(texts, current, hrefOf),
  };
}

function describeFailure(
  error: PasswordPageOptions['error'],
  t: Translate,
  tag: string,
): string | null {
  if (error === null) return null;
  if (error === 'wrong') return t('portal.password.wrong');
  if (error === 'busy') return t('portal.password.busy');
  if (error === 'foreign') return t('portal.password.foreign');
  return t('portal.password.locked', { time: formatsOf(tag).moment(error.lockedUntil) });
}
