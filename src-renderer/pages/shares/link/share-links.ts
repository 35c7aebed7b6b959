/** From where a base address can be opened. */
export type Reach = 'public' | 'lan' | 'loopback';

export interface Link {
  url: string;
  base: string;
  reach: Reach;
}

/** Judges by the host alone: names without a dot and private ranges are in this network. */
export function reachOf(base: string): Reach {
  const host = new URL(base).hostname.replace(/^\[|\]$/g, '');
  if (host === 'localhost' || host === '::1' || host.startsWith('127.')) return 'loopback';
  const isPrivate =
    /^(10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.)/.test(host) ||
    /^f[cd][0-9a-f]{2}:|^fe80:/i.test(host);
  const isLocalName = !host.includes('.') && !host.includes(':');
  return isPrivate || isLocalName || host.endsWith('.local') ? 'lan' : 'public';
}

/** The links of a share, in the order of the publisher: the best one first. */
export function linksOf(path: string, bases: readonly string[]): Link[] {
  return bases.map((base) => ({ url: base + path, base, reach: reachOf(base) }));
}
