import type { Input } from '../../../src-shared/contract.ts';
import { recordOrders, type RecordOrder } from '../../../src-shared/contract/catalog.ts';
import { parseDay } from '../../../src-shared/domain/day.ts';

const states = ['all', 'hidden', 'running', 'edited'] as const;
export type RecordState = (typeof states)[number];

/** What the list is narrowed to; lives in the address, so that going back restores it. */
export interface RecordFilter {
  customerId: number | null;
  projectId: number | null;
  /** `YYYY-MM-DD` or empty. */
  firstDay: string;
  lastDay: string;
  search: string;
  state: RecordState;
  order: RecordOrder;
  descending: boolean;
  offset: number;
}

export const recordsPerPage = 100;

const readId = (text: string | null): number | null => {
  const id = Number(text);
  return Number.isSafeInteger(id) && id > 0 ? id : null;
};
const readDay = (text: string | null): string =>
  text !== null && parseDay(text) !== null ? text : '';

/** The filter of an address; what makes no sense is left out. */
export function readFilter(query: URLSearchParams): RecordFilter {
  const offset = Number(query.get('offset'));
  return {
    customerId: readId(query.get('customer')),
    projectId: readId(query.get('project')),
    firstDay: readDay(query.get('from')),
    lastDay: readDay(query.get('to')),
    search: (query.get('search') ?? '').slice(0, 200),
    state: states.find((state) => state === query.get('state')) ?? 'all',
    order: recordOrders.find((order) => order === query.get('by')) ?? 'day',
    descending: query.get('up') === null,
    offset: Number.isSafeInteger(offset) && offset > 0 ? offset : 0,
  };
}

/** The address of a filter, without what is at its default. */
export function filterPath(filter: RecordFilter): string {
  const query = new URLSearchParams();
  if (filter.customerId !== null) query.set('customer', String(filter.customerId));
  if (filter.projectId !== null) query.set('project', String(filter.projectId));
  if (filter.firstDay) query.set('from', filter.firstDay);
  if (filter.lastDay) query.set('to', filter.lastDay);
  if (filter.search) query.set('search', filter.search);
  if (filter.state !== 'all') query.set('state', filter.state);
  if (filter.order !== 'day') query.set('by', filter.order);
  if (!filter.descending) query.set('up', '1');
  if (filter.offset > 0) query.set('offset', String(filter.offset));
  const text = query.toString();
  return `/records${text && `?${text}`}`;
}

export function filterInput(filter: RecordFilter): Input<'records.list'> {
  return {
    ...(filter.customerId === null ? {} : { customerId: filter.customerId }),
    ...(filter.projectId === null ? {} : { projectId: filter.projectId }),
    ...(filter.firstDay ? { firstDay: filter.firstDay } : {}),
    ...(filter.lastDay ? { lastDay: filter.lastDay } : {}),
    ...(filter.search ? { search: filter.search } : {}),
    state: filter.state,
    order: filter.order,
    descending: filter.descending,
    offset: filter.offset,
    limit: recordsPerPage,
  };
}

/** Whether anything is left out; an order leaves out nothing. */
export const isNarrowed = (filter: RecordFilter): boolean =>
  filterPath({ ...filter, order: 'day', descending: true, offset: 0 }) !== '/records';

/** What is saved of a filter: its address from the first page on, without the place. */
export const queryOf = (filter: RecordFilter): string =>
  filterPath({ ...filter, offset: 0 }).replace(/^[^?]*\??/, '');

/** The order after a click on a column: its other direction, or the one that is wanted first. */
export function orderBy(
  order: RecordOrder,
  now: Pick<RecordFilter, 'order' | 'descending'>,
): Pick<RecordFilter, 'order' | 'descending'> {
  if (now.order === order) return { order, descending: !now.descending };
  // Names from A on; days, times and amounts from the largest on.
  return { order, descending: order !== 'user' && order !== 'project' };
}
