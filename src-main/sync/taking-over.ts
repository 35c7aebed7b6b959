/** What was read from a Kimai becomes an import: by itself, or as a preview if it needs a decision. */
import type { ImportJob, ImportPreview } from '../../src-shared/contract/imports.ts';
import type { SyncStatus } from '../../src-shared/contract/sync.ts';
import type { AppContext } from '../context.ts';
import type { Imports } from '../import/jobs/imports.ts';
import { changesCurrency } from '../store/kimai/kimai-catalog.ts';
import { countAll, countGone, keepGone, losesRates } from '../store/kimai/kimai-records.ts';
import {
  hasPending,
  hasStandingImport,
  kimaiSettings,
  pendingDigest,
} from '../store/kimai/kimai-imports.ts';
import { readSetting, writeSetting } from '../store/settings.ts';
import type { Traffic } from './connection.ts';
import type { SyncJournal } from './journal.ts';
import { readProgress, writeProgress } from './progress.ts';

export type TakingOverImports = Pick<Imports, 'openKimai' | 'jobs' | 'cancel'>;

type Reason = NonNullable<SyncStatus['preview']>['because'];

/** More records than this, or than this part, do not vanish at once without a question. */
const maxVanished = 50;
const maxVanishedPart = 0.05;
/** A single one is no reason to ask, however few there are. */
const minVanished = 3;

interface Waiting {
  jobId: string;
  because: Reason;
  removed: number;
  /** Of what it would import. */
  digest: string;
}

export class TakingOver {
  readonly #context: AppContext;
  readonly #imports: TakingOverImports;
  readonly #journal: SyncJournal;
  #waiting: Waiting | null = null;

  constructor(context: AppContext, imports: TakingOverImports, journal: SyncJournal) {
    this.#context = context;
    this.#imports = imports;
    this.#journal = journal;
  }

  /** The import that waits for its owner; null: none does. */
  waiting(): Waiting | null {
    return this.#waiting && this.#jobOf(this.#waiting)?.state === 'preview' ? this.#waiting : null;
  }

  /** The same, as the owner sees it. */
  shown(): SyncStatus['preview'] {
    const waiting = this.waiting();
    if (waiting === null) return null;
    const { jobId, because, removed } = waiting;
    return { jobId, because, removed };
  }

  /**
   * What became of the import that waited. The owner who did not want it keeps what vanished; one
   * that was no question of that is not asked again at each poll.
   */
  async settleEarlier(): Promise<void> {
    const waiting = this.#waiting;
    const state = waiting && (this.#jobOf(waiting)?.state ?? 'cancelled');
    if (waiting === null || state === 'preview' || state === 'committing') return;
    this.#waiting = null;
    if (state === 'done') await this.#noteTaken();
    if (state !== 'cancelled') return;
    const { store, writes } = this.#context;
    const isKept = waiting.because === 'vanished' || waiting.because === 'rights';
    await writes.run(() => {
      if (isKept) keepGone(store);
      else writeSetting(store, kimaiSettings.paused, true);
    });
    await this.#journal.note({ what: isKept ? 'kept' : 'paused' });
  }

  /** Imports what is new. `host`: the name in the history. `traffic`: what reading it cost. */
  async run(host: string, traffic: Traffic): Promise<void> {
    const { readStore } = this.#context;
    if (!hasPending(readStore)) {
      await this.#journal.note({ what: 'read', ...traffic }, true);
      return;
    }
    const waits = this.waiting();
    if (waits !== null && waits.digest === pendingDigest(readStore)) {
      // The owner may be looking at it.
      await this.#journal.note({ what: 'read', ...traffic }, true);
      return;
    }
    await this.giveUp();
    const because = this.#reason();
    const outcome = await this.#imports.openKimai(host, () => because === null);
    const counts = countsOf(outcome.preview);
    if (outcome.state === 'preview') {
      const waiting = { jobId: outcome.jobId, because: because ?? ('doubt' as const) };
      this.#waiting = { ...waiting, removed: counts.removed, digest: pendingDigest(readStore) };
      await this.#journal.note({ what: 'preview', ...traffic, ...counts }, true);
      this.#context.tell({ kind: 'import_waits', fileName: host, jobId: outcome.jobId });
      return;
    }
    if (outcome.state !== 'done') {
      await this.#journal.note({ what: 'failed', ...traffic, error: outcome.error });
      return;
    }
    await this.#noteTaken();
    await this.#journal.note({ what: 'imported', ...traffic, ...counts }, true);
  }

  /** The import that waits is not wanted any more: another one takes its place, or none. */
  async giveUp(): Promise<void> {
    const waiting = this.waiting();
    this.#waiting = null;
    if (waiting === null) return;
    try {
      await this.#imports.cancel(waiting.jobId);
      // One that is over still stands in the list.
      await this.#imports.cancel(waiting.jobId);
    } catch (error) {
      // Its owner committed it at this moment.
      this.#context.log.error('an import of Kimai could not be put away', error);
    }
  }

  /** Why the owner has to look first; null: nothing speaks against importing it. */
  #reason(): Reason | null {
    const { readStore } = this.#context;
    if (!hasStandingImport(readStore)) return 'first';
    if (readSetting(readStore, kimaiSettings.asks) === true) return 'undone';
    const gone = countGone(readStore);
    const { hasOtherRights } = readProgress(readStore);
    if (hasOtherRights && (gone > 0 || losesRates(readStore))) return 'rights';
    if (changesCurrency(readStore)) return 'currency';
    const all = countAll(readStore).all + gone;
    const isMany = gone > maxVanished || gone > all * maxVanishedPart;
    return gone >= minVanished && isMany ? 'vanished' : null;
  }

  async #noteTaken(): Promise<void> {
    const { store, writes } = this.#context;
    // The rights of the next poll are the known ones.
    await writes.run(() => {
      if (readProgress(store).hasOtherRights) {
        writeProgress(store, { rights: '', hasOtherRights: false });
      }
    });
  }

  #jobOf({ jobId }: Waiting): ImportJob | undefined {
    return this.#imports.jobs().find((job) => job.jobId === jobId);
  }
}

function countsOf(
  preview: ImportPreview | null,
): Pick<ImportPreview['counts'], 'inserted' | 'updated' | 'removed'> {
  const { inserted = 0, updated = 0, removed = 0 } = preview?.counts ?? {};
  return { inserted, updated, removed };
}
