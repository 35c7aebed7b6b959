import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  linkTo,
  ownSpelling,
  parsePath,
  pathOf,
  withoutKeys,
} from '../../../../src-shared/domain/share-link.ts';

const places = fc.record({
  locale: fc.constantFrom('en', 'pt_BR', 'zh_Hant'),
  key: fc.string({ minLength: 1 }),
  projectId: fc.option(fc.integer({ min: 1 })),
});

describe('links of shares', () => {
  it('are read as what they were made of', () => {
    fc.assert(
      fc.property(places, (place) => {
        expect(parsePath(pathOf({ base: '', ...place }))).toEqual(place);
      }),
    );
  });

  it('keep month and view in the query', () => {
    const place = {
      base: '/hours',
      locale: 'de',
      key: 'k',
      projectId: 12,
      month: 202603,
      details: 'chart',
    } as const;
    expect(linkTo(place)).toBe(
      '/hours/de/auth/customer-portal/k/p/12?year=2026&month=3&details=chart',
    );
  });

  it('get a locale and our own letters; the key stays as it is', () => {
    expect(ownSpelling('/auth/customer-portal/KeY', 'de')).toBe('/de/auth/customer-portal/KeY');
    expect(ownSpelling('/EN/Auth/Customer-Portal/KeY/P/3', 'en')).toBe(
      '/en/auth/customer-portal/KeY/p/3',
    );
  });

  it('are no addresses of pages if anything else follows, or if they cannot be decoded', () => {
    for (const path of ['/en/auth/customer-portal/k/logout', '/en/auth/customer-portal/%E0', '/']) {
      expect(parsePath(path), path).toBeNull();
    }
  });

  it('lose their key in a log', () => {
    expect(withoutKeys('GET /en/auth/customer-portal/SECRET/p/3?x=1')).toBe(
      'GET /en/auth/customer-portal/[key]/p/3?x=1',
    );
  });
});
