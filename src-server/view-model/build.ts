import { localDay, type DayNumber } from '../../src-shared/domain/day.ts';
import type { DetailsView } from '../../src-shared/domain/share-link.ts';
import {
  allDays,
  choosePeriod,
  daysOfMonth,
  daysOfYear,
  intersect,
  monthsBetween,
  readWantedPeriod,
  yearOfMonth,
  type DayRange,
  type MonthNumber,
  type Period,
} from '../../src-shared/domain/period.ts';
import { recordFilter, type RecordFilter } from '../../src-shared/domain/share-scope.ts';
import { isShown } from '../../src-shared/domain/visibility.ts';
import { addPoints, monthSeries, yearSeries, type Point } from '../../src-shared/domain/series.ts';
import type { PageRequest } from '../request.ts';
import { narrowScope, scopeOf, type Scope } from '../scope.ts';
import type { PortalCustomer, PortalShare, PortalSource, RecordScope } from '../source.ts';
import { buildBudgets, buildProjects, showsBudgets } from './budgets.ts';
import { buildTable } from './details.ts';
import type { FiguresModel, PageModel, PointModel } from './model.ts';

export interface BuildOptions {
  /** Also an unsaved one, for previews. */
  share: PortalShare;
  source: PortalSource;
  /** Which day is today, in the program's time zone, decides the default month. */
  now: Date;
  request: PageRequest;
}

export type BuildResult =
  | { kind: 'page'; model: PageModel; month: MonthNumber; details: DetailsView }
  /** The address asks for what is not there; this is the nearest that is. */
  | { kind: 'redirect'; month: MonthNumber; details: DetailsView }
  | { kind: 'not-found' };

/**
 * Everything a page shows, read in one go. The scope, the exact project ids, is the argument of
 * every query, so that all numbers come from the same records. Never throws for what an address
 * may hold.
 */
export const buildPageModel = (options: BuildOptions): BuildResult =>
  options.source.inSnapshot(() => build(options));

function build({ share, source, now, request }: BuildOptions): BuildResult {
  const customer = source.customer(share.customerId);
  const shared = scopeOf(share, source.projects(share.customerId));
  const scope = chooseScope(share, shared, request.projectId);
  if (customer === null || scope === null) return { kind: 'not-found' };

  const today = localDay(now);
  const visible = recordFilter(share, today);
  const query = queryOf(scope, visible);

  // ‹ › and their ends are the whole share's, so that a project page keeps the months of the page
  // it came from; only its default month is the project's own.
  const months = source.months({ ...query(allDays), projectIds: shared.projectIds });
  const ownMonths = scope === shared ? months : source.months(query(allDays));
  const newest = choosePeriod(ownMonths.length > 0 ? ownMonths : months, null, today, visible);
  const choose = (wanted: MonthNumber | null) =>
    choosePeriod(months, wanted ?? newest.month, today, visible);
  const chosen = choosePage(choose, request, share);
  if (chosen.redirect) {
    return { kind: 'redirect', month: chosen.period.month, details: chosen.details };
  }
  const { period, details } = chosen;
  const model = buildModel({
    share,
    source,
    customer,
    scope,
    query,
    today,
    period,
    ownMonths,
    details,
    request,
  });
  return { kind: 'page', model, month: period.month, details };
}

/** The years of a page's annual chart. Null: the page is not there, or has no such chart. */
export function buildAnnuals(
  { share, source, now, request }: BuildOptions,
  years: readonly number[],
): NonNullable<PageModel['annual']>[] | null {
  const shared = scopeOf(share, source.projects(share.customerId));
  const scope = chooseScope(share, shared, request.projectId);
  if (scope === null || !share.options.annualChart) return null;
  const query = queryOf(scope, recordFilter(share, localDay(now)));
  return years.map((year) => buildAnnual({ share, source, query }, year));
}

const queryOf =
  (scope: Scope, visible: RecordFilter) =>
  (days: DayRange): RecordScope => ({
    projectIds: scope.projectIds,
    onlyBillable: visible.onlyBillable,
    ...intersect(visible, days),
  });

function chooseScope(share: PortalShare, shared: Scope, projectId: number | null): Scope | null {
  if (share.projectId === null) return projectId === null ? shared : narrowScope(shared, projectId);
  // A project share has no pages below it; without its project it shows nothing.
  return projectId === null && shared.projects.length === 1 ? shared : null;
}

function choosePage(
  choose: (wanted: MonthNumber | null) => Period,
  request: PageRequest,
  share: PortalShare,
): { period: Period; details: DetailsView; redirect: boolean } {
  const wanted = readWantedPeriod(request.year, request.month, choose(null).month);
  const period = choose(wanted.month);
  const details = request.details === 'chart' && share.options.monthlyChart ? 'chart' : 'table';
  const exactDetails = request.details === null || request.details === details;
  const moved = wanted.month !== null && wanted.month !== period.month;
  return { period, details, redirect: !wanted.exact || moved || !exactDetails };
}

interface Parts {
  share: PortalShare;
  source: PortalSource;
  customer: PortalCustomer;
  scope: Scope;
  query: (days: DayRange) => RecordScope;
  today: DayNumber;
  period: Period;
  /** Those of the page that have records. */
  ownMonths: readonly MonthNumber[];
  details: DetailsView;
  request: PageRequest;
}

function buildModel(parts: Parts): PageModel {
  const { share, source, customer, scope, query, period } = parts;
  const withRecords = new Set(parts.ownMonths);
  const { options } = share;
  const onProject = share.projectId !== null || parts.request.projectId !== null;
  const project = onProject ? scope.projects[0]! : null;
  const month = daysOfMonth(period.month);
  const daySums = source.daySums(query(month));
  const model: PageModel = {
    page: project ? 'project' : 'customer',
    heading: project ? project.name : customer.name,
    currency: customer.currency,
    period,
    emptyMonths: monthsBetween(period.first, period.last).filter((one) => !withRecords.has(one)),
    figures: buildFigures(daySums, share),
    details:
      parts.details === 'chart'
        ? {
            view: 'chart',
            points: monthSeries(period.month, daySums).map((point) =>
              buildPoint(point.day, point, share),
            ),
          }
        : buildTable({
            records: source.records(query(month)),
            projects: scope.projects,
            options,
            onProject,
            currency: customer.currency,
          }),
    chartOffered: options.monthlyChart,
    downloadOffered: options.downloads,
    asOf: parts.today,
  };
  if (project && share.projectId === null) model.customer = customer.name;
  if (options.annualChart) model.annual = buildAnnual(parts, yearOfMonth(period.month));
  if (showsBudgets(options)) {
    const statistics = buildBudgets(project ?? customer, scope.projectIds, parts, period.month);
    if (statistics.length > 0) model.budgets = statistics;
  }
  if (!project) model.projects = buildProjects(scope.projects, parts, period.month);
  return model;
}

function buildAnnual(
  { share, source, query }: Pick<Parts, 'share' | 'source' | 'query'>,
  year: number,
): NonNullable<PageModel['annual']> {
  const points = yearSeries(year, source.monthSums(query(daysOfYear(year))));
  return {
    year,
    points: points.map((point) => buildPoint(point.month, point, share)),
  };
}

const buildPoint = (at: number, point: Point, share: PortalShare): PointModel =>
  isShown('chartAmounts', share.options)
    ? { at, durationS: point.durationS, rateE4: point.rateE4 }
    : { at, durationS: point.durationS };

function buildFigures(daySums: readonly Point[], { options }: PortalShare): FiguresModel {
  const { durationS, rateE4 } = addPoints(daySums);
  const figures = { durationS, days: daySums.length };
  return isShown('monthTotal', options) ? { ...figures, rateE4 } : figures;
}
