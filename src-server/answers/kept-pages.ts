import { localDay } from '../../src-shared/domain/day.ts';
import { portalHeaders } from '../access/headers.ts';
import type { PortalDeps } from '../source.ts';
import { codings, type Encoding } from './encodings.ts';

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

/** A page of some hundred rows is 10 kB; one that alone takes a tenth of the room is not kept. */
const maxBytes = 24 * 2 ** 20;
/** Beside its bytes, a page takes about this much. */
const overhead = 1_000;

interface Entry {
  page: KeptPage;
  /** Asked for again, so it is worth to be compressed well. */
  isGood: boolean;
}

/**
 * Pages of one moment, which `stamp` names: the version of the data and of the shares, and today. A
 * new moment makes all of them void. It knows nothing about who may see them: ask it only for
 * somebody who may. Bounded in memory; the page that was not asked for the longest goes first.
 */
export class KeptPages {
  readonly #log: PortalDeps['log'];
  #stamp = '';
  #entries = new Map<string, Entry>();
  #bytes = 0;
  #compressing: Promise<void> = Promise.resolve();

  constructor(log: PortalDeps['log']) {
    this.#log = log;
  }

  find(stamp: string, key: PageKey): KeptPage | null {
    this.#turnTo(stamp);
    const text = textOf(key);
    const entry = this.#entries.get(text);
    if (entry === undefined) return null;
    this.#entries.delete(text);
    this.#entries.set(text, entry);
    if (!entry.isGood) this.#compressWell(text, entry);
    return entry.page;
  }

  /** `stamp`: of the moment at which making the page began; what was made of an older one is not kept. */
  keep(stamp: string, key: PageKey, page: KeptPage): void {
    if (stamp !== this.#stamp || page.body.length > maxBytes / 10) return;
    const text = textOf(key);
    this.#drop(text);
    this.#entries.set(text, { page, isGood: page.encoding === 'identity' });
    this.#bytes += sizeOf(text, page);
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= maxBytes) break;
      this.#drop(oldest);
    }
  }

  #turnTo(stamp: string): void {
    if (stamp === this.#stamp) return;
    this.#stamp = stamp;
    this.#entries = new Map();
    this.#bytes = 0;
  }

  #drop(text: string): void {
    const entry = this.#entries.get(text);
    if (entry === undefined) return;
    this.#bytes -= sizeOf(text, entry.page);
    this.#entries.delete(text);
  }

  /** One page after the other, beside everything else. */
  #compressWell(text: string, entry: Entry): void {
    entry.isGood = true;
    const { encoding, body } = entry.page;
    if (encoding === 'identity') return;
    const { expand, good } = codings[encoding];
    const compress = async (): Promise<void> => {
      if (this.#entries.get(text) !== entry) return;
      const better = await good(await expand(body));
      // It may have gone in between.
      if (this.#entries.get(text) !== entry || better.length >= body.length) return;
      this.#bytes += better.length - body.length;
      entry.page = keptPageOf({ ...entry.page, body: better });
    };
    this.#compressing = this.#compressing
      .then(compress)
      .catch((error: unknown) => this.#log.error('a page could not be compressed', error));
  }
}

const textOf = ({ base, url, encoding }: PageKey): string => `${encoding} ${base} ${url}`;

const sizeOf = (text: string, { body }: KeptPage): number => body.length + text.length + overhead;
