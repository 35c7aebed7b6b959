import { describe, expect, it } from 'vitest';
import {
  filterInput,
  filterPath,
  isNarrowed,
  orderBy,
  queryOf,
  readFilter,
} from '../../../../../src-renderer/pages/records/record-filter.ts';

describe('the filter of the timesheets', () => {
  it('survives its address', () => {
    const path =
      '/records?customer=1&project=2&from=2026-01-01&to=2026-02-28&search=a+b&state=hidden&by=amount&up=1&offset=100';
    const filter = readFilter(new URLSearchParams(path.split('?')[1]));
    expect(filterPath(filter)).toBe(path);
  });

  it('drops what makes no sense', () => {
    const filter = readFilter(
      new URLSearchParams('customer=x&from=2026-02-30&state=nonsense&offset=-5&to=yesterday'),
    );
    expect(filterPath(filter)).toBe('/records');
    expect(filterInput(filter)).toEqual({
      state: 'all',
      order: 'day',
      descending: true,
      offset: 0,
      limit: 100,
    });
  });

  it('is saved with its order, from the first page on; an order alone leaves out nothing', () => {
    const filter = readFilter(new URLSearchParams('by=user&offset=200'));
    expect(queryOf(filter)).toBe('by=user');
    expect(isNarrowed(filter)).toBe(false);
    expect(isNarrowed({ ...filter, search: 'a' })).toBe(true);
    expect(queryOf(readFilter(new URLSearchParams()))).toBe('');
  });

  it('turns its order with a second click on a column', () => {
    const first = orderBy('amount', { order: 'day', descending: true });
    expect(first).toEqual({ order: 'amount', descending: true });
    expect(orderBy('amount', first)).toEqual({ order: 'amount', descending: false });
    expect(orderBy('user', first)).toEqual({ order: 'user', descending: false });
  });
});
