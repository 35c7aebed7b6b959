/** Every page of the owner's app: no axe violation, nothing wider than the window. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations } from '../support/axe.ts';
import { places } from '../../src-renderer/shell/places.ts';
import { misfits } from '../support/misfits.ts';
import { adminPages, preparePages, type AdminPage } from '../support/admin-pages.ts';
import { loaded, startOwnerUi, type OwnerUi } from '../support/owner-ui.ts';

const wide = { width: 1280, height: 900 };
const narrow = { width: 360, height: 780 };

describe('the owner’s app', () => {
  let ui: OwnerUi;
  /** What axe finds on pages that have nothing to show yet. */
  const empty: string[] = [];
  let paths: Record<AdminPage, string>;

  beforeAll(async () => {
    ui = await startOwnerUi();
    for (const { id } of places) {
      await ui.open(`/${id}`);
      await ui.page.locator('main h1').waitFor();
      await loaded(ui.page);
      empty.push(...(await axeViolations(ui.page, { within: 'main' })));
    }
    paths = await preparePages(ui.app);
  });
  afterAll(async () => {
    await ui.close();
  });

  it('has no axe violation while there is nothing yet', () => {
    expect(empty).toEqual([]);
  });

  /** By how many pixels the page sticks out of its window. */
  const widerThanWindow = (): Promise<number> =>
    ui.page.evaluate(() => {
      const main = document.querySelector('main')!;
      return Math.max(
        document.documentElement.scrollWidth - innerWidth,
        main.scrollWidth - main.clientWidth,
      );
    });

  it.each(adminPages)(
    '%s: no axe violation in light and dark, fits 360 px both ways',
    async (name) => {
      const { page } = ui;
      await ui.open(paths[name]);
      await page.locator('main h1').waitFor();
      await loaded(page);
      await page.emulateMedia({ colorScheme: 'light' });
      expect(await axeViolations(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await axeViolations(page, { rules: ['color-contrast'] })).toEqual([]);
      await page.setViewportSize(narrow);
      for (const direction of ['rtl', 'ltr']) {
        await page.evaluate((dir) => (document.documentElement.dir = dir), direction);
        expect(await widerThanWindow()).toBeLessThanOrEqual(0);
      }
      await page.setViewportSize(wide);
      // Letters twice as large, as in the settings of a browser.
      await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
      // A table may be wider than the window then: the page scrolls to it.
      const cut = (await misfits(page)).filter((line) => !line.startsWith('outside'));
      expect(cut).toEqual([]);
      await page.evaluate(() => document.documentElement.style.removeProperty('font-size'));
    },
  );

  /** What each place asks for; `settings` has all that it shows from the start. */
  const asking = places.map(({ id }) => id).filter((id) => id !== 'settings');

  it.each(asking)('%s says that it loads, then what went wrong; axe finds nothing', async (id) => {
    const { page } = ui;
    await ui.open('/settings');
    await loaded(page);
    const held = Promise.withResolvers<undefined>();
    await page.route('**/api', async (route) => {
      const { method } = route.request().postDataJSON() as { method: string };
      if (method === 'app.status') return route.continue();
      await held.promise;
      await route.fulfill({ json: { ok: false, error: { code: 'internal', params: {} } } });
    });
    await ui.open(`/${id}`);
    await page.locator('main .skeleton').first().waitFor();
    expect(await axeViolations(page, { within: 'main' })).toEqual([]);
    held.resolve(undefined);
    await page.locator('main').getByRole('alert').first().waitFor();
    expect(await axeViolations(page, { within: 'main' })).toEqual([]);
    await page.unroute('**/api');
  });

  it('nothing moves where the system asks for less motion', async () => {
    const { page } = ui;
    await ui.open('/ui');
    await page.getByRole('progressbar').first().waitFor();
    const moving = (): Promise<number> => page.evaluate(() => document.getAnimations().length);
    expect(await moving()).toBe(0);
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await expect.poll(moving).toBeGreaterThan(0);
    await page.emulateMedia({ reducedMotion: 'reduce' });
  });

  it('never logged an error', () => {
    expect(ui.failures).toEqual([]);
  });
});
