import { localDay } from '../../src-shared/domain/day.ts';
import { portalHeaders } from '../access/headers.ts';
import type { PortalDeps } from '../source.ts';
import { codings, type Encoding } from './encodings.ts';
import { KeptOfMoment } from './kept-of-moment.ts';

/** A page as it was sent, to be sent again to whoever may see it. */
export interface KeptPage extends PageParts {
  /** With which it is sent, and with which a browser is told that its copy is still right. */
  headers: Record<string, string>;
  unchangedHeaders: Record<string, string>;
}

export interface PageParts {
  shareId: number;
  /** Kimai's code, of the page. */
  locale: string;
  /** Null: the page is behind a password, and no browser may keep it. */
  etag: string | null;
  encoding: Encoding;
  /** As it is sent: compressed. */
  body: Buffer;
}

export function keptPageOf(parts: PageParts): KeptPage {
  const unchangedHeaders = { ...portalHeaders, ...cacheHeadersOf(parts.etag) };
  const headers = {
    ...unchangedHeaders,
    'Content-Type': 'text/html; charset=utf-8',
    ...(parts.encoding === 'identity' ? {} : { 'Content-Encoding': parts.encoding }),
    'Content-Length': String(parts.body.length),
  };
  return { ...parts, headers, unchangedHeaders };
}

/** `etag`: null for a page behind a password. */
export const cacheHeadersOf = (etag: string | null): Record<string, string> => ({
  ...(etag === null ? {} : { ETag: etag }),
  'Cache-Control': etag === null ? 'no-store' : 'private, no-cache',
  Vary: 'Accept-Encoding',
});

/** Everything that decides what a page shows, but who asks: two requests with equal ones get equal bytes. */
export interface PageKey {
  /** What the addresses of the page begin with. */
  base: string;
  /** Path and query as the request has them; the key of the share is part of it. */
  url: string;
  encoding: Encoding;
}

/** The moment of a page: a share's state, its period and "as of" change with the day. */
export const stampOf = (version: number, now: Date): string => `${version} ${localDay(now)}`;

/** A page of some hundred rows is 10 kB. */
const maxBytes = 24 * 2 ** 20;
/** Beside its bytes, a page takes about this much. */
const overhead = 1_500;

/**
 * Pages of one moment. It knows nothing about who may see them: ask it only for somebody who may.
 * A page that is asked for again is compressed well, beside everything else, one after the other.
 */
export class KeptPages {
  readonly #log: PortalDeps['log'];
  readonly #kept = new KeptOfMoment<KeptPage>(maxBytes, ({ body }) => body.length + overhead);
  /** Those that are not worth to be compressed again. */
  readonly #done = new WeakSet<KeptPage>();
  #compressing: Promise<void> = Promise.resolve();

  constructor(log: PortalDeps['log']) {
    this.#log = log;
  }

  find(stamp: string, key: PageKey): KeptPage | null {
    const text = textOf(key);
    const page = this.#kept.find(stamp, text);
    if (page === undefined) return null;
    if (!this.#done.has(page)) this.#compressWell(text, page);
    return page;
  }

  keep(stamp: string, key: PageKey, page: KeptPage): void {
    this.#kept.keep(stamp, textOf(key), page);
  }

  #compressWell(text: string, page: KeptPage): void {
    this.#done.add(page);
    if (page.encoding === 'identity') return;
    const { expand, good } = codings[page.encoding];
    const compress = async (): Promise<void> => {
      if (!this.#kept.has(text, page)) return;
      const body = await good(await expand(page.body));
      if (body.length >= page.body.length) return;
      const better = keptPageOf({ ...page, body });
      this.#done.add(better);
      this.#kept.replace(text, page, better);
    };
    this.#compressing = this.#compressing
      .then(compress)
      .catch((error: unknown) => this.#log.error('a page could not be compressed', error));
  }
}

const textOf = ({ base, url, encoding }: PageKey): string => `${encoding} ${base} ${url}`;
