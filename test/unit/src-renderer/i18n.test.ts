import { describe, expect, it } from 'vitest';
import { chooseLocale } from '../../../src-renderer/i18n.ts';

describe('the language of the app', () => {
  const available = ['de', 'en', 'pt_BR'];
  it.each([
    ['auto', 'de-AT', 'de'],
    ['auto', 'pt-BR', 'pt_BR'],
    ['auto', 'pt-PT', 'pt_BR'],
    ['auto', 'xx', 'en'],
    ['de', 'en-GB', 'de'],
    ['gone', 'de', 'en'],
  ])('wish %s on a system in %s gives %s', (wish, system, locale) => {
    expect(chooseLocale(wish, available, system)).toBe(locale);
  });
});
