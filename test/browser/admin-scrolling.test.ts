/**
 * With scroll bars that take room, as Windows has them: only the content of a page scrolls, never
 * the document around it, which would show a second bar and scroll into nothing.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { places } from '../../src-renderer/shell/places.ts';
import { adminPages, preparePages, type AdminPage } from '../support/admin-pages.ts';
import { loaded, startOwnerUi, type OwnerUi } from '../support/owner-ui.ts';

const widths = [1280, 900, 360];
let ui: OwnerUi;
let paths: Record<AdminPage, string>;

beforeAll(async () => {
  ui = await startOwnerUi({ scrollBars: true });
  paths = await preparePages(ui.app);
  // The page Publishing at its longest.
  await ui.app.call('publish.set', { reach: 'tunnel', tunnel: { kind: 'ssh' } });
});
afterAll(async () => {
  expect(ui.failures).toEqual([]);
  await ui.close();
});

/** Parts that are closed at first hide labels too, and make a page longer. */
async function openWhatIsClosed(name: AdminPage): Promise<void> {
  if (name === 'publishing') {
    await ui.page.getByRole('button', { name: 'Choose a web space' }).click();
    await ui.page.getByLabel('Public address').waitFor();
  }
  await ui.page.evaluate(() => {
    for (const part of document.querySelectorAll('details')) part.open = true;
  });
}

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

it('looks at every place of the app', () => {
  const seen = Object.values(paths).map((path) => path.split(/[/?]/)[1]);
  expect([...new Set(seen)].sort()).toEqual([...places.map(({ id }) => id), 'nowhere'].sort());
});

describe.each(widths)('at %i px', (width) => {
  beforeAll(() => ui.page.setViewportSize({ width, height: 640 }));

  it.each(adminPages)('%s: the document does not scroll', async (name) => {
    await ui.open(paths[name]);
    await ui.page.locator('main h1').waitFor();
    await loaded(ui.page);
    await openWhatIsClosed(name);
    expect(await documentScroll()).toEqual({ down: 0, across: 0, bar: 0 });
  });
});

it('nor does it where somebody has to sign in first', async () => {
  await ui.app.call('profiles.update', { id: 1, password: 'anchor chain, 7 links' });
  // Whoever is at the window has not said it.
  await ui.page.getByLabel('Password').waitFor();
  for (const width of widths) {
    await ui.page.setViewportSize({ width, height: 640 });
    await ui.page.reload();
    await ui.page.getByLabel('Password').waitFor();
    expect(await documentScroll()).toEqual({ down: 0, across: 0, bar: 0 });
  }
});
