import {
  maxLabelLength,
  type shareMethods,
  type Share,
  type ShareDraft,
} from '../../../src-shared/contract/shares.ts';
import { localDay } from '../../../src-shared/domain/day.ts';
import { minSharePasswordLength } from '../../../src-shared/domain/password.ts';
import { AppError } from '../../../src-shared/errors.ts';
import type { PortalSource } from '../../../src-server/source.ts';
import type { AlwaysOn } from '../../always-on/always-on.ts';
import type { AppContext } from '../../context.ts';
import { checkPasswordLength, type Passwords } from '../../passwords/passwords.ts';
import type { Caller } from '../../sign-in/caller.ts';
import type { Sessions } from '../../sign-in/sessions.ts';
import { clearLockouts } from '../../store/access-journal.ts';
import * as store from '../../store/shares/shares.ts';
import type { ChangesOf } from '../handlers.ts';
import { checkShareDraft } from './share-drafts.ts';

interface ShareChangeDeps {
  passwords: Pick<Passwords, 'hash'>;
  sessions: Pick<Sessions, 'authorise'>;
  source: PortalSource;
  alwaysOn: Pick<AlwaysOn, 'prepareUpdate'>;
}

/** Creates and changes shares. A change takes effect on the client's next request. */
export function createShareChanges(
  context: AppContext,
  { passwords, sessions, source, alwaysOn }: ShareChangeDeps,
): ChangesOf<typeof shareMethods> {
  const { clock, writes, changed } = context;
  const db = context.store;
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
    async 'shares.create'({ password, confirmShortPassword, ...draft }, caller) {
      if (!confirmShortPassword) checkPasswordLength(password, minSharePasswordLength);
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
    async 'shares.update'({ id, patch, password, confirmShortPassword }, caller) {
      if (!confirmShortPassword) checkPasswordLength(password, minSharePasswordLength);
      const edited = (share: Share): ShareDraft => {
        const options = { ...share.options, ...definedOnly(patch.options ?? {}) };
        const draft = { ...store.draftOf(share), ...definedOnly(patch), options };
        return checkShareDraft(draft, source, today(), share.expiresDay);
      };
      edited(existing(id));
      const hash = typeof password === 'string' ? await passwords.hash(password) : password;
      const sealAnew = password === undefined ? null : await alwaysOn.prepareUpdate(id, password);
      // What somebody else changed in the meantime stays, unless this patch says otherwise.
      return writeAs(caller, () =>
        change(id, () => {
          store.updateShare(db, context, id, edited(existing(id)), hash);
          sealAnew?.();
        }),
      );
    },
    'shares.pause': ({ id }) => change(id, () => store.pauseShare(db, context, id, true)),
    'shares.resume': ({ id }) => change(id, () => store.pauseShare(db, context, id, false)),
    'shares.setPaused': ({ ids, paused }) =>
      commit(() => {
        const changing = [...new Set(ids)].filter((id) => existing(id).paused !== paused);
        for (const id of changing) store.pauseShare(db, context, id, paused);
        return { ids: changing };
      }),
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
