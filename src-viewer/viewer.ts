/**
 * The page of a share that is always on, in the client's browser: it reads sealed files, joins
 * the live portal's view model and renders it with the live portal's own components.
 */
import type { Messages } from '../src-server/source.ts';
import { createBodies, hasScript, type Bodies, type Body } from '../src-server/pages/bodies.ts';
import { listLanguages } from '../src-server/view-model/languages.ts';
import { joinModel, nearest, partName, type MonthPart } from '../src-server/view-model/parts.ts';
import { addOwnLocale } from '../src-shared/domain/locale-data/own-locales.ts';
import { pathOf } from '../src-shared/domain/share-link.ts';
import { SealedError, type SealedFailure } from '../src-shared/sealed-page/sealed-error.ts';
import type { Files } from './files.ts';
import { forgetReload, mayReload } from './memory.ts';
import { linkOf, readFragment } from './place.ts';
import { SealedPages, type Page } from './sealed-pages.ts';
import type { ViewerSettings, Words } from './settings.ts';

/** Which texts tell of a failure; the password page tells of a wrong password itself. */
const sections: Record<Exclude<SealedFailure, 'wrong_password'>, string> = {
  wrong_link: 'notFound',
  gone: 'notFound',
  expired: 'notFound',
  unreachable: 'unavailable',
  newer_format: 'unavailable',
  damaged: 'damaged',
  exchanged: 'damaged',
  rolled_back: 'older',
};

const nothingMore = { action: null, backAt: null };

export class Viewer {
  readonly #settings: ViewerSettings;
  readonly #files: Files;
  readonly #bodies: Bodies;
  readonly #texts: ReadonlyMap<string, Messages>;
  /** The script that a snapshot brings along for its pages: its element goes with the first one. */
  readonly #scriptInside = document.querySelector('#page-script')?.textContent ?? '';
  #pages: SealedPages | null = null;
  #page: Page | null = null;
  /** Counts what was asked for, so that a slow answer does not overwrite a later page. */
  #asked = 0;

  constructor(settings: ViewerSettings, files: Files, { messages, languages, formats }: Words) {
    this.#settings = settings;
    this.#files = files;
    // Of the other languages only the names are shown.
    this.#texts = new Map(
      Object.entries(languages).map(([code, languageName]) => [
        code,
        { ...(code === settings.words ? messages : {}), languageName },
      ]),
    );
    if (formats !== null) addOwnLocale(settings.words, formats);
    this.#bodies = createBodies(new Map([['en', {}], ...this.#texts]));
  }

  /** Shows the page that the address names, from its beginning. */
  async open(): Promise<void> {
    await this.#try(async () => {
      this.#pages = new SealedPages(this.#files, this.#settings.publicId, this.#secret());
      this.#page = await this.#pages.open();
      await this.#showPage();
    });
  }

  /** Another fragment: another month, project or view of the same share. */
  async navigate(): Promise<void> {
    if (this.#page === null) await this.open();
    else await this.#try(() => this.#showPage());
  }

  async logIn(password: string): Promise<void> {
    await this.#try(async () => {
      try {
        this.#page = await this.#pages!.openWith(password);
      } catch (error) {
        if (!(error instanceof SealedError) || error.failure !== 'wrong_password') throw error;
        this.#showPassword('portal.password.wrong');
        return;
      }
      await this.#showPage();
    });
  }

  async logOut(): Promise<void> {
    this.#pages?.forgetPassword();
    this.#page = null;
    await this.open();
  }

  #secret = (): string => this.#files.secret ?? readFragment(location.hash).secret;

  async #try(work: () => Promise<void>): Promise<void> {
    this.#asked++;
    try {
      await work();
    } catch (error) {
      // What is no SealedError is a defect of ours; the client cannot mend it either.
      const failure = error instanceof SealedError ? error.failure : 'unreachable';
      if (!(error instanceof SealedError)) console.error(error);
      // The document is of an earlier program, and the one that wrote these files brought a newer one.
      const { publicId } = this.#settings;
      if (failure === 'newer_format' && this.#settings.data !== null && mayReload(publicId))
        location.reload();
      else if (failure === 'wrong_password') this.#showPassword(null);
      else {
        const { locale } = this.#settings;
        this.#show(this.#bodies.renderMessage(locale, sections[failure], nothingMore), failure);
      }
    }
  }

  async #showPage(): Promise<void> {
    const asked = this.#asked;
    if (this.#page === null) {
      this.#showPassword(null);
      return;
    }
    const { head } = this.#page;
    const { projectId, month, details } = readFragment(location.hash);
    const wanted = nearest(head, { projectId, month, details });
    if (wanted === null) throw new SealedError('gone');
    const part = await this.#part(partName(wanted.projectId, wanted.month));
    if (asked !== this.#asked) return;
    const { locale, publicId } = this.#settings;
    const place = { ...wanted, base: '', locale, key: publicId };
    const model = joinModel(this.#page.head, part, wanted);
    const logoutAction = this.#pages!.needsPassword ? pathOf(place) : null;
    const { body, rows, after, ...page } = this.#bodies.renderPortal({
      model,
      place,
      logoutAction,
    });
    this.#show({ ...page, body: body + rows + after }, model.page);
    forgetReload(publicId);
    if (hasScript(model)) this.#runScript();
  }

  /** A part that is gone was replaced by an upload since the manifest was read: once more. */
  async #part(name: string): Promise<MonthPart> {
    try {
      return await this.#pages!.part(this.#page!, name);
    } catch (error) {
      if (!(error instanceof SealedError) || error.failure !== 'gone') throw error;
      this.#page = await this.#pages!.open();
      if (this.#page === null) throw new SealedError('wrong_password');
      return this.#pages!.part(this.#page, name);
    }
  }

  #showPassword(problem: string | null): void {
    const { locale, publicId } = this.#settings;
    const { projectId, month, details } = readFragment(location.hash);
    const place = { base: '', locale, key: publicId, projectId, month, details };
    const body = this.#bodies.renderPassword({
      locale,
      action: pathOf(place),
      languages: listLanguages(this.#texts, locale, (code) => pathOf({ ...place, locale: code })),
      describe: (t) => (problem === null ? null : t(problem)),
    });
    this.#show(body, 'password');
    document.querySelector<HTMLInputElement>('#password')?.focus();
  }

  #show({ title, body }: Body, page: string): void {
    document.title = title;
    document.body.dataset.page = page;
    document.body.removeAttribute('aria-busy');
    document.body.innerHTML = body;
    for (const link of document.body.querySelectorAll<HTMLAnchorElement>('a[href^="/"]')) {
      const href = linkOf(link.getAttribute('href')!, this.#settings.locale, this.#secret());
      if (href !== null) link.setAttribute('href', href);
    }
  }

  /** The live portal's script takes over charts and details of this document each time it runs. */
  #runScript(): void {
    const script = document.createElement('script');
    if (this.#settings.pageScript === null) {
      script.textContent = this.#scriptInside;
    } else {
      script.src = this.#settings.pageScript;
      script.dataset.charts = this.#settings.charts ?? '';
    }
    script.addEventListener('load', () => {
      script.remove();
    });
    document.head.append(script);
  }
}
