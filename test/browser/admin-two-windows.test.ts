import { fileURLToPath } from 'node:url';
/** Two windows of the owner that edit one thing: nothing is taken back without a word. */
import type { Page } from 'playwright';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startOwnerUi, type OwnerUi } from '../support/owner-ui.ts';
import { see } from '../support/see.ts';

const exportFile = fileURLToPath(
  new URL('../fixtures/golden/kimai-2.66-world/full-en.csv', import.meta.url),
);

let ui: OwnerUi;
let other: Page;
let customerId: number;

beforeAll(async () => {
  ui = await startOwnerUi({ transport: 'http' });
  await ui.app.importFile(exportFile);
  customerId = (await ui.app.call('customers.list'))[0]!.id;
});
afterAll(async () => {
  expect(ui.failures).toEqual([]);
  await ui.close();
});

const turn = (page: Page, name: string): Promise<void> =>
  page.getByRole('switch', { name, exact: true }).press('Space');
const save = (page: Page, name: RegExp | string): Promise<void> =>
  page.getByRole('button', { name }).click();

describe('one share in two windows', () => {
  let id: number;
  beforeEach(async () => {
    ({ id } = await ui.app.call('shares.create', { customerId, label: 'Board' }));
    await ui.open(`/shares/${id}`);
    await see('the label', ui.page.getByLabel('Label'));
    other = await ui.openWindow(`/shares/${id}`);
    await see('the label in the other window', other.getByLabel('Label'));
    return () => other.close();
  });

  it('keeps both where each changed another field', async () => {
    await turn(ui.page, 'Rates');
    await turn(other, 'User');
    await save(other, 'Save 1 change');
    await see(
      'the saved user column here',
      ui.page.getByRole('switch', { name: 'User', checked: true }),
    );
    await save(ui.page, 'Save 1 change');
    await see('that it was saved', ui.page.getByText('Saved. Clients see it from now on.'));
    const { options } = await ui.app.call('shares.get', { id });
    expect(options).toMatchObject({ showRates: true, showUser: true });
    await see('the rates there', other.getByRole('switch', { name: 'Rates', checked: true }));
  });

  it('tells of one field that both changed, and saves the one that is chosen', async () => {
    await ui.page.getByLabel('Label').fill('Mine');
    await other.getByLabel('Label').fill('Theirs');
    await save(other, 'Save 1 change');
    const notice = ui.page.getByRole('alert').filter({ hasText: 'Also changed in another window' });
    await see('what the two values are', notice.getByText('Here: “Mine”. Elsewhere: “Theirs”.'));
    // Nothing is saved before the owner chose.
    await ui.page.keyboard.press('Control+s');
    await expect
      .poll(() =>
        notice
          .getByRole('button')
          .first()
          .evaluate((e) => e === document.activeElement),
      )
      .toBe(true);
    expect((await ui.app.call('shares.get', { id })).label).toBe('Theirs');
    await notice.getByRole('button', { name: 'Keep mine: Label' }).click();
    await notice.waitFor({ state: 'detached' });
    await save(ui.page, 'Save 1 change');
    await expect.poll(() => other.getByLabel('Label').inputValue()).toBe('Mine');
    expect((await ui.app.call('shares.get', { id })).label).toBe('Mine');
  });

  it('takes the other value over', async () => {
    await ui.page.getByLabel('Label').fill('Mine');
    await other.getByLabel('Label').fill('Theirs');
    await save(other, 'Save 1 change');
    await ui.page.getByRole('button', { name: 'Take the other one: Label' }).click();
    await expect.poll(() => ui.page.getByLabel('Label').inputValue()).toBe('Theirs');
    await expect
      .poll(() => ui.page.getByRole('button', { name: 'Save', exact: true }).isDisabled())
      .toBe(true);
  });
});

describe('one customer in two windows', () => {
  const comment = (page: Page) => page.getByLabel('Comment');
  const order = (page: Page) => page.getByLabel('Order');

  it('keeps other fields, and asks about the same one', async () => {
    await ui.open(`/customers/${customerId}/edit`);
    await see('the comment', comment(ui.page));
    other = await ui.openWindow(`/customers/${customerId}/edit`);
    await comment(ui.page).fill('Mine');
    await order(other).fill('7');
    await save(other, 'Save');
    await expect.poll(() => order(ui.page).inputValue()).toBe('7');
    expect(await comment(ui.page).inputValue()).toBe('Mine');
    await comment(other).fill('Theirs');
    await save(other, 'Save');
    const keep = ui.page.getByRole('button', { name: 'Keep mine: Comment' });
    await see('the question', keep);
    expect(await ui.page.getByRole('button', { name: 'Save', exact: true }).isDisabled()).toBe(
      true,
    );
    await keep.click();
    await save(ui.page, 'Save');
    await expect.poll(() => comment(other).inputValue()).toBe('Mine');
    const [customer] = (await ui.app.call('customers.list')).filter(({ id }) => id === customerId);
    expect(customer).toMatchObject({ comment: 'Mine', sortOrder: 7 });
    await ui.page.getByRole('button', { name: 'Discard' }).waitFor({ state: 'detached' });
    await other.close();
  });

  it('stops asking before it leaves when nothing is unsaved any more', async () => {
    await ui.open(`/customers/${customerId}/edit`);
    await see('the comment', comment(ui.page));
    await comment(ui.page).fill('Both');
    await ui.page.getByRole('link', { name: 'Publishing' }).click();
    const question = ui.page.getByRole('dialog', { name: 'Leave without saving?' });
    await see('the question', question);
    await ui.app.call('customers.update', { id: customerId, patch: { comment: 'Both' } });
    await see('the page that was asked for', ui.page.getByRole('heading', { name: 'Publishing' }));
    await question.waitFor({ state: 'detached' });
  });
});

describe('publishing in two windows', () => {
  it('follows what is not being typed', async () => {
    await ui.app.call('publish.set', { reach: 'own', publicUrl: 'https://first.example' });
    await ui.open('/publish');
    const address = (page: Page) => page.getByLabel('Public address');
    await see('the public address', address(ui.page));
    await address(ui.page).fill('https://mine.example');
    await ui.app.call('publish.set', { port: 20_001 });
    await expect.poll(() => ui.page.getByLabel('Port').inputValue()).toBe('20001');
    expect(await address(ui.page).inputValue()).toBe('https://mine.example');
    await ui.app.call('publish.set', { publicUrl: 'https://theirs.example' });
    await ui.page.getByRole('button', { name: 'Take the other one: Public address' }).click();
    await expect.poll(() => address(ui.page).inputValue()).toBe('https://theirs.example');
  });
});
