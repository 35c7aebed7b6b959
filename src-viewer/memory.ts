/**
 * What this browser remembers of a page. Where it keeps nothing (private windows, files from the
 * disk), the page works all the same: the password is asked for again, and an older manifest is
 * not noticed.
 */
const seenName = (publicId: string): string => `customer-portal seen ${publicId}`;
const keyName = (publicId: string): string => `customer-portal key ${publicId}`;

function tried<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}

/** The newest version that this browser has seen; null: none. */
export function seenVersion(publicId: string): number | null {
  const text = tried(() => localStorage.getItem(seenName(publicId))) ?? null;
  return text === null ? null : Number(text);
}

export function rememberVersion(publicId: string, version: number): void {
  tried(() => {
    localStorage.setItem(seenName(publicId), String(version));
  });
}

/** What the password made, for this tab: other languages and a reload do not ask for it again. */
export const rememberedKey = (publicId: string): string | null =>
  tried(() => sessionStorage.getItem(keyName(publicId)));

export function rememberKey(publicId: string, key: string | null): void {
  tried(() => {
    if (key === null) sessionStorage.removeItem(keyName(publicId));
    else sessionStorage.setItem(keyName(publicId), key);
  });
}

const reloadedName = (publicId: string): string => `customer-portal reloaded ${publicId}`;

/**
 * Whether this tab may load the document anew, as it has not done since it last showed a page. False
 * where the browser keeps nothing: it would do so for ever.
 */
export function mayReload(publicId: string): boolean {
  const name = reloadedName(publicId);
  const isFirst = tried(() => {
    if (sessionStorage.getItem(name) !== null) return false;
    sessionStorage.setItem(name, 'yes');
    return sessionStorage.getItem(name) !== null;
  });
  return isFirst === true;
}

export function forgetReload(publicId: string): void {
  tried(() => {
    sessionStorage.removeItem(reloadedName(publicId));
  });
}
