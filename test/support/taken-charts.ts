import type { Page } from 'playwright';

/** Points at every chart of a page, and waits until frappe-charts has taken it over. */
export async function takeCharts(page: Page): Promise<void> {
  // The page's script listens when it has run; until then a sign is heard by nobody.
  await page.waitForFunction(() => {
    for (const bars of document.querySelectorAll('.picture:not(.taken) .bars')) {
      bars.dispatchEvent(new Event('pointerover'));
    }
    return document.querySelectorAll('.picture:not(.taken)').length === 0;
  });
}
