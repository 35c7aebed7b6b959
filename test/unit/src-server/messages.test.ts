import { parse } from 'node-html-parser';
import { describe, expect, it } from 'vitest';
import { createPages } from '../../../src-server/pages/render.ts';
import { loadTexts } from '../../support/texts.ts';

const pages = createPages(loadTexts());

describe('pages without data', () => {
  it('asks for the password in one labelled field, which works without a script', () => {
    const html = pages.renderPasswordPage({
      base: '',
      locale: 'de',
      error: null,
      action: '/de/auth/customer-portal/abc?year=2026&month=1',
      languages: pages.languages('de', (code) => `/${code}/x`),
    });
    const page = parse(html);
    expect(page.querySelector('html')?.attributes).toMatchObject({ lang: 'de', dir: 'ltr' });
    expect(page.querySelector('body')?.getAttribute('data-page')).toBe('password');
    expect(page.querySelectorAll('input')).toHaveLength(1);
    const input = page.querySelector('input[name=password][type=password]');
    expect(page.querySelector(`label[for="${input?.id}"]`)?.text).toBe('Passwort');
    expect(page.querySelector('form')?.attributes).toEqual({
      method: 'post',
      action: '/de/auth/customer-portal/abc?year=2026&month=1',
    });
    expect(page.querySelector('[role=alert]')).toBeNull();
    expect(html).not.toContain('<script');
    const languages = page.querySelectorAll('[data-languages] a').map((link) => link.text);
    expect(languages).toHaveLength(43);
    expect(languages).toEqual(expect.arrayContaining(['Deutsch', 'English', '日本語', 'العربية']));
  });

  it('tells a wrong password from a lock, and says until when', () => {
    const at = (error: 'wrong' | { lockedUntil: Date }) =>
      parse(
        pages.renderPasswordPage({ base: '', locale: 'en', error, action: '/', languages: [] }),
      ).querySelector('[role=alert]')?.text;
    expect(at('wrong')).toBe('That password is not right. Please check it and try again.');
    const until = new Date(2026, 10, 24, 15, 30);
    expect(at({ lockedUntil: until })).toMatch(
      /^Too many failed attempts\..*November 24, 2026 at 3:30.PM [A-Z]+([+-][\d:]+)?\.$/,
    );
  });

  it('has the words and the direction of each language', () => {
    expect(parse(pages.renderNotFound('de', '')).querySelector('h1')?.text).toBe(
      'Diese Seite gibt es nicht',
    );
    const arabic = parse(pages.renderBotPage('ar', '', '/'));
    expect(arabic.querySelector('html')?.attributes).toMatchObject({ lang: 'ar', dir: 'rtl' });
    expect(arabic.querySelector('body')?.getAttribute('data-page')).toBe('bot');
    expect(arabic.querySelector('h1')?.text).toBe('صفحة محمية');
    expect(
      parse(pages.renderUnavailable('xx', '')).querySelector('html')?.getAttribute('lang'),
    ).toBe('en');
  });

  it('leaves no marks of the renderer in the page', () => {
    expect(pages.renderNotFound('en', '')).not.toContain('<!--');
  });
});
