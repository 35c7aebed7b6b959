import { describe, expect, it } from 'vitest';
import {
  filterInput,
  filterPath,
  readFilter,
} from '../../../../../src-renderer/pages/records/record-filter.ts';

describe('the filter of the timesheets', () => {
  it('survives its address', () => {
    const path =
      '/records?customer=1&project=2&from=2026-01-01&to=2026-02-28&search=a+b&state=hidden&offset=100';
    const filter = readFilter(new URLSearchParams(path.split('?')[1]));
    expect(filterPath(filter)).toBe(path);
  });

  it('drops what makes no sense', () => {
    const filter = readFilter(
      new URLSearchParams('customer=x&from=2026-02-30&state=nonsense&offset=-5&to=yesterday'),
    );
    expect(filterPath(filter)).toBe('/records');
    expect(filterInput(filter)).toEqual({ state: 'all', offset: 0, limit: 100 });
  });
});
