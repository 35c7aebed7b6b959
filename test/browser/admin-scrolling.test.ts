/**
 * With scroll bars that take room, as Windows has them: only the content of a page scrolls, never
 * the document around it, which would show a second bar and scroll into nothing.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminPages, preparePages, type AdminPage } from '../support/admin-pages.ts';
import { loaded, startOwnerUi, type OwnerUi } from '../support/owner-ui.ts';

const widths = [1280, 900, 360];
let ui: OwnerUi;
let paths: Record<AdminPage, string>;

beforeAll(async () => {
  ui = await startOwnerUi({ scrollBars: true });
  paths = await preparePages(ui.app);
});
afterAll(async () => {
  expect(ui.failures).toEqual([]);
  await ui.close();
});

/** By how many pixels the document scrolls, and how wide its scroll bar is. */
const documentScroll = (): Promise<{ down: number; across: number; bar: number }> =>
  ui.page.evaluate(() => {
    const root = document.documentElement;
    return {
      down: root.scrollHeight - root.clientHeight,
      across: root.scrollWidth - root.clientWidth,
      bar: innerWidth - root.clientWidth,
    };
  });

it('has scroll bars that take room, or this file would test nothing', async () => {
  const barPx = await ui.page.evaluate(() => {
    const box = document.createElement('div');
    box.style.cssText = 'position: fixed; overflow-y: scroll; inline-size: 100px';
    document.body.append(box);
    const width = box.offsetWidth - box.clientWidth;
    box.remove();
    return width;
  });
  expect(barPx).toBeGreaterThan(0);
});

describe.each(widths)('at %i px', (width) => {
  beforeAll(() => ui.page.setViewportSize({ width, height: 640 }));

  it.each(adminPages)('%s: the document does not scroll', async (name) => {
    await ui.open(paths[name]);
    await ui.page.locator('main h1').waitFor();
    await loaded(ui.page);
    expect(await documentScroll()).toEqual({ down: 0, across: 0, bar: 0 });
  });
});
