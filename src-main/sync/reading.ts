/**
 * Reads what is new in a Kimai and notes it in the store (docs/kimai-sync.md). Each step is noted
 * with how far the reading is, in one transaction: a program that is killed goes on where it was.
 */
import type { AppContext } from '../context.ts';
import { dropUnlistedEntries, noteEntry, readKimaiCatalog } from '../store/kimai/kimai-catalog.ts';
import {
  beginsOf,
  countAll,
  countRecords,
  dropUnlisted,
  everything,
  noteRecords,
  recordSpan,
  unnamedRecords,
  type Mark,
} from '../store/kimai/kimai-records.ts';
import { hasStandingImport, kimaiSettings } from '../store/kimai/kimai-imports.ts';
import type { KimaiKind } from '../store/kimai/kimai-rows.ts';
import { readSetting } from '../store/settings.ts';
import { inTransaction } from '../store/transactions.ts';
import { entryOf, namesIn, recordOf } from './answers-to-rows.ts';
import { modifiedAfter } from './cursor.ts';
import type { ApiTimesheet, KimaiApi, Me } from './kimai-api.ts';
import { monthsBetween, windowOf, windowText, type Month } from './months.ts';
import { readProgress, writeProgress, type ReadingProgress } from './progress.ts';
import { readRates } from './rates.ts';
import { walk, walkFew, type WalkedPage } from './walk.ts';
import { isTimeZone, localText } from './zoned-time.ts';

/** Above this the first reading takes the short form of records, and names from the lists. */
const maxWholeRecords = 20_000;
const maxMonths = 240;
const wholeEveryMs = 7 * 86_400_000;
/** Before this, budgets stand at the address of each customer and project only. */
const budgetsListedSince = 26_600;
/** Names of users stand in records only, for a token that may not list users. */
const namedRecords = 50;
const maxLookUps = 50;

const kinds: readonly KimaiKind[] = ['customer', 'project', 'activity', 'user'];

type Context = Pick<AppContext, 'clock' | 'readStore' | 'store' | 'writes'>;

export class Reading {
  readonly #context: Context;
  readonly #api: KimaiApi;
  readonly #onPage: (done: number, pages: number) => void;

  /** `onPage`: of the first reading. */
  constructor(context: Context, api: KimaiApi, onPage: (done: number, pages: number) => void) {
    this.#context = context;
    this.#api = api;
    this.#onPage = onPage;
  }

  /**
   * One poll; before it the first reading, as far as it is missing. `byHand`: the owner asks for
   * it, so that nothing is left for later. Throws what `KimaiApi` throws; what was read by then is
   * noted.
   */
  async run(byHand: boolean): Promise<void> {
    if (this.#progress.cursor === null) await this.#readFirst();
    await this.#poll(byHand);
  }

  get #progress(): ReadingProgress {
    return readProgress(this.#context.readStore);
  }

  #write(work: () => void): Promise<void> {
    const { store, writes } = this.#context;
    return writes.run(() => {
      inTransaction(store, work);
    });
  }

  /** What is true of the whole poll: the server's clock and version, the token's zone and rights. */
  async #greet(): Promise<number> {
    const { version, versionId, at } = await this.#api.version();
    const me = await this.#api.me();
    const rights = rightsOf(me);
    const { rights: known } = this.#progress;
    const hasOtherRights = known !== '' && known !== rights;
    await this.#write(() =>
      writeProgress(this.#context.store, {
        ...{ version, versionId, timeZone: me.timezone ?? '' },
        ...(hasOtherRights ? { hasOtherRights } : { rights }),
      }),
    );
    return at;
  }

  async #readFirst(): Promise<void> {
    const at = await this.#greet();
    const { mayListUsers } = await this.#readCatalog();
    const total = await this.#api.count('');
    const filter = mayListUsers && total >= maxWholeRecords ? '' : 'full=1';
    // What is new since an earlier start stands on the last pages: the poll brings it.
    const begun = this.#progress.first;
    let pages = begun?.pages ?? 0;
    const cursor = begun?.cursor ?? at;
    for await (const { rows, left } of walk(this.#api, filter, begun?.page)) {
      pages = Math.max(pages, left + 1);
      await this.#write(() => {
        this.#note(rows);
        writeProgress(this.#context.store, { first: { page: left, pages, cursor } });
      });
      this.#onPage(pages - left, pages);
    }
    await this.#lookUpNames();
    const wholeAt = this.#context.clock.now().getTime();
    await this.#write(() => writeProgress(this.#context.store, { cursor, wholeAt, first: null }));
    await this.#readBudgets();
  }

  async #poll(byHand: boolean): Promise<void> {
    const at = await this.#greet();
    const { mayListUsers, vanished } = await this.#readCatalog();
    const { cursor, versionId } = this.#progress;
    const since = modifiedAfter(cursor!, versionId, this.#zone);
    await this.#noteAll(walkFew(this.#api, `full=1&modified_after=${since}`));
    const { readStore } = this.#context;
    for (const month of this.#monthsOf(vanished)) await this.#readMonth(month);
    const latest = await this.#api.latest(mayListUsers ? 1 : namedRecords);
    await this.#write(() => {
      this.#note(latest.rows);
      this.#noteSight(latest.rows);
    });
    const totals: [Mark, number][] = [
      ['all', latest.total],
      ['exported', await this.#api.count(markFilter.exported)],
      ['active', await this.#api.count(markFilter.active)],
    ];
    const wrongOnes = (): typeof totals => {
      const counts = countAll(readStore);
      return totals.filter(([mark, total]) => counts[mark] !== total);
    };
    const wrong = wrongOnes();
    // The computer's clock may have been set back.
    const sinceMs = this.#context.clock.now().getTime() - (this.#progress.wholeAt ?? 0);
    const isDue = Math.abs(sinceMs) >= wholeEveryMs;
    if (isDue || (byHand && wrong.length > 0)) await this.#readWhole();
    else if (wrong.length > 0) await this.#readDifferingMonths(wrong.map(([mark]) => mark));
    if (wrong.length > 0 && !isDue && wrongOnes().length > 0) await this.#readWhole();
    await this.#lookUpNames();
    // What waits since it was taken back has not changed.
    const mayAsk = readSetting(readStore, kimaiSettings.asks) !== true;
    if (mayAsk && hasStandingImport(readStore)) await readRates(this.#context, this.#api);
    if (isDue || byHand) await this.#readBudgets();
    await this.#write(() => writeProgress(this.#context.store, { cursor: at }));
  }

  /** `vanished`: what is in no list any more, and not of users who may just be hidden. */
  async #readCatalog(): Promise<{ mayListUsers: boolean; vanished: [KimaiKind, number][] }> {
    const vanished: [KimaiKind, number][] = [];
    let mayListUsers = false;
    for (const kind of kinds) {
      const entries = await this.#api.list(kind);
      if (kind === 'user') mayListUsers = entries !== null;
      if (entries === null) continue;
      await this.#write(() => {
        const { store } = this.#context;
        for (const entry of entries) {
          noteEntry(store, kind, entry.id, entryOf[kind](entry as never), 'list');
        }
        const listed = new Set(entries.map(({ id }) => id));
        for (const id of dropUnlistedEntries(store, kind, listed)) vanished.push([kind, id]);
      });
    }
    return { mayListUsers, vanished };
  }

  /** Call within a transaction. */
  #note(rows: readonly ApiTimesheet[]): void {
    const { store } = this.#context;
    for (const { kind, id, details } of namesIn(rows)) {
      noteEntry(store, kind, id, details as never, 'record');
    }
    noteRecords(store, rows.map(recordOf));
  }

  /** Since 2.66 records come without rates if the token may not see them. Call within a transaction. */
  #noteSight(rows: readonly ApiTimesheet[]): void {
    if (rows.length === 0) return;
    const { store } = this.#context;
    const seesRates = rows.some(({ rate }) => typeof rate === 'number');
    const isLost = this.#progress.seesRates === true && !seesRates;
    writeProgress(store, { seesRates, ...(isLost && { hasOtherRights: true }) });
  }

  /** Returns the ids of what was read. */
  async #noteAll(pages: AsyncGenerator<WalkedPage>): Promise<Set<number>> {
    const ids = new Set<number>();
    for await (const { rows } of pages) {
      for (const { id } of rows) ids.add(id);
      await this.#write(() => this.#note(rows));
    }
    return ids;
  }

  get #zone(): string {
    return this.#progress.timeZone;
  }

  /** The zone by which Kimai understands times; UTC if it names none that is known. */
  get #knownZone(): string {
    return isTimeZone(this.#zone) ? this.#zone : 'UTC';
  }

  async #readMonth(month: Month): Promise<void> {
    const ids = await this.#noteAll(walkFew(this.#api, `full=1&${windowText(month)}`));
    const window = windowOf(month, this.#knownZone);
    await this.#write(() => dropUnlisted(this.#context.store, window, ids));
  }

  async #readDifferingMonths(marks: readonly Mark[]): Promise<void> {
    const { readStore, clock } = this.#context;
    const span = recordSpan(readStore);
    const now = clock.now().getTime() / 1000;
    const months = monthsBetween(
      Math.min(span?.first ?? now, now),
      Math.max(span?.last ?? now, now),
      this.#knownZone,
    );
    if (months.length > maxMonths) return this.#readWhole();
    for (const month of months) {
      const window = windowOf(month, this.#knownZone);
      for (const mark of marks) {
        const filter = [windowText(month), markFilter[mark]].filter(Boolean).join('&');
        const total = await this.#api.count(filter);
        if (total === countRecords(readStore, mark, window)) continue;
        await this.#readMonth(month);
        break;
      }
    }
  }

  async #readWhole(): Promise<void> {
    const ids = await this.#noteAll(walk(this.#api, 'full=1'));
    const wholeAt = this.#context.clock.now().getTime();
    await this.#write(() => {
      dropUnlisted(this.#context.store, everything, ids);
      writeProgress(this.#context.store, { wholeAt });
    });
  }

  /** The months in which something had records: they went with it, or went over to another one. */
  #monthsOf(vanished: readonly [KimaiKind, number][]): Month[] {
    const begins = vanished.flatMap(([kind, id]) =>
      kind === 'customer' ? [] : beginsOf(this.#context.readStore, kind, id),
    );
    const months = begins.flatMap((begin) => monthsBetween(begin, begin, this.#knownZone));
    return [...new Map(months.map((month) => [`${month.year} ${month.month}`, month])).values()];
  }

  /** Names of things that no list has, from records of theirs. */
  async #lookUpNames(): Promise<void> {
    for (const { beginAt } of unnamedRecords(this.#context.readStore, maxLookUps)) {
      const at = localText(beginAt * 1000, this.#knownZone);
      await this.#noteAll(walkFew(this.#api, `full=1&begin=${at}&end=${at}`));
    }
  }

  async #readBudgets(): Promise<void> {
    const { readStore, store } = this.#context;
    if (this.#progress.versionId >= budgetsListedSince) return;
    for (const kind of ['customer', 'project'] as const) {
      for (const { kimaiId } of readKimaiCatalog(readStore, kind)) {
        const entry = await this.#api.entry(kind, kimaiId);
        if (!entry) continue;
        const details = entryOf[kind](entry as never);
        await this.#write(() => noteEntry(store, kind, kimaiId, details, 'record'));
      }
    }
  }
}

const markFilter: Record<Mark, string> = { all: '', exported: 'exported=1', active: 'active=1' };

/** What decides which records a token may see. */
function rightsOf({ roles, teams, memberships }: Me): string {
  const led = (memberships ?? []).map(({ team, teamlead }) => [team?.id ?? 0, teamlead ?? false]);
  return JSON.stringify([roles.toSorted(), teams.map(({ id }) => id).toSorted(), led.toSorted()]);
}
