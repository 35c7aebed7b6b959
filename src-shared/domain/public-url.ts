/** The portal's address as clients call it: a scheme, a host, and a path if the owner's proxy has one. */

/** Letters that need no quoting in a path and mean nothing to a cookie. */
const pathPattern = /^(?:\/(?:[\w.~!*+-]|%[\dA-Fa-f]{2})+)*$/;

/** The longest that is stored. */
export const maxPublicUrl = 500;

/**
 * A public address in its one spelling: without a slash at its end. Null if the text is none: it
 * has to be an http or https address without a name, a query or a fragment.
 */
export function normalPublicUrl(text: string): string | null {
  const trimmed = text.trim();
  if (!/^https?:\/\//i.test(trimmed) || !URL.canParse(trimmed)) return null;
  const url = new URL(trimmed);
  const isBare = url.search === '' && url.hash === '' && !/[?#]/.test(trimmed);
  const hasUser = url.username !== '' || url.password !== '';
  const path = withoutLastSlash(url.pathname);
  if (!isBare || hasUser || url.hostname === '' || !pathPattern.test(path)) return null;
  const normal = url.origin + path;
  return normal.length <= maxPublicUrl ? normal : null;
}

/** The path that every address of the portal begins with there: `/hours`, or '' if there is none. */
export function basePathOf(publicUrl: string): string {
  return URL.canParse(publicUrl) ? withoutLastSlash(new URL(publicUrl).pathname) : '';
}

export const withoutLastSlash = (path: string): string => path.replace(/(?<!\/)\/+$/, '');
