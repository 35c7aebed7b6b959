/** Reads all records that a filter means, page by page. */
import type { ApiTimesheet, KimaiApi } from './kimai-api.ts';
import { pageSize } from './kimai-api.ts';

export interface WalkedPage {
  rows: ApiTimesheet[];
  /** The pages that are still to be read. */
  left: number;
}

/**
 * From the last page to the first one, in the order of ids: a record that goes meanwhile moves
 * others to pages that are still to be read, so that none is missed (spec/kimai-sync.md, 2.2).
 * `from`: the page to begin with; undefined: the last one.
 */
export async function* walk(
  api: KimaiApi,
  filter: string,
  from?: number,
): AsyncGenerator<WalkedPage> {
  let page = from ?? Math.max(1, Math.ceil((await api.count(filter)) / pageSize));
  let isFirst = from === undefined;
  while (page >= 1) {
    const answer = await api.page(filter, page);
    // The server gives smaller pages than it was asked for, or new ones came in between.
    if (isFirst && answer !== null && answer.pages > page) {
      page = answer.pages;
      isFirst = false;
      continue;
    }
    isFirst = false;
    page--;
    // Records went, and with them the last page.
    yield { rows: answer?.rows ?? [], left: page };
  }
}

/** The same where one page is likely: it is asked for first. */
export async function* walkFew(api: KimaiApi, filter: string): AsyncGenerator<WalkedPage> {
  const first = await api.page(filter, 1);
  if (first === null || first.pages === 1) yield { rows: first?.rows ?? [], left: 0 };
  else yield* walk(api, filter, first.pages);
}
