import { renderSVG } from 'uqr';
import {
  maxLabelLength,
  type shareMethods,
  type Share,
  type ShareDraft,
} from '../../../src-shared/contract/shares.ts';
import { localDay } from '../../../src-shared/domain/day.ts';
import { AppError } from '../../../src-shared/errors.ts';
import { localeOrFallback } from '../../../src-server/locale.ts';
import { createPages, type Pages } from '../../../src-server/pages/render.ts';
import type { PortalDeps } from '../../../src-server/source.ts';
import type { PageRequest } from '../../../src-server/request.ts';
import { buildPageModel } from '../../../src-server/view-model/build.ts';
import type { ParsedInput } from '../../../src-shared/contract.ts';
import type { AppContext } from '../../context.ts';
import { createPassphrase } from '../../passwords/passphrase.ts';
import type { Passwords } from '../../passwords/passwords.ts';
import type { Sessions } from '../../sign-in/sessions.ts';
import { clearLockouts } from '../../store/access-journal.ts';
import { readShareViews } from '../../store/shares/share-views.ts';
import * as store from '../../store/shares/shares.ts';
import type { Caller, HandlersOf } from '../handlers.ts';
import { checkShareDraft, describeExposure, shareOfDraft } from './share-drafts.ts';

export interface ShareHandlerDeps {
  passwords: Pick<Passwords, 'hash'>;
  sessions: Pick<Sessions, 'authorise'>;
  portalDeps: Pick<PortalDeps, 'source' | 'texts'>;
}

/** All methods on shares. A change takes effect on the client's next request. */
export function createShareHandlers(
  context: AppContext,
  { passwords, sessions, portalDeps }: ShareHandlerDeps,
): HandlersOf<typeof shareMethods> {
  const { clock, readStore, writes, changed } = context;
  const db = context.store;
  const { source } = portalDeps;
  const pages = createPages(portalDeps.texts);
  const today = () => localDay(clock.now());

  /** Throws `not_found` for what is not there. Only `restore` and reading want deleted ones. */
  function existing(id: number, deleted: 'refused' | 'accepted' = 'refused'): Share {
    const share = store.findShare(db, context, id);
    if (share === null) throw new AppError('not_found');
    if (share.state === 'deleted' && deleted === 'refused') throw new AppError('not_found');
    return share;
  }

  /** One transaction in the write queue, or within it; tells the UI. Returns what `job` does. */
  function commit<T>(job: () => T): T {
    const result = db.transaction(job).immediate();
    changed('shares');
    return result;
  }

  function change(id: number, job: () => void, deleted?: 'accepted'): Share {
    return commit(() => {
      existing(id, deleted);
      job();
      return existing(id, deleted);
    });
  }

  /** While a password was hashed the app may have been locked, or the right taken away. */
  function writeAs<T>(caller: Caller, job: () => T): Promise<T> {
    return writes.run(() => {
      sessions.authorise('customer_portal', caller);
      return job();
    });
  }

  return {
    'shares.list': (filter) => store.listShares(readStore, context, filter),
    'shares.get': ({ id }) => {
      const share = store.findShare(readStore, context, id);
      if (share === null) throw new AppError('not_found');
      return share;
    },
    async 'shares.create'({ password, ...draft }, caller) {
      checkShareDraft(draft, source, today());
      // Before the transaction: hashing takes 180 ms, and the write queue is everybody's.
      const hash = password === null ? null : await passwords.hash(password);
      return writeAs(caller, () =>
        commit(() => {
          const checked = checkShareDraft(draft, source, today());
          return existing(store.insertShare(db, context, checked, hash));
        }),
      );
    },
    async 'shares.update'({ id, patch, password }, caller) {
      const edited = (share: Share): ShareDraft =>
        checkShareDraft(
          { ...store.draftOf(share), ...definedOnly(patch) },
          source,
          today(),
          share.expiresDay,
        );
      edited(existing(id));
      const hash = typeof password === 'string' ? await passwords.hash(password) : password;
      // What somebody else changed in the meantime stays, unless this patch says otherwise.
      return writeAs(caller, () =>
        change(id, () => store.updateShare(db, context, id, edited(existing(id)), hash)),
      );
    },
    'shares.pause': ({ id }) => change(id, () => store.pauseShare(db, context, id, true)),
    'shares.resume': ({ id }) => change(id, () => store.pauseShare(db, context, id, false)),
    'shares.rotateKey': ({ id }) => change(id, () => store.rotateShareKey(db, context, id)),
    'shares.duplicate': ({ id }) =>
      commit(() => {
        const share = existing(id);
        const draft = { ...store.draftOf(share), label: labelOfCopy(share.label) };
        const hash = store.readPasswordHash(db, id);
        return existing(store.insertShare(db, context, draft, hash));
      }),
    'shares.delete': ({ id }) => {
      commit(() => {
        existing(id);
        store.setShareDeleted(db, context, id, true);
        store.purgeDeletedShares(db, context);
      });
      return {};
    },
    'shares.restore': ({ id }) =>
      change(id, () => store.setShareDeleted(db, context, id, false), 'accepted'),
    'shares.clearLockouts': ({ id }) => {
      change(id, () => clearLockouts(db, id));
      return {};
    },
    'shares.endSessions': ({ id }) => {
      change(id, () => store.endShareSessions(db, id));
      return {};
    },
    'shares.preview': (input) => ({ html: renderPreview(input, portalDeps, pages, clock.now()) }),
    'shares.exposure': ({ draft }) => describeExposure(draft, source, readStore, clock.now()),
    'shares.views': ({ id }) => {
      if (store.findShare(readStore, context, id) === null) throw new AppError('not_found');
      return readShareViews(readStore, id, clock.now().getTime());
    },
    'shares.passphrase': () => ({ passphrase: createPassphrase() }),
    'shares.qr': ({ id, baseUrl }) => {
      const share = store.findShare(readStore, context, id);
      // A key sealed under secrets that are not here cannot be shown, see secrets.ts.
      if (share === null || share.path === '') throw new AppError('not_found');
      const address = baseUrl.replace(/(?<!\/)\/+$/, '') + share.path;
      return { svg: renderSVG(address, { border: 2, ecc: 'M' }) };
    },
  };
}

/** `Name (2)`, then `Name (3)`: needs no language. */
function labelOfCopy(label: string): string {
  const match = /^(.*) \((\d{1,4})\)$/s.exec(label);
  const [name, number] = match ? [match[1]!, Number(match[2]) + 1] : [label, 2];
  const suffix = ` (${number})`;
  // Cut to what the contract takes, or the copy could not be saved again; never inside a letter.
  const room = name!.slice(0, maxLabelLength - suffix.length).replace(/[\uD800-\uDBFF]$/, '');
  return `${room}${suffix}`.trim();
}

/** What the caller left out is left as it was. */
const definedOnly = <T extends object>(patch: T) =>
  Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

/** The page of an unsaved share. What the address would redirect to is shown at once. */
function renderPreview(
  input: ParsedInput<'shares.preview'>,
  { source }: ShareHandlerDeps['portalDeps'],
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
  if (result.kind !== 'page') return pages.renderNotFound(locale);
  const { month, details } = result;
  return pages.renderPortalPage({
    model: result.model,
    place: { locale, key: 'preview', projectId, month, details },
    logoutAction: null,
    inert: true,
  });
}

const textOrNull = (value: number | undefined): string | null =>
  value === undefined ? null : String(value);
