import { fileURLToPath } from 'node:url';
/** The owner's pages on shares and publishing, in Chromium on the real program. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Locator } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../src-main/store/open.ts';
import { axeViolations } from '../support/axe.ts';
import { loaded, startOwnerUi, type OwnerUi } from '../support/owner-ui.ts';

const exportFile = fileURLToPath(
  new URL('../fixtures/golden/kimai-2.66-world/full-en.csv', import.meta.url),
);
const customer = 'Hafenkontor Brandt & Söhne GmbH';

let ui: OwnerUi;
const page = () => ui.page;
/** Retries until it holds. */
const soon = <T>(read: () => T | Promise<T>) => expect.poll(read);
const button = (name: string | RegExp): Locator => page().getByRole('button', { name });
/** With nothing to save it has no number; another button begins with the same word. */
const saveButton = (): Locator => page().getByRole('button', { name: 'Save', exact: true });
/** Turns a switch as the keyboard does. */
const turn = (name: string): Promise<void> =>
  page().getByRole('switch', { name, exact: true }).press('Space');
const toast = (text: string | RegExp): Locator =>
  page().getByRole('status').getByText(text).first();
const preview = () => page().frameLocator('iframe');
/** The previewed page follows clicks from its load event on, which comes after its text. */
const previewLoaded = async (): Promise<void> => {
  await page().waitForFunction(() => {
    const shown = document.querySelector('iframe')?.contentDocument;
    return (
      document.querySelector('main [aria-busy="true"]') === null &&
      shown?.URL === 'about:srcdoc' &&
      shown.readyState === 'complete'
    );
  });
};
const isFocused = (locator: Locator): Promise<boolean> =>
  locator.evaluate((element) => element === document.activeElement);
const line = (key: string): Locator => page().locator(`[data-line="${key}"]`);
const place = (): string => new URL(page().url()).hash;

beforeAll(async () => {
  ui = await startOwnerUi();
  await ui.app.importFile(exportFile);
});
afterAll(async () => {
  await ui.close();
});

describe('shares', () => {
  it('starts with a page that says what belongs there', async () => {
    await ui.open('/shares');
    await page().getByText('No shares yet').waitFor();
    await loaded(page());
    expect(await page().getByText('Your portal is offline').count()).toBe(0);
    await page().getByRole('main').getByRole('link', { name: 'New share' }).last().click();
    await soon(place).toBe('#/shares/new');
  });

  it('says in place what is missing, with the focus on it', async () => {
    const select = page().getByLabel('Customer', { exact: true });
    await select.waitFor();
    await button('Create share').click();
    await page().getByText('Choose a customer.').waitFor();
    expect(await select.getAttribute('aria-invalid')).toBe('true');
    await soon(() => isFocused(select)).toBe(true);
  });

  it('shows the real page and what becomes public, before anything is saved', async () => {
    await page().getByLabel('Customer', { exact: true }).selectOption({ label: customer });
    await preview().getByRole('heading', { level: 1, name: customer }).waitFor();
    expect(await preview().locator('th[data-column="rate"]').count()).toBe(0);
    await turn('Rates');
    await preview().locator('th[data-column="rate"]').waitFor();
    await loaded(page());
    expect(await line('rates').getAttribute('class')).not.toContain('no');
    expect(await line('users').innerText()).toBe('○\nNames of people');
    // Nothing was shared before, so nothing is called new.
    expect(await page().locator('em.new').count()).toBe(0);
    expect(await ui.app.call('shares.list')).toEqual([]);
  });

  it('follows the links of the previewed page', async () => {
    const month = preview().locator('[data-period] a[rel=prev]');
    const before = await preview().locator('h1 + p').innerText();
    await previewLoaded();
    await month.click();
    await soon(() => preview().locator('h1 + p').innerText()).not.toBe(before);
    await previewLoaded();
    await preview().locator('a[data-project-link]').first().click();
    await preview().locator('body[data-page="project"]').waitFor();
    await button('Back to the first page').click();
    await preview().locator('body[data-page="customer"]').waitFor();
  });

  it('rates a password while it is typed and offers a passphrase', async () => {
    await button('Set a password').click();
    const field = page().getByLabel('Password', { exact: true }).last();
    await soon(() => isFocused(field)).toBe(true);
    // A short one has to be meant.
    await field.fill('12345');
    await button('Create share').click();
    await page().getByText('That is short: 6 characters or more').waitFor();
    await page().getByLabel('Use this short password all the same').check();
    await page().getByText('That is short').waitFor({ state: 'detached' });
    await page().getByLabel('Use this short password all the same').uncheck();
    await field.fill('geheim');
    await page().getByText('Strength: weak. Guessers try this first.').waitFor();
    await button('Generate a passphrase').click();
    await page().getByText('Strength: strong').waitFor();
    expect(await field.inputValue()).toMatch(/^[a-z]+(-[a-z]+){4}$/);
    await soon(() => field.getAttribute('type')).toBe('text');
  });

  it('creates the share and says that there is nothing to send while it is offline', async () => {
    const phrase = await page().getByLabel('Password', { exact: true }).last().inputValue();
    await button('Create share').click();
    await toast('Share created').waitFor();
    await soon(place).toMatch(/^#\/shares\/\d+$/);
    await page().getByText('The share is made, but your client cannot open it yet').waitFor();
    expect(await page().locator('form').innerText()).toContain(phrase);
    await page().getByText('No link to send: your portal is offline.').waitFor();
    expect(await page().locator('main').innerText()).not.toContain('/auth/customer-portal/');
    const [share] = await ui.app.call('shares.list');
    expect(share).toMatchObject({ customerName: customer, hasPassword: true });
    expect(share?.options.showRates).toBe(true);
  });

  it('counts changes, marks what is new, and saves with the keyboard', async () => {
    await turn('User');
    await turn('Tags');
    await button('Save 2 changes').waitFor();
    await line('users').getByText('new', { exact: true }).waitFor();
    await line('tags').getByText('new', { exact: true }).waitFor();
    await turn('Tags');
    await button('Save 1 change').waitFor();
    await page().keyboard.press('Control+s');
    await toast('Saved. Clients see it from now on.').waitFor();
    await soon(() => saveButton().isDisabled()).toBe(true);
    await soon(() => page().locator('em.new').count()).toBe(0);
    const [share] = await ui.app.call('shares.list');
    expect(share?.options).toMatchObject({ showUser: true, showTags: false });
  });

  it('picks projects, keeps the others out, and takes an end after days', async () => {
    await page().getByText('Only those I pick').click();
    await page().keyboard.press('Control+s');
    await page().getByText('Pick at least one project.').waitFor();
    await page()
      .getByRole('group', { name: 'Which projects?' })
      .getByRole('checkbox')
      .first()
      .check();
    await page().getByText('1 project with its name').waitFor();
    await page().getByLabel('When does it end?').selectOption('days');
    await page().getByLabel('Number of days').fill('10');
    await page().getByText('Works until 4 Dec 2026, that day included. 10 days left.').waitFor();
    await button('Save 2 changes').click();
    await soon(async () => (await ui.app.call('shares.list'))[0]).toMatchObject({
      expiresDay: '2026-12-04',
      options: { projectSelection: 'selected' },
    });
  });

  it('asks before changes are lost', async () => {
    await turn('Activity');
    await button('Save 1 change').waitFor();
    await page().getByRole('link', { name: 'Settings' }).click();
    const question = page().getByRole('dialog');
    await question.waitFor();
    await question.getByRole('button').last().click();
    await button('Save 1 change').waitFor();
    await page().getByRole('link', { name: 'Settings' }).click();
    await question
      .getByRole('button', { name: /leave|discard/i })
      .first()
      .click();
    await page().getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    expect((await ui.app.call('shares.list'))[0]?.options.showActivity).toBe(false);
  });

  it('says that a password guards the page in the way of good news', async () => {
    await ui.open(`/shares/${(await ui.app.call('shares.list'))[0]!.id}`);
    await line('access').getByText('Opens only with the password').waitFor();
    expect(await line('access').getAttribute('class')).toMatch(/guarded/);
    expect(await line('access').getAttribute('class')).not.toMatch(/\bno\b/);
  });

  it('publishes from the list, and does not offer a link that only this computer opens', async () => {
    await ui.app.call('publish.set', { port: 0 });
    await ui.open('/shares');
    await button('Publish').click();
    await toast('Your portal is online').waitFor();
    await page().locator('main td').getByText('This computer only', { exact: true }).waitFor();
    expect(await button(/^Show QR code/).count()).toBe(0);
    await page().getByText('so there is nothing to send yet').waitFor();
    await page().getByRole('main').getByRole('link', { name: 'Open Publishing' }).click();
    await page().getByRole('link', { name: 'Customer portal', exact: false }).last().waitFor();
    await soon(place).toBe('#/publish?back=/shares');
  });

  it('says "send it" once others can open the link, and leads back from Publishing', async () => {
    await ui.open('/shares/new?customer=' + (await ui.app.call('customers.list'))[0]!.id);
    await page().getByLabel('Label').fill('Sent');
    await button('Create share').click();
    await page().getByText('Only this computer can open the link.').waitFor();
    await page().getByRole('main').getByRole('link', { name: 'Open Publishing' }).click();
    await page()
      .getByRole('radio', { name: /my own address/ })
      .check();
    await page().getByLabel('Public address').fill('https://time.example');
    await button('Save 2 changes').click();
    await button('Save 2 changes').waitFor({ state: 'detached' });
    await page().getByRole('link', { name: 'Back to the share' }).click();
    await soon(place).toMatch(/^#\/shares\/\d+$/);
    await button('Copy: Sent').waitFor();
    await ui.open('/shares/new?customer=' + (await ui.app.call('customers.list'))[0]!.id);
    await button('Create share').click();
    await page().getByText('This is the link for your client').waitFor();
    for (const share of await ui.app.call('shares.list')) {
      if (!share.hasPassword) await ui.app.call('shares.delete', { id: share.id });
    }
  });

  it('copies the link and shows its QR code once others can open it', async () => {
    const { urls } = await ui.app.call('publish.status');
    const [share] = await ui.app.call('shares.list');
    await ui.open('/shares');
    await button(`Copy: ${customer}`).click();
    await toast('Link copied').waitFor();
    expect(await page().evaluate(() => navigator.clipboard.readText())).toBe(
      urls[0]! + share!.path,
    );
    await button(/^Show QR code/).click();
    const image = page().getByRole('img', { name: 'QR code of the link' });
    await soon(() =>
      image.evaluate((e: HTMLImageElement) => e.complete && e.naturalWidth > 20),
    ).toBe(true);
    await page().keyboard.press('Escape');
    await page().getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('deletes with the keyboard, and takes it back with the same address', async () => {
    const [before] = await ui.app.call('shares.list');
    await button(`Actions for “${customer}”`).focus();
    await page().keyboard.press('Enter');
    const item = (name: string): Locator => page().getByRole('menuitem', { name });
    await soon(() => isFocused(item('Edit'))).toBe(true);
    await page().keyboard.press('End');
    await soon(() => isFocused(item('Delete'))).toBe(true);
    await page().keyboard.press('Enter');
    await page().getByText('No shares yet').waitFor();
    expect(await ui.app.call('shares.list')).toEqual([]);
    await button('Undo').click();
    await page().getByRole('link', { name: customer }).first().waitFor();
    expect((await ui.app.call('shares.list'))[0]?.path).toBe(before?.path);
  });

  it('pauses, asks before a new link, duplicates', async () => {
    const menu = async (item: string): Promise<void> => {
      await button(`Actions for “${customer}”`).first().click();
      await page().getByRole('menuitem', { name: item }).click();
    };
    const [before] = await ui.app.call('shares.list');
    await menu('Pause');
    await page().getByRole('table').getByText('Paused').waitFor();
    await menu('Resume');
    await page().getByRole('table').getByText('Active').waitFor();
    await menu('New link');
    await page().getByRole('dialog').getByRole('button', { name: 'Make new link' }).click();
    await toast(/has a new link/).waitFor();
    expect((await ui.app.call('shares.list'))[0]?.path).not.toBe(before?.path);
    await menu('Duplicate');
    await soon(place).toMatch(/^#\/shares\/\d+$/);
    expect(await ui.app.call('shares.list')).toHaveLength(2);
  });

  it('finds shares by words and state', async () => {
    await ui.open('/shares');
    await page().getByRole('searchbox').fill('hafen brandt');
    await page().getByText('2 shares').waitFor();
    await page().getByText('Paused', { exact: true }).click();
    await page().getByText('No share fits this filter.').waitFor();
    await button('Clear filter').click();
    await page().getByText('2 shares').waitFor();
  });

  it('pauses several at once, with one way back', async () => {
    await page().getByRole('checkbox', { name: 'Choose all on this page' }).check();
    await page().getByRole('toolbar').getByText('2 chosen').waitFor();
    await page().getByRole('toolbar').getByRole('button', { name: 'Pause' }).click();
    await toast('2 shares paused').waitFor();
    await soon(() => page().getByRole('table').getByText('Paused').count()).toBe(2);
    await page().getByRole('toolbar').waitFor({ state: 'detached' });
    await button('Undo').click();
    await soon(() => page().getByRole('table').getByText('Active').count()).toBe(2);
  });

  it('starts a new share with the options of another one', async () => {
    await button(`Actions for “${customer}”`).first().click();
    await page().getByRole('menuitem', { name: 'New share like this' }).click();
    await soon(place).toMatch(/^#\/shares\/new\?like=\d+$/);
    const rates = page().getByRole('switch', { name: 'Rates', exact: true });
    await soon(() => rates.isChecked()).toBe(true);
    await turn('Rates');
    await soon(() => rates.isChecked()).toBe(false);
    const like = page().getByLabel('Options as in another share');
    await like.selectOption({ index: 1 });
    await soon(() => rates.isChecked()).toBe(true);
    await toast(/^Options taken from/).waitFor();
    await button('Undo').click();
    await soon(() => rates.isChecked()).toBe(false);
    await turn('Rates');
  });

  it('tells who opened it, clears lock-outs and ends sessions with one click', async () => {
    const { urls } = await ui.app.call('publish.status');
    const share = (await ui.app.call('shares.list'))[0]!;
    // The last one is this computer's own.
    const wrong = await fetch(urls.at(-1)! + share.path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'password=wrong',
    });
    expect(wrong.status).toBe(403);
    await ui.open(`/shares/${share.id}/activity`);
    await page().getByText('Nobody has opened this page yet.').waitFor();
    const failures = page().locator('dl div', { hasText: 'Wrong passwords' }).locator('dd');
    await soon(() => failures.innerText()).toBe('1');
    await button('Clear lock-outs').click();
    await toast('Lock-outs cleared. Everyone may try again.').waitFor();
    const db = connect(ui.app.database);
    const version = db.prepare('SELECT session_version FROM shares WHERE id = ?').pluck();
    const before = version.get(share.id) as number;
    await button('End all sessions').click();
    await toast(/All sessions ended/).waitFor();
    expect(version.get(share.id)).toBe(before + 1);
    db.close();
  });
});

describe('publishing', () => {
  let other: Server;
  let takenPort: number;

  beforeAll(async () => {
    other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    takenPort = (other.address() as AddressInfo).port;
  });
  afterAll(() => void other.close());

  it('has a way to set a lock password that opens just that, and refuses a short one', async () => {
    await ui.open('/settings');
    await page().getByRole('link', { name: 'Set a password' }).click();
    const field = page().getByRole('dialog').getByLabel('Password', { exact: true });
    await soon(() => isFocused(field)).toBe(true);
    await field.fill('secret7');
    await page().keyboard.press('Enter');
    await page().getByText('The password is too short. It needs at least 8 characters.').waitFor();
    expect((await ui.app.call('profiles.list'))[0]?.hasPassword).toBe(false);
    await page().keyboard.press('Escape');
    await page().getByRole('dialog').waitFor({ state: 'detached' });
    await soon(place).toBe('#/profiles');
  });

  it('says what to do about a port that another program has', async () => {
    await ui.open('/publish');
    await page().getByRole('heading', { name: 'Online' }).waitFor();
    await page().getByLabel('Port').fill(String(takenPort));
    await button('Save 1 change').click();
    await page().getByRole('heading', { name: 'Could not go online' }).waitFor();
    await page().getByText('Another program uses this port').waitFor();
    await page().getByLabel('Port').fill(String(takenPort));
    await button(`Use port ${takenPort + 1}`).waitFor();
    await ui.app.call('publish.set', { port: 0 });
    await page().getByRole('heading', { name: 'Online' }).waitFor();
    // The field follows, since nothing was typed into it that is not saved.
    const { port } = await ui.app.call('publish.status');
    await soon(() => page().getByLabel('Port').inputValue()).toBe(String(port));
  });

  it('takes an address of its own and refuses what is none', async () => {
    await page().getByLabel('Public address').fill('time.example');
    await page().keyboard.press('Tab');
    await page().getByText('An address such as').waitFor();
    await page().getByLabel('Public address').fill('https://time.example/');
    await page().keyboard.press('Control+s');
    await page().getByText('https://time.example', { exact: true }).waitFor();
    await soon(async () => (await ui.app.call('publish.status')).urls[0]).toBe(
      'https://time.example',
    );
  });

  it('goes offline and online', async () => {
    await button('Go offline').click();
    await page().getByRole('heading', { name: 'Offline' }).waitFor();
    await button('Publish').click();
    await page().getByRole('heading', { name: 'Online' }).waitFor();
  });
});

describe('every page', () => {
  const pages = [
    '/shares',
    '/shares/1',
    '/shares/new',
    '/shares/1/activity',
    '/publish',
    '/profiles',
    '/settings',
  ];

  async function checkAll(rules?: string[]): Promise<string[]> {
    const found: string[] = [];
    for (const path of pages) {
      await ui.open(path);
      await page().locator('h1').waitFor();
      await loaded(page());
      const lines = await axeViolations(page(), { within: 'main', ...(rules ? { rules } : {}) });
      found.push(...lines.map((text) => `${path} ${text}`));
    }
    return found;
  }

  it('has nothing for axe to complain about', async () => {
    expect(await checkAll()).toEqual([]);
  }, 180_000);

  it('has contrast in the dark theme too', async () => {
    await page().emulateMedia({ colorScheme: 'dark' });
    expect(await checkAll(['color-contrast'])).toEqual([]);
    await page().emulateMedia({ colorScheme: 'light' });
  }, 180_000);

  it('fits a phone, in both directions of writing', async () => {
    await page().setViewportSize({ width: 360, height: 740 });
    const wide: string[] = [];
    for (const path of pages) {
      await ui.open(path);
      await loaded(page());
      for (const dir of ['ltr', 'rtl']) {
        const overflow = await page().evaluate((next) => {
          document.documentElement.dir = next;
          const main = document.querySelector('main')!;
          return main.scrollWidth - main.clientWidth;
        }, dir);
        if (overflow > 0) wide.push(`${path} ${dir}: ${overflow} px`);
      }
    }
    await page().setViewportSize({ width: 1280, height: 900 });
    expect(wide).toEqual([]);
  });

  it('never failed in the browser', () => {
    expect(ui.failures).toEqual([]);
  });
});
