/**
 * Every value of a page's view model, and of its data.json, is one that the share's list of what
 * becomes public names; and the model is plain JSON, which can be stored and rendered elsewhere.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  mergeModes,
  shareOptions,
  type ExposureField,
  type ShareOptions,
} from '../../../../src-shared/contract/shares.ts';
import { exposedFields } from '../../../../src-shared/domain/visibility.ts';
import { buildPageModel } from '../../../../src-server/view-model/build.ts';
import type { BudgetModel, PageModel } from '../../../../src-server/view-model/model.ts';
import { toJson } from '../../../../src-server/view-model/page-json.ts';
import { startOpenPortal, type TestPortal } from '../../../support/portal.ts';
import { seedCustomer, seedProject, seedRecords } from '../../../support/seed.ts';

let portal: TestPortal;
let customerId: number;
let projectId: number;

beforeAll(async () => {
  portal = await startOpenPortal();
  const budgets = { budgetE4: 50_000_000, timeBudgetS: 36_000 };
  customerId = seedCustomer(portal.store, { name: 'Harbour', ...budgets });
  projectId = seedProject(portal.store, {
    customerId,
    name: 'Website',
    color: '#0a6570',
    ...budgets,
  });
  const record = {
    projectId,
    activity: 'Design',
    user: 'ann',
    tags: 'one, two',
    beginMin: 541,
    endMin: 601,
  };
  const money = { rateE4: 1_000_000, hourlyRateE4: 950_000 };
  seedRecords(portal.store, [
    { ...record, ...money, day: '2026-10-01', durationS: 3600, description: 'a' },
    { ...record, ...money, day: '2026-10-01', durationS: 1800, fixedRateE4: 5, billable: false },
    { ...record, day: '2026-11-02', durationS: 0, running: true },
  ]);
});
afterAll(() => portal.close());

/** Path of a value → what the owner's list says about it; `always`: every share shows it. */
const listedAs: Record<string, ExposureField | 'always'> = {
  ...always('page', 'heading', 'customer', 'currency', 'chartOffered', 'downloadOffered', 'asOf'),
  ...always('emptyMonths'),
  ...always('period.month', 'period.previous', 'period.next', 'period.first', 'period.last'),
  'figures.durationS': 'durations',
  'figures.days': 'durations',
  'figures.rateE4': 'month_total',
  'annual.year': 'always',
  'annual.points.at': 'always',
  'annual.points.durationS': 'durations',
  'annual.points.rateE4': 'rates',
  ...always('details.view', 'details.columns', 'details.rounded', 'details.points.at'),
  'details.points.durationS': 'durations',
  'details.points.rateE4': 'rates',
  'details.footer.durationS': 'durations',
  'details.footer.rateE4': 'month_total',
  ...always('details.rows.day', 'details.rows.nonBillable', 'details.rows.running'),
  ...always('details.rows.project.id', 'details.rows.project.name', 'details.rows.project.color'),
  'details.rows.description': 'descriptions',
  'details.rows.durationS': 'durations',
  'details.rows.user': 'users',
  'details.rows.activities': 'activities',
  'details.rows.tags': 'tags',
  'details.rows.times.beginMin': 'times',
  'details.rows.times.endMin': 'times',
  'details.rows.rates.rateE4': 'rates',
  'details.rows.rates.hourly.rateE4': 'rates',
  'details.rows.rates.hourly.durationS': 'rates',
  'details.rows.rates.fixed': 'rates',
  ...always('projects.id', 'projects.name', 'projects.color', 'projects.archived'),
};
/** Values of a budget are listed by its kind. */
const budgetField = { money: 'budget', time: 'time_budget' } as const;
const budgetNumbers = ['kind', 'monthly', 'spent', 'budget'];
/** data.json says in words what the model's numbers mean. */
const budgetTexts = [...budgetNumbers, 'open', 'overspent', 'percent', 'bar', 'level'];

function always(...paths: string[]): Record<string, 'always'> {
  return Object.fromEntries(paths.map((path) => [path, 'always' as const]));
}

/** What is listed of each value below `value`. Throws for values that nobody thought of. */
function* listed(
  value: unknown,
  path: string,
  ofBudget: readonly string[],
): Generator<ExposureField | 'always'> {
  if (Array.isArray(value)) {
    for (const entry of value) yield* listed(entry, path, ofBudget);
  } else if (typeof value === 'object' && value !== null) {
    expect(Object.getPrototypeOf(value), path).toBe(Object.prototype);
    for (const [name, inner] of Object.entries(value)) {
      const below = path === '' ? name : `${path}.${name}`;
      if (name !== 'budgets') yield* listed(inner, below, ofBudget);
      else for (const budget of inner as object[]) yield listedBudget(budget, below, ofBudget);
    }
  } else {
    const isText = typeof value === 'string' || typeof value === 'boolean' || value === null;
    const isNumber = Number.isSafeInteger(value) && !Object.is(value, -0);
    expect(isText || isNumber, `${path}: ${String(value)}`).toBe(true);
    const field = listedAs[path];
    if (field === undefined) throw new Error(`${path} is on no list`);
    yield field;
  }
}

function listedBudget(budget: object, path: string, names: readonly string[]): ExposureField {
  expect(
    Object.keys(budget).filter((name) => !names.includes(name)),
    path,
  ).toEqual([]);
  return budgetField[(budget as BudgetModel).kind];
}

const flag = fc.boolean();
const anyOptions = fc
  .record({
    ...{ showUser: flag, showRates: flag, showMonthTotal: flag, annualChart: flag },
    ...{ monthlyChart: flag, budgetStats: flag, timeBudgetStats: flag, showActivity: flag },
    ...{ showTags: flag, showTimes: flag, onlyBillable: flag },
    mergeMode: fc.constantFrom(...mergeModes),
  })
  .map((options) => shareOptions.parse(options));

function modelOf(
  options: ShareOptions,
  onProject: boolean,
  month: number,
  details: string,
): PageModel {
  const result = buildPageModel({
    share: {
      ...{ id: 1, customerId, projectId: null, projectIds: [], options, paused: false },
      ...{ passwordHash: null, passwordVersion: 1, sessionVersion: 1, expiresDay: null },
    },
    source: portal.source,
    now: new Date(2026, 10, 24, 12),
    request: { projectId: onProject ? projectId : null, year: '2026', month: `${month}`, details },
  });
  if (result.kind !== 'page') throw new Error(`a ${result.kind} instead of a page`);
  return result.model;
}

it('everything that a page or its data.json shows is on the list of what becomes public', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(
      anyOptions,
      flag,
      fc.constantFrom(10, 11),
      flag,
      (options, onProject, month, chart) => {
        // Without billable records there is no November, and without a chart no page of one.
        fc.pre(!options.onlyBillable || month === 10);
        const details = chart && options.monthlyChart ? 'chart' : 'table';
        const model = modelOf(options, onProject, month, details);
        const fields = new Set<string>(['always', ...exposedFields(options)]);
        // The month's total is part of the rates.
        if (fields.has('rates')) fields.add('month_total');
        const values = [
          ...listed(model, '', budgetNumbers),
          ...listed(toJson(model), '', budgetTexts),
        ];
        for (const field of new Set(values)) {
          expect([...fields]).toContain(field);
          seen.add(field);
        }
        expect(JSON.parse(JSON.stringify(model))).toStrictEqual(model);
      },
    ),
    { numRuns: 200 },
  );
  // All but `json`, which is the file itself, came up.
  const possible = exposedFields(shareOptions.parse({ ...allOn })).filter(
    (field) => field !== 'json',
  );
  expect([...seen].toSorted()).toEqual(['always', ...possible].toSorted());
});

const allOn = Object.fromEntries(
  Object.entries(shareOptions.parse({}))
    .filter(([, value]) => typeof value === 'boolean')
    .map(([name]) => [name, true]),
);

it('data.json keeps the names, the order and the form of its values', () => {
  const options = shareOptions.parse({ showUser: true, showRates: true, budgetStats: true });
  const chart = JSON.stringify(toJson(modelOf(options, true, 10, 'chart')));
  expect(chart.replace(/({"at":"2026-\d\d(-\d\d)?","durationS":0,"rateE4":0},?)+/g, '…')).toBe(
    '{"page":"project","heading":"Website","currency":"EUR","period":{"month":"2026-10",' +
      '"previous":null,"next":"2026-11","first":"2026-10","last":"2026-11"},' +
      '"figures":{"durationS":5400,"days":1,"rateE4":2000000},"details":{"view":"chart",' +
      '"points":[{"at":"2026-10-01","durationS":5400,"rateE4":2000000},…]},' +
      '"chartOffered":true,"asOf":"2026-11-24","customer":"Harbour","annual":{"year":2026,' +
      '"points":[…{"at":"2026-10","durationS":5400,"rateE4":2000000},…]},' +
      '"budgets":[{"kind":"money","monthly":false,"spent":1000000,"budget":50000000,' +
      '"open":49000000,"overspent":0,"percent":"2.0","bar":"2.0","level":"ok"}]}',
  );
  const { details, projects } = toJson(modelOf(options, false, 10, 'table'));
  expect(JSON.stringify([details.view === 'table' && details.rows[0], projects?.[0]])).toBe(
    '[{"day":"2026-10-01","description":"a","nonBillable":"none","running":false,' +
      '"durationS":3600,"user":"ann","project":{"id":1,"name":"Website","color":"#0a6570"},' +
      '"rates":{"rateE4":1000000,"hourly":[{"rateE4":950000,"durationS":3600}],"fixed":false}},' +
      '{"id":1,"name":"Website","color":"#0a6570","archived":false,"budgets":[{"kind":"money",' +
      '"monthly":false,"spent":1000000,"budget":50000000,"open":49000000,"overspent":0,' +
      '"percent":"2.0","bar":"2.0","level":"ok"}]}]',
  );
});
