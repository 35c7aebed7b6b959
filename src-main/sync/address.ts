/** The address of a Kimai as people type it. */
import { AppError } from '../../src-shared/errors.ts';

/** Kimai's languages in a path: `en`, `de_CH`, `zh-Hans`. */
const locale = /^[a-z]{2,3}(?:[-_][A-Za-z]{2,4}){0,2}$/;
const maxAddressChars = 500;

/**
 * Where a Kimai's API begins, without `/api` and without a slash at the end. What people copy from
 * the browser is cut away: a language with the page behind it, the API, its documentation. Without
 * a protocol it is https: a token is not sent in the open unless somebody says so.
 * Throws `kimai_address`.
 */
export function mendAddress(typed: string): string {
  const text = typed.trim();
  if (text === '' || text.length > maxAddressChars || /\s/.test(text)) {
    throw new AppError('kimai_address');
  }
  const hasProtocol = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  let url: URL;
  try {
    url = new URL(hasProtocol ? text : `https://${text.replace(/^\/+/, '')}`);
  } catch {
    throw new AppError('kimai_address');
  }
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  if (!isWeb || url.hostname === '' || url.username !== '' || url.password !== '') {
    throw new AppError('kimai_address');
  }
  const parts = url.pathname.split('/').filter((part) => part !== '');
  const end = parts.findIndex(
    (part, index) =>
      part === 'api' || part === 'index.php' || (locale.test(part) && isPage(parts, index)),
  );
  const kept = end < 0 ? parts : parts.slice(0, end);
  return [url.origin, ...kept].join('/');
}

/** A language is followed by a page of Kimai or by nothing; `/de/kimai` may be a folder. */
const pages = new Set([
  ...['homepage', 'dashboard', 'timesheet', 'login', 'profile', 'calendar', 'quick_entry'],
  ...['admin', 'team', 'export', 'invoice', 'reporting', 'favorite', 'wizard', 'about', 'help'],
  ...['contract', 'auth', 'register', 'resetting', 'doctor', 'tags', 'search', 'api'],
]);
const isPage = (parts: readonly string[], index: number): boolean =>
  index + 1 === parts.length || pages.has(parts[index + 1]!);
