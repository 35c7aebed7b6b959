/** What the API answers, as it is kept. Internal rates, e-mails and comments are left away here. */
import { E4 } from '../../src-shared/domain/money.ts';
import type {
  KimaiCatalog,
  KimaiCustomer,
  KimaiDetails,
  KimaiKind,
  KimaiProject,
  KimaiRecord,
} from '../store/kimai/kimai-rows.ts';
import type { ApiCustomer, ApiLists, ApiProject, ApiTimesheet } from './kimai-api.ts';

/** Money of JSON: a float of at most four decimals. */
const e4 = (amount: number): number => Math.round(amount * E4);

/** Seconds since 1970 UTC. */
const instant = (text: string): number =>
  Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2')) / 1000;

const idOf = (ref: number | { id: number }): number => (typeof ref === 'number' ? ref : ref.id);

export function recordOf(row: ApiTimesheet): KimaiRecord {
  const details: KimaiDetails = {
    begin: row.begin,
    end: row.end ?? null,
    durationS: row.duration ?? 0,
    ...(typeof row.break === 'number' && { breakS: row.break }),
    ...(typeof row.rate === 'number' && { rateE4: e4(row.rate) }),
    ...(typeof row.billable === 'boolean' && { billable: row.billable }),
    description: row.description ?? '',
    tags: row.tags,
  };
  return {
    kimaiId: row.id,
    beginAt: instant(row.begin),
    project: idOf(row.project),
    activity: idOf(row.activity),
    user: idOf(row.user),
    exported: row.exported ?? false,
    running: details.end === null,
    details,
  };
}

export const ratesOf = (said: {
  hourlyRate?: number | null | undefined;
  fixedRate?: number | null | undefined;
}): Pick<KimaiDetails, 'hourlyRateE4' | 'fixedRateE4'> => ({
  ...(typeof said.hourlyRate === 'number' && { hourlyRateE4: e4(said.hourlyRate) }),
  // Without the right to see rates there is no such field; null means that there is none.
  ...(said.fixedRate !== undefined && { fixedRateE4: e4(said.fixedRate ?? 0) }),
});

/** An empty number or colour is left away: the file exports have empty cells there as well. */
function commonOf(entry: ApiCustomer | ApiProject): Omit<KimaiCustomer, 'currency'> {
  const { budget, timeBudget, budgetType } = entry;
  return {
    name: entry.name,
    ...(entry.number && { number: entry.number }),
    ...(entry.color !== undefined && { color: entry.color || null }),
    ...(typeof entry.visible === 'boolean' && { visible: entry.visible }),
    ...(typeof budget === 'number' && { budgetE4: e4(budget) }),
    ...(typeof timeBudget === 'number' && { timeBudgetS: timeBudget }),
    ...(budgetType !== undefined && { budgetType: budgetType === 'month' ? 'month' : null }),
  };
}

const customerOf = (entry: ApiCustomer): KimaiCustomer => ({
  ...commonOf(entry),
  ...(entry.currency && { currency: entry.currency }),
});

const projectOf = (entry: ApiProject): KimaiProject => ({
  ...commonOf(entry),
  customer: idOf(entry.customer),
  ...(entry.orderNumber && { orderNumber: entry.orderNumber }),
});

/** Kind → how one of its entries is kept. */
export const entryOf: { [K in KimaiKind]: (entry: ApiLists[K]) => KimaiCatalog[K] } = {
  customer: customerOf,
  project: projectOf,
  activity: ({ name }) => ({ name }),
  user: ({ username, alias }) => ({ login: username, displayName: alias || username }),
};

interface Named {
  kind: KimaiKind;
  id: number;
  details: KimaiCatalog[KimaiKind];
}

/** What records say of the catalog: each entry once, customers before their projects. */
export function namesIn(rows: readonly ApiTimesheet[]): Named[] {
  const customers = new Map<number, ApiCustomer>();
  const projects = new Map<number, ApiProject>();
  const activities = new Map<number, ApiLists['activity']>();
  const users = new Map<number, ApiLists['user']>();
  for (const { project, activity, user } of rows) {
    if (typeof project === 'object') {
      projects.set(project.id, project);
      if (typeof project.customer === 'object') {
        customers.set(project.customer.id, project.customer);
      }
    }
    if (typeof activity === 'object') activities.set(activity.id, activity);
    if (typeof user === 'object') users.set(user.id, user);
  }
  const named = <K extends KimaiKind>(
    kind: K,
    entries: ReadonlyMap<number, ApiLists[K]>,
  ): Named[] => [...entries].map(([id, entry]) => ({ kind, id, details: entryOf[kind](entry) }));
  return [
    ...named('customer', customers),
    ...named('project', projects),
    ...named('activity', activities),
    ...named('user', users),
  ];
}
