/** Every page of the owner's app: no axe violation, nothing wider than the window. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations } from '../support/axe.ts';
import { adminPages, preparePages, type AdminPage } from '../support/admin-pages.ts';
import { loaded, startOwnerUi, type OwnerUi } from '../support/owner-ui.ts';

const wide = { width: 1280, height: 900 };
const narrow = { width: 360, height: 780 };

describe('the owner’s app', () => {
  let ui: OwnerUi;
  let paths: Record<AdminPage, string>;

  beforeAll(async () => {
    ui = await startOwnerUi();
    paths = await preparePages(ui.app);
  });
  afterAll(async () => {
    await ui.close();
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
    },
  );

  it('never logged an error', () => {
    expect(ui.failures).toEqual([]);
  });
});
