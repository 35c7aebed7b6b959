/** Which published shares will show something new after an import. Pure. */
import type { DayNumber } from '../../../src-shared/domain/day.ts';
import {
  mergeRecords,
  type DetailsRow,
  type MergeRecord,
} from '../../../src-shared/domain/merge.ts';
import { monthOfDay } from '../../../src-shared/domain/period.ts';
import {
  includesProject,
  passesFilter,
  recordFilter,
  type RecordFilter,
} from '../../../src-shared/domain/share-scope.ts';
import { isShown, shownColumns, type Column } from '../../../src-shared/domain/visibility.ts';
import type { PublishedShare } from '../../store/shares/published-shares.ts';
import type { CustomerSlot, ProjectSlot } from '../plan/entity-slots.ts';

/** A record that comes or goes, with the project it belongs to. */
export interface CountedRecord {
  project: ProjectSlot;
  day: DayNumber;
  billable: boolean;
  running: boolean;
  durationS: number;
  rateE4: number | null;
}

/** A record that stays, before or after its change. Ids may stand for names. */
export interface ChangedRecord extends CountedRecord, MergeRecord {}

/** A share with what belongs to it before and after the import. */
interface Watched {
  share: PublishedShare;
  filter: RecordFilter;
  before: ReadonlySet<ProjectSlot>;
  after: ReadonlySet<ProjectSlot>;
}

/**
 * Compares what shares show before and after an import, change by change. Records that the owner
 * hid must not be given. A change of a value that a share hides does not count. Merged rows count
 * as changed with any of their records, although their text may stay the same.
 */
export class ShareChanges {
  /** Shares for which no change was found yet, by the projects that they show. */
  #pending = new Map<ProjectSlot, Watched[]>();
  #watched: Watched[];
  #named = new Set<PublishedShare>();

  constructor(
    shares: readonly PublishedShare[],
    customers: readonly CustomerSlot[],
    projects: readonly ProjectSlot[],
    today: DayNumber,
  ) {
    this.#watched = shares.map((share) => ({
      share,
      filter: recordFilter(share, today),
      before: new Set(projects.filter((slot) => isIncluded(share, slot, 'before'))),
      after: new Set(projects.filter((slot) => isIncluded(share, slot, 'after'))),
    }));
    for (const watched of this.#watched) {
      if (entitiesChange(watched, customers)) this.#named.add(watched.share);
      else for (const slot of watched.after) this.#watch(slot, watched);
    }
  }

  /** A record that is new, or that is removed. */
  cameOrWent(record: CountedRecord): void {
    this.#check(record.project, (watched) => {
      if (passesFilter(watched.filter, record)) return true;
      const { money, time } = spentOf(watched, record);
      return money !== 0 || time !== 0;
    });
  }

  changed(before: ChangedRecord, after: ChangedRecord): void {
    const isChanged = (watched: Watched): boolean => {
      const wasShown = watched.before.has(before.project) && passesFilter(watched.filter, before);
      const willBeShown = watched.after.has(after.project) && passesFilter(watched.filter, after);
      if (wasShown !== willBeShown) return true;
      if (willBeShown && shownFacts(watched.share, before) !== shownFacts(watched.share, after)) {
        return true;
      }
      const [spent, willBeSpent] = [spentOf(watched, before), spentOf(watched, after)];
      return spent.money !== willBeSpent.money || spent.time !== willBeSpent.time;
    };
    this.#check(before.project, isChanged);
    if (after.project !== before.project) this.#check(after.project, isChanged);
  }

  /** People got other names. `isShowing`: whether one of them is among a share's records. */
  renamedUsers(isShowing: (projectIds: number[], filter: RecordFilter) => boolean): void {
    for (const { share, filter, before } of this.#watched) {
      if (this.#named.has(share) || !isShown('user', share.options)) continue;
      const projectIds = [...before].flatMap(({ id }) => id ?? []);
      if (isShowing(projectIds, filter)) this.#named.add(share);
    }
  }

  /** The shares that change, by id. */
  list(): { shareId: number; label: string }[] {
    return this.#watched
      .filter(({ share }) => this.#named.has(share))
      .map(({ share: { id, label } }) => ({ shareId: id, label }));
  }

  #watch(slot: ProjectSlot, watched: Watched): void {
    const list = this.#pending.get(slot);
    if (list) list.push(watched);
    else this.#pending.set(slot, [watched]);
  }

  /** A share that was found leaves the list, so that a large import asks for each one only once. */
  #check(project: ProjectSlot, isChanged: (watched: Watched) => boolean): void {
    const pending = this.#pending.get(project);
    if (pending === undefined) return;
    const left = pending.filter((watched) => {
      if (!this.#named.has(watched.share) && isChanged(watched)) this.#named.add(watched.share);
      return !this.#named.has(watched.share);
    });
    if (left.length === 0) this.#pending.delete(project);
    else if (left.length < pending.length) this.#pending.set(project, left);
  }
}

/** Whether a project belongs to a share. What is yet to be created has no id. */
function isIncluded(share: PublishedShare, slot: ProjectSlot, when: 'before' | 'after'): boolean {
  const { row, patch } = slot;
  if (slot.isNew && (when === 'before' || !slot.used)) return false;
  const isBefore = when === 'before' || !slot.used;
  return includesProject(share, {
    id: slot.id ?? -1,
    customerId: isBefore ? row.customer_id : (slot.customer.id ?? -1),
    visible: (isBefore ? row.visible : (patch.visible ?? row.visible)) === 1,
  });
}

/** Whether projects come or go, or what pages say about them or about the customer changes. */
function entitiesChange(watched: Watched, customers: readonly CustomerSlot[]): boolean {
  const { share, before, after } = watched;
  if (before.size !== after.size || [...before].some((slot) => !after.has(slot))) return true;
  for (const slot of after) {
    if (!slot.used) continue;
    const { patch } = slot;
    if (patch.name !== undefined || budgetChanges(share, slot)) return true;
    const isOnCustomerPage = share.projectId === null;
    if (isOnCustomerPage && (patch.color !== undefined || patch.visible !== undefined)) return true;
  }
  const customer = customers.find(({ id }) => id === share.customerId);
  if (!customer?.used) return false;
  if (share.projectId !== null) return after.size > 0 && customer.patch.currency !== undefined;
  const { name, currency } = customer.patch;
  return name !== undefined || currency !== undefined || budgetChanges(share, customer);
}

type BudgetSlot = ProjectSlot | CustomerSlot;

function budgetChanges(share: PublishedShare, slot: BudgetSlot): boolean {
  const before = shownBudget(share, slot.row);
  const after = shownBudget(share, { ...slot.row, ...slot.patch });
  return before.money !== after.money || before.time !== after.time || before.type !== after.type;
}

/** The part of it that the share shows; 0 if it shows nothing of it. */
function shownBudget({ options }: PublishedShare, row: Omit<BudgetSlot['row'], 'name'>) {
  const money = isShown('moneyBudget', options) ? row.budget_e4 : 0;
  const time = isShown('timeBudget', options) ? row.time_budget_s : 0;
  return { money, time, type: money === 0 && time === 0 ? null : row.budget_type };
}

/**
 * What a record adds to the budgets that a share shows, outside of the share's days too. The month
 * of a monthly budget can be chosen if one of its days belongs to the share.
 */
function spentOf(watched: Watched, record: CountedRecord): { money: number; time: number } {
  const { share, filter, after } = watched;
  const spent = { money: 0, time: 0 };
  if (!record.billable || record.running || !after.has(record.project)) return spent;
  const month = monthOfDay(record.day);
  const canBeChosen = month >= monthOfDay(filter.firstDay) && month <= monthOfDay(filter.lastDay);
  const { project } = record;
  for (const { row, patch } of share.projectId === null ? [project, project.customer] : [project]) {
    const budget = shownBudget(share, { ...row, ...patch });
    if (budget.type === 'month' && !canBeChosen) continue;
    if (budget.money > 0) spent.money = record.rateE4 ?? 0;
    if (budget.time > 0) spent.time = record.durationS;
  }
  return spent;
}

const factsOf: Record<Column, (row: DetailsRow) => unknown> = {
  date: (row) => row.day,
  user: (row) => row.userIdentity,
  project: (row) => row.projectId,
  activity: (row) => row.activities,
  tags: (row) => row.tags,
  times: (row) => [row.beginMin, row.endMin],
  description: (row) => row.description,
  duration: (row) => row.durationS,
  rate: (row) => [row.hourlyRates, row.fixed],
  total: (row) => row.rateE4,
};

/** What a share shows of a record, made by the rule of the details table, to be compared. */
function shownFacts({ options, projectId }: PublishedShare, record: ChangedRecord): string {
  const [row] = mergeRecords([record], 'none');
  const facts = shownColumns(options, projectId !== null).map((column) => factsOf[column](row!));
  const amount = isShown('monthTotal', options) ? (row!.rateE4 ?? 0) : null;
  // Who worked and when also decide which records are merged, and in which order.
  const order = options.mergeMode === 'none' ? null : [row!.userIdentity, row!.beginMin];
  return JSON.stringify([facts, row!.nonBillable, row!.running, amount, order]);
}
