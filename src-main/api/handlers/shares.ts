import { renderQr } from './qr.ts';
import type { Share, shareMethods } from '../../../src-shared/contract/shares.ts';
import { localDay } from '../../../src-shared/domain/day.ts';
import { sharePath } from '../../../src-shared/domain/share-link.ts';
import { AppError } from '../../../src-shared/errors.ts';
import { localeOrFallback } from '../../../src-server/locale.ts';
import { createPages, type Pages } from '../../../src-server/pages/render.ts';
import type { PortalDeps, PortalSource } from '../../../src-server/source.ts';
import type { PageRequest } from '../../../src-server/request.ts';
import { createTranslators } from '../../../src-server/translate.ts';
import { buildPageModel } from '../../../src-server/view-model/build.ts';
import type { ParsedInput } from '../../../src-shared/contract.ts';
import type { AlwaysOn } from '../../always-on/always-on.ts';
import type { QueryContext } from '../../context.ts';
import { createPassphrase } from '../../passwords/passphrase.ts';
import { readShareViews } from '../../store/shares/share-views.ts';
import * as store from '../../store/shares/shares.ts';
import type { QueriesOf } from '../handlers.ts';
import { linkOf, writeMail } from './share-mail.ts';
import { listNews } from './share-news.ts';
import { describeExposure, shareOfDraft } from './share-drafts.ts';

/** Shares as the owner sees them, and what a client would see of a draft. */
export function createShareQueries(
  context: QueryContext,
  { source, texts }: Pick<PortalDeps, 'source' | 'texts'>,
  alwaysOn: Pick<AlwaysOn, 'link'>,
): QueriesOf<typeof shareMethods> {
  const { clock, readStore } = context;
  const pages = createPages(texts);
  const translators = createTranslators(texts);

  /** A key sealed under secrets that are not here cannot be shown, see secrets.ts. */
  function findShown(id: number): Share {
    const share = store.findShare(readStore, context, id);
    if (share === null || share.path === '') throw new AppError('not_found');
    return share;
  }

  return {
    'shares.list': (filter) => store.listShares(readStore, context, filter),
    'shares.get': ({ id }) => {
      const share = store.findShare(readStore, context, id);
      if (share === null) throw new AppError('not_found');
      return share;
    },
    'shares.preview': (input) => ({ html: renderPreview(input, source, pages, clock.now()) }),
    'shares.exposure': ({ draft }) => describeExposure(draft, source, readStore, clock.now()),
    'shares.views': ({ id }) => {
      if (store.findShare(readStore, context, id) === null) throw new AppError('not_found');
      return readShareViews(readStore, id, clock.now().getTime());
    },
    'shares.news': () => listNews(readStore, source, localDay(clock.now())),
    'shares.passphrase': () => ({ passphrase: createPassphrase() }),
    'shares.message': ({ id, baseUrl, locale }) => {
      const share = findShown(id);
      const code = localeOrFallback(locale ?? share.options.locale, share.options.locale).code;
      const key = share.path.slice(share.path.lastIndexOf('/') + 1);
      const link =
        baseUrl === null
          ? alwaysOn.link(id, code)
          : linkOf({ path: sharePath(code, key) }, baseUrl);
      if (link === '') throw new AppError('not_found');
      return writeMail(share, link, code, translators(code));
    },
    'shares.qr': ({ id, baseUrl }) => ({
      svg: renderQr(linkOf(findShown(id), baseUrl)),
    }),
  };
}

/** The page of an unsaved share. What the address would redirect to is shown at once. */
function renderPreview(
  input: ParsedInput<'shares.preview'>,
  source: PortalSource,
  pages: Pages,
  now: Date,
): string {
  const share = shareOfDraft(input.draft);
  const build = (request: PageRequest) => buildPageModel({ share, source, now, request });
  const { projectId } = input;
  const wanted = {
    projectId,
    year: textOrNull(input.year),
    month: textOrNull(input.month),
    details: input.details,
  };
  let result = build(wanted);
  if (result.kind === 'redirect') {
    const year = String(Math.floor(result.month / 100));
    const month = String(result.month % 100);
    result = build({ projectId, year, month, details: result.details });
  }
  const locale = localeOrFallback(input.locale, share.options.locale).code;
  if (result.kind !== 'page') return pages.renderNotFound(locale, '');
  const { month, details } = result;
  return pages
    .renderPortalPage({
      model: result.model,
      place: { base: '', locale, key: 'preview', projectId, month, details },
      logoutAction: null,
      inert: true,
    })
    .toString();
}

const textOrNull = (value: number | undefined): string | null =>
  value === undefined ? null : String(value);
