import type { Locator } from 'playwright';

/**
 * Waits until the first match of `locator` is shown. `what` names it in words: a test that waits
 * for too long then says what was missing and what the page showed in its place.
 */
export async function see(what: string, locator: Locator): Promise<void> {
  try {
    await locator.first().waitFor();
  } catch (cause) {
    const page = locator.page();
    const shown = await page
      .locator('body')
      .innerText()
      .catch(() => '(the page is gone)');
    throw new Error(
      `Waited for ${what} at ${page.url()}. The page shows:\n${shown.slice(0, 2000)}`,
      {
        cause,
      },
    );
  }
}
