/** The owner's app in each of its languages, in Chromium: every text has its place. */
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  directionOf,
  kimaiLocales,
  ownerLanguages,
  tagOf,
} from '../../src-shared/domain/locales.ts';
import { adminPages, preparePages, type AdminPage } from '../support/admin-pages.ts';
import { misfits } from '../support/misfits.ts';
import { loaded, startOwnerUi, type OwnerUi } from '../support/owner-ui.ts';

/** All but those that are made of the same parts as another one. */
const alike: AdminPage[] = ['customer form', 'project', 'new share', 'unknown page'];
const looked = adminPages.filter((name) => !alike.includes(name));

let ui: OwnerUi;
let paths: Record<AdminPage, string>;
/** Two windows of the same owner: to change the width of one is slow. */
let windows: { width: number; page: Page }[];

beforeAll(async () => {
  ui = await startOwnerUi();
  paths = await preparePages(ui.app, 'sample');
  // The page Publishing at its longest.
  await ui.app.call('publish.set', { reach: 'tunnel', tunnel: { kind: 'ssh' } });
  const narrow = await ui.openWindow('/overview');
  await narrow.setViewportSize({ width: 360, height: 900 });
  windows = [
    { width: 360, page: narrow },
    { width: 1280, page: ui.page },
  ];
});
afterAll(async () => {
  expect(ui.failures).toEqual([]);
  await ui.close();
});

it.each(looked)(
  '%s: nothing is cut, pushed out or laid over another text in any language, at 360 and at 1280 px',
  async (name) => {
    for (const { page } of windows) {
      await ui.open(paths[name], page);
      await page.locator('main h1').waitFor();
      await loaded(page);
    }
    const found: string[] = [];
    for (const locale of ownerLanguages) {
      await ui.app.call('settings.set', { locale });
      for (const { width, page } of windows) {
        await page.locator(`html[lang="${tagOf(locale)}"][dir="${directionOf(locale)}"]`).waitFor();
        for (const misfit of await misfits(page)) found.push(`${locale} at ${width} px: ${misfit}`);
      }
    }
    expect(found).toEqual([]);
  },
);

it('the list of languages says which ones the app does not speak', async () => {
  await ui.app.call('settings.set', { locale: 'fr' });
  await ui.page.locator('html[lang="fr"]').waitFor();
  await ui.open(paths.settings);
  const list = ui.page.getByLabel('Langue', { exact: true });
  await list.waitFor();
  const options = await list
    .locator('option')
    .evaluateAll((all) => (all as HTMLOptionElement[]).map(({ value, text }) => ({ value, text })));
  const names = options.filter(({ value }) => value !== 'auto');
  // Switzerland's German is no language of its own here.
  const listed = kimaiLocales.filter((code) => code !== 'de_CH');
  expect(names.map(({ value }) => value).sort()).toEqual([...listed].sort());
  const inEnglish = names.filter(({ text }) => text.endsWith(' (application en anglais)'));
  // Portugal reads what is written for Brazil.
  const spoken: string[] = [...ownerLanguages, 'pt'];
  expect(inEnglish.map(({ value }) => value).sort()).toEqual(
    listed.filter((code) => !spoken.includes(code)).sort(),
  );
});
