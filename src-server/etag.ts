import { createHash, randomBytes } from 'node:crypto';
import { localDay } from '../src-shared/domain/day.ts';
import type { Messages, PortalShare } from './source.ts';

export interface EtagParts {
  share: PortalShare;
  /** Of the data, see `PortalSource.version`. */
  version: number;
  now: Date;
  locale: string;
  texts: ReadonlyMap<string, Messages>;
  /** Path and query, with the base. */
  url: string;
}

/** An update may change every page: its templates, the formats of its languages. */
const thisRun = randomBytes(8).toString('base64url');

/**
 * The ETag of a page, known before anything is read or rendered: equal parts make equal pages. A page also changes
 * with the day ("as of", rolling ranges). Weak, since the same page is sent compressed in several ways.
 */
export function etagOf({ share, version, now, locale, texts, url }: EtagParts): string {
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
    thisRun,
    digestOf(texts),
  ];
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
  return `W/"${digest.slice(0, 22)}"`;
}

const digests = new WeakMap<ReadonlyMap<string, Messages>, string>();

function digestOf(texts: ReadonlyMap<string, Messages>): string {
  let digest = digests.get(texts);
  if (digest === undefined) {
    digest = createHash('sha256')
      .update(JSON.stringify([...texts]))
      .digest('base64url');
    digests.set(texts, digest);
  }
  return digest;
}
