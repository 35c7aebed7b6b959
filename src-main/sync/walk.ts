/** Reads all records that a filter means, page by page. */
import type { ApiTimesheet, KimaiApi, Page } from './kimai-api.ts';
import { pageSize } from './kimai-api.ts';

export interface WalkedPage {
  rows: ApiTimesheet[];
  /** The pages that are still to be read. */
  left: number;
}

/**
 * From the last page to the first one, in the order of ids: a record that goes meanwhile moves
 * others to pages that are still to be read, so that none is missed (docs/kimai-sync.md).
 * `from`: the page to begin with; undefined: the last one.
 */
export async function* walk(
  api: KimaiApi,
  filter: string,
  from?: number,
): AsyncGenerator<WalkedPage> {
  let page = from ?? Math.max(1, Math.ceil((await api.count(filter)) / pageSize));
  let isFirst = from === undefined;
  // Kimai makes the next page while one is noted.
  let asked = ask(api, filter, page);
  while (page >= 1) {
    const answer = await asked;
    // The server gives smaller pages than it was asked for, or new ones came in between.
    const isLater = isFirst && answer !== null && answer.pages > page;
    page = isLater ? answer.pages : page - 1;
    isFirst = false;
    asked = ask(api, filter, page);
    // Records went, and with them the last page.
    if (!isLater) yield { rows: answer?.rows ?? [], left: page };
  }
}

/** Null: there is no such page. */
function ask(api: KimaiApi, filter: string, page: number): Promise<Page | null> {
  if (page < 1) return Promise.resolve(null);
  const asked = api.page(filter, page);
  // The page before may fail: then nobody awaits this one, and its own error must end nothing.
  asked.catch(() => undefined);
  return asked;
}

/** The same where one page is likely: it is asked for first. */
export async function* walkFew(api: KimaiApi, filter: string): AsyncGenerator<WalkedPage> {
  const first = await api.page(filter, 1);
  if (first === null || first.pages === 1) yield { rows: first?.rows ?? [], left: 0 };
  else yield* walk(api, filter, first.pages);
}
