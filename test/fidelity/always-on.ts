/**
 * `npm run test:fidelity -- --always-on`: every page of a golden folder twice in Chromium, once
 * from the live portal and once from encrypted files behind nginx. Both have to be the same.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { launchChromium } from '../support/chromium.ts';
import { comparable, sealedAddress } from '../support/same-page.ts';
import { startWebSpace } from '../support/web-space.ts';
import { shareGolden } from './fidelity.ts';
import type { GoldenPage } from './golden.ts';

export interface SameTally {
  compared: number;
  /** Addresses of live pages that differ from the files. */
  different: string[];
}

/** `maxPages`: takes only every n-th page, so that so many are left. */
export async function compareAlwaysOn(
  dir: string,
  now: string,
  maxPages = Infinity,
): Promise<SameTally> {
  const { golden, program, pathOf } = await shareGolden(dir, now);
  const space = await startWebSpace();
  const browser = await launchChromium();
  try {
    const folder = join(space.files, 'pages');
    mkdirSync(folder);
    const base = await program.publish();
    await program.storeTarget({ kind: 'folder', folder, publicUrl: `${space.url}/pages` });
    const pages = everyNth(golden.pages, maxPages);
    const wanted = new Set(pages.map(({ share }) => pathOf(share)));
    const urls = new Map<string, string>();
    for (const { id, path } of await program.call('shares.list', {})) {
      if (!wanted.has(path)) continue;
      await program.call('alwaysOn.enable', { id });
      urls.set(path, (await program.call('alwaysOn.share', { id })).url);
    }
    await program.uploadChanges();
    const { error } = await program.call('alwaysOn.status');
    if (error !== null) throw new Error(`the upload did not end: ${error.code}`);

    const context = await browser.newContext();
    const [live, sealed] = [await context.newPage(), await context.newPage()];
    const different: string[] = [];
    for (const page of pages) {
      await live.goto(base + addressOf(page, pathOf(page.share)));
      if (page.projectId !== undefined) {
        const { name } = golden.projects.find(({ kimaiId }) => kimaiId === page.projectId)!;
        await live.getByRole('link', { name, exact: true }).first().click();
        await live.waitForURL(/\/p\/\d+/);
      }
      // The same document with another fragment would only navigate inside.
      await sealed.goto('about:blank');
      await sealed.goto(sealedAddress(urls.get(pathOf(page.share))!, live.url(), page.locale));
      const [one, other] = [await comparable(live), await comparable(sealed)];
      if (JSON.stringify(one) !== JSON.stringify(other)) different.push(live.url());
    }
    return { compared: pages.length, different };
  } finally {
    await browser.close();
    await space.close();
    await program.close();
  }
}

const addressOf = ({ locale, year, month, view }: GoldenPage, path: string): string =>
  `${path.replace(/^\/[^/]+/, `/${locale}`)}?year=${year}&month=${month}&details=${view}`;

function everyNth(pages: readonly GoldenPage[], max: number): GoldenPage[] {
  const step = Math.max(1, Math.ceil(pages.length / max));
  return pages.filter((_, index) => index % step === 0);
}
