/** Every page of the owner's app: no axe violation, nothing wider than the window. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations } from '../support/axe.ts';
import { loaded, startOwnerUi, type OwnerUi } from '../support/owner-ui.ts';

const goldenFile = (name: string): string =>
  new URL(`../fixtures/golden/kimai-2.66-world/${name}`, import.meta.url).pathname;

const pages = [
  'customers',
  'customer',
  'customer form',
  'project',
  'timesheets',
  'imports',
  'import preview',
  'import mapping',
  'shares',
  'share editor',
  'new share',
  'publishing',
  'profiles',
  'settings',
  'unknown page',
] as const;
const wide = { width: 1280, height: 900 };
const narrow = { width: 360, height: 780 };

describe('the owner’s app', () => {
  let ui: OwnerUi;
  let paths: Record<(typeof pages)[number], string>;

  beforeAll(async () => {
    ui = await startOwnerUi();
    const { app } = ui;
    await app.importFile(goldenFile('full-en.csv'));
    await app.importFile(goldenFile('projects-en.xlsx'));
    const preview = await app.openFile(goldenFile('default-en.csv'));
    const mapping = await app.openBytes('mine.csv', 'When,Whom,What\n2026-11-02,Acme,Site\n');
    const [project] = await app.call('projects.list');
    const customer = `/customers/${project!.customerId}`;
    const share = await app.call('shares.create', {
      customerId: project!.customerId,
      label: 'Harbour',
    });
    paths = {
      customers: '/customers',
      customer,
      'customer form': `${customer}/edit`,
      project: `${customer}/projects/${project!.id}`,
      // Few rows: axe looks at every cell.
      timesheets: '/records?from=2026-11-20',
      imports: '/imports',
      'import preview': `/imports/job/${preview.jobId}`,
      'import mapping': `/imports/job/${mapping.jobId}`,
      shares: '/shares',
      'share editor': `/shares/${share.id}`,
      'new share': '/shares/new',
      publishing: '/publish',
      profiles: '/profiles',
      settings: '/settings',
      'unknown page': '/nowhere',
    };
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

  it.each(pages)('%s: no axe violation in light and dark, fits 360 px both ways', async (name) => {
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
  });

  it('never logged an error', () => {
    expect(ui.failures).toEqual([]);
  });
});
