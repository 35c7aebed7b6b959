import type { Output } from '../../../src-shared/contract.ts';
import type { NearBudget, overviewMethods } from '../../../src-shared/contract/overview.ts';
import { measureBudget } from '../../../src-shared/domain/budget.ts';
import {
  addDays,
  dayOfMonth,
  dayText,
  localDay,
  type DayNumber,
} from '../../../src-shared/domain/day.ts';
import {
  addMonths,
  allDays,
  daysOfMonth,
  monthInYear,
  monthOfDay,
  yearOfMonth,
} from '../../../src-shared/domain/period.ts';
import type { Budget, PortalSource, Sums } from '../../../src-server/source.ts';
import type { QueryContext } from '../../context.ts';
import { readAll } from '../../store/catalog/entity-rows.ts';
import { sampleImportOf } from '../../store/changes/sample-data.ts';
import type { ReadDb } from '../../store/db.ts';
import { sumCustomers, sumMonths, type SumScope } from '../../store/records/period-sums.ts';
import { countSharesByCustomer } from '../../store/shares/shares.ts';
import type { QueriesOf } from '../handlers.ts';

type Overview = Output<'overview.get'>;

const shownMonths = 12;
/** Who was worked for lately is who wants to see it. */
const recentDays = 90;

/** What the owner sees first. */
export function createOverviewQueries(
  { readStore, clock }: QueryContext,
  source: Pick<PortalSource, 'spent'>,
): QueriesOf<typeof overviewMethods> {
  return {
    'overview.get': () => {
      const today = localDay(clock.now());
      return {
        today: dayText(today),
        customers: readAll(readStore, 'customers').length,
        sample: sampleImportOf(readStore) !== null,
        months: listMonths(readStore, today),
        lastMonthSoFar: sumLastMonthSoFar(readStore, today),
        nearBudgets: findNearBudgets(readStore, source, today),
        suggestedCustomer: suggestCustomer(readStore, today),
      };
    },
    'overview.months': (scope) => listMonths(readStore, localDay(clock.now()), scope),
  };
}

function listMonths(readStore: ReadDb, today: DayNumber, scope: SumScope = {}): Overview['months'] {
  const last = monthOfDay(today);
  const first = addMonths(last, 1 - shownMonths);
  const rows = sumMonths(
    readStore,
    { firstDay: daysOfMonth(first).firstDay, lastDay: daysOfMonth(last).lastDay },
    scope,
  );
  return Array.from({ length: shownMonths }, (_, index) => {
    const month = addMonths(first, index);
    const own = rows.filter((row) => row.month === month);
    return {
      year: yearOfMonth(month),
      month: monthInYear(month),
      durationS: own.reduce((total, { durationS }) => total + durationS, 0),
      amounts: own
        .filter(({ rateE4 }) => rateE4 !== 0)
        .map(({ currency, rateE4 }) => ({ currency, rateE4 }))
        .sort((a, b) => b.rateE4 - a.rateE4),
    };
  });
}

/** On the 31st, last month ends with its own last day. */
function sumLastMonthSoFar(readStore: ReadDb, today: DayNumber): Overview['lastMonthSoFar'] {
  const { firstDay, lastDay } = daysOfMonth(addMonths(monthOfDay(today), -1));
  const sameDay = Math.min(firstDay - 1 + dayOfMonth(today), lastDay);
  const rows = sumMonths(readStore, { firstDay, lastDay: sameDay });
  return {
    lastDay: dayText(sameDay),
    durationS: rows.reduce((total, row) => total + row.durationS, 0),
  };
}

/** The budgets of what is not archived; what is spent is counted as on the client's page. */
function findNearBudgets(
  readStore: ReadDb,
  source: Pick<PortalSource, 'spent'>,
  today: DayNumber,
): NearBudget[] {
  const projects = readAll(readStore, 'projects');
  const allIds = projects.map(({ id }) => id);
  const spent = {
    whole: source.spent({ projectIds: allIds, ...allDays }),
    month: source.spent({ projectIds: allIds, ...daysOfMonth(monthOfDay(today)) }),
  };
  return readAll(readStore, 'customers')
    .filter(({ visible }) => visible === 1)
    .flatMap((customer) => {
      const own = projects.filter((project) => project.customer_id === customer.id);
      const common = {
        customerId: customer.id,
        customerName: customer.name,
        currency: customer.currency,
      };
      const owners = [
        { kind: 'customer' as const, row: customer, ids: own.map(({ id }) => id) },
        ...own
          .filter(({ visible }) => visible === 1)
          .map((row) => ({ kind: 'project' as const, row, ids: [row.id] })),
      ];
      return owners.flatMap(({ kind, row, ids }) => {
        const sums = addSums(row.budget_type === 'month' ? spent.month : spent.whole, ids);
        const budget: Budget = {
          budgetE4: row.budget_e4,
          timeBudgetS: row.time_budget_s,
          budgetType: row.budget_type,
        };
        return measureNear(budget, sums).map((near) => ({
          kind,
          id: row.id,
          name: row.name,
          budgetType: budget.budgetType,
          ...common,
          ...near,
        }));
      });
    })
    .sort((a, b) => Number(b.percent) - Number(a.percent));
}

const addSums = (spent: ReadonlyMap<number, Sums>, ids: readonly number[]): Sums =>
  ids
    .map((id) => spent.get(id) ?? { durationS: 0, rateE4: 0 })
    .reduce((a, b) => ({ durationS: a.durationS + b.durationS, rateE4: a.rateE4 + b.rateE4 }), {
      durationS: 0,
      rateE4: 0,
    });

function measureNear({ budgetE4, timeBudgetS }: Budget, { rateE4, durationS }: Sums) {
  const measured = [
    { unit: 'money' as const, use: measureBudget(budgetE4, rateE4) },
    { unit: 'time' as const, use: measureBudget(timeBudgetS, durationS) },
  ];
  return measured.flatMap(({ unit, use }) => {
    if (use === null || use.level === 'ok') return [];
    const { spent, budget, open, overspent, percent, level } = use;
    return [{ unit, spent, budget, open, overspent, percent, level }];
  });
}

function suggestCustomer(readStore: ReadDb, today: DayNumber): Overview['suggestedCustomer'] {
  const sharesOf = countSharesByCustomer(readStore);
  const hasNoShare = ({ id }: { id: number }): boolean => (sharesOf.get(id) ?? 0) === 0;
  const recent = sumCustomers(readStore, {
    firstDay: addDays(today, -recentDays),
    lastDay: allDays.lastDay,
  });
  // An old export has nothing recent: then whoever had most time at all.
  return recent.find(hasNoShare) ?? sumCustomers(readStore, allDays).find(hasNoShare) ?? null;
}
