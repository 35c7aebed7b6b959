import type { Input } from '../../../src-shared/contract.ts';
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
    offset: filter.offset,
    limit: recordsPerPage,
  };
}
