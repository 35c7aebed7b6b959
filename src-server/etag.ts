import { createHash } from 'node:crypto';
import { localDay } from '../src-shared/domain/day.ts';
import { portalScript, portalStyle } from './assets/assets.ts';
import type { PortalShare } from './source.ts';

export interface EtagParts {
  share: PortalShare;
  /** Of the data, see `PortalSource.version`. */
  version: number;
  now: Date;
  locale: string;
  /** Path and query, with the base. */
  url: string;
}

/**
 * The ETag of a page, known before anything is read or rendered: equal parts make equal bytes.
 * A page also changes with the day ("as of", rolling ranges) and with the program (its assets).
 */
export function etagOf({ share, version, now, locale, url }: EtagParts): string {
  const parts = [
    share.id,
    share.customerId,
    share.projectId,
    share.projectIds,
    share.options,
    version,
    localDay(now),
    locale,
    url,
    portalStyle.path,
    portalScript.path,
  ];
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
  return `"${digest.slice(0, 22)}"`;
}
