/** The owner's app as it looked when somebody last looked at it: pictures in test/references. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations } from '../support/axe.ts';
import { misfits } from '../support/misfits.ts';
import { adminPages, preparePages, type AdminPage } from '../support/admin-pages.ts';
import { loaded, startOwnerUi, type OwnerUi } from '../support/owner-ui.ts';
import {
  compare,
  expectReference,
  fixLook,
  hasReference,
  isRenewing,
  maxDifferent,
  referenceArgs,
  whyNotComparable,
} from '../support/reference-pictures.ts';

/** Small, so that all pictures together stay below three megabytes. */
const wide = { width: 800, height: 640 };
const narrow = { width: 360, height: 640 };
const sizes = { light: wide, dark: wide, narrow, arabic: wide };
/** Of this computer, made by chance, or a page with fonts of its own. */
const hidden = 'main :is(code, iframe)';

let ui: OwnerUi;
/** Why pictures are not compared here; null: they are. */
let reason: string | null;
/** One window for each look. */
let windows: { light: Page; dark: Page; narrow: Page; arabic: Page };

beforeAll(async () => {
  ui = await startOwnerUi({ transport: 'http', chromiumArgs: referenceArgs, initScript: fixLook });
  reason = whyNotComparable(ui.browser);
  if (reason !== null) console.warn(`Reference pictures are not compared: ${reason}`);
  const open = (look: { locale?: string; colorScheme?: 'dark' }, viewport = wide): Promise<Page> =>
    ui.openWindow('/ui', { colorScheme: 'light', viewport, ...look });
  windows = {
    light: await open({}),
    dark: await open({ colorScheme: 'dark' }),
    narrow: await open({}, narrow),
    arabic: await open({ locale: 'ar' }),
  };
});
afterAll(async () => {
  expect(ui.failures).toEqual([]);
  await ui.close();
});

describe('the page of all components', () => {
  const all = (): Page[] => Object.values(windows);

  /** The page scrolls within the app: the window becomes as high as the page. */
  async function showWhole(page: Page): Promise<void> {
    const height = await page.evaluate(
      () =>
        document.querySelector('main')!.scrollHeight +
        innerHeight -
        document.querySelector('main')!.clientHeight,
    );
    await page.setViewportSize({ width: page.viewportSize()!.width, height });
  }

  it('has every component of ui/', () => {
    const root = join(import.meta.dirname, '../../src-renderer');
    const source = globSync('pages/ui/*.svelte', { cwd: root })
      .map((file) => readFileSync(join(root, file), 'utf8'))
      .join('\n');
    const components = globSync('ui/*.svelte', { cwd: root }).map((file) => file.slice(3, -7));
    expect(components.length).toBeGreaterThan(35);
    // These two are in the app's shell: the page opens them.
    const missing = components.filter(
      (name) => !['Confirm', 'Toasts'].includes(name) && !source.includes(`<${name}`),
    );
    expect(missing).toEqual([]);
  });

  it('has no axe violation in light and dark, and nothing that does not fit', async () => {
    for (const page of all()) await showWhole(page);
    const found = await axeViolations(windows.light);
    // Several pagers on one page are only here.
    expect(found.filter((line) => !line.startsWith('landmark-unique'))).toEqual([]);
    expect(await axeViolations(windows.dark, { rules: ['color-contrast'] })).toEqual([]);
    for (const page of all()) expect(await misfits(page)).toEqual([]);
  });

  it('looks as before in light, dark, narrow and Arabic', async ({ skip }) => {
    skip(reason !== null, reason ?? '');
    for (const [name, page] of Object.entries(windows)) {
      await expectReference(`ui ${name}`, [{ page }]);
    }
  });

  it('would look other with a corner less round', async ({ skip }) => {
    skip(reason !== null, reason ?? '');
    const page = windows.light;
    const before = PNG.sync.read(await page.screenshot());
    await page.evaluate(() => document.documentElement.style.setProperty('--radius-small', '4px'));
    const { different } = compare(before, PNG.sync.read(await page.screenshot()));
    await page.evaluate(() => document.documentElement.style.removeProperty('--radius-small'));
    expect(different).toBeGreaterThan(maxDifferent);
  });
});

describe('the screens', () => {
  let paths: Record<AdminPage, string>;
  /** The first pictures are made once all of this version's screens are done. */
  const isMade = isRenewing || hasReference('overview');

  beforeAll(async () => {
    if (!isMade || reason !== null) return;
    paths = await preparePages(ui.app, 'sample');
    for (const [name, page] of Object.entries(windows)) {
      await page.setViewportSize(sizes[name as keyof typeof sizes]);
    }
  });

  it.for(adminPages)(
    '%s looks as before in light, dark, narrow and Arabic',
    async (name, { skip }) => {
      skip(!isMade, 'there are no pictures of the screens yet: npm run references');
      skip(reason !== null, reason ?? '');
      for (const page of Object.values(windows)) {
        await ui.open(paths[name], page);
        await page.locator('main h1').waitFor();
        await loaded(page);
      }
      await expectReference(
        name,
        Object.values(windows).map((page) => ({ page, hidden })),
      );
    },
  );
});
