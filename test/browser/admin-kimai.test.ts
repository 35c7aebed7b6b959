/** A Kimai as the owner connects it, and what they see of it afterwards. */
import { join, resolve } from 'node:path';
import type { Locator } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRecording } from '../support/kimai-replay/recording.ts';
import { KimaiReplay } from '../support/kimai-replay/server.ts';
import { startOwnerUi, type OwnerUi } from '../support/owner-ui.ts';
import { tickingClock } from '../support/sync.ts';

const golden = resolve(import.meta.dirname, '../fixtures/golden');

let ui: OwnerUi;
let replay: KimaiReplay;
const page = () => ui.page;
const button = (name: string): Locator => page().getByRole('button', { name, exact: true });
const text = (what: string | RegExp): Locator => page().getByText(what).first();

beforeAll(async () => {
  replay = await KimaiReplay.start(readRecording(join(golden, 'kimai-api-2.66')));
  ui = await startOwnerUi({ clock: tickingClock() });
});
afterAll(async () => {
  await ui.close();
  await replay.close();
});

describe('a Kimai', () => {
  it('is looked at before anything is stored', async () => {
    await ui.open('/imports');
    await page().getByRole('link', { name: 'Connect Kimai' }).click();
    await page().getByLabel('Address of your Kimai').fill(`${replay.address}/en/timesheet/`);
    await page().getByLabel('API token').fill('wrong');
    await button('Check').click();
    await text('Kimai refuses the token').waitFor();
    await page().getByLabel('API token').fill(replay.tokenOf('admin'));
    await button('Check').click();
    await text('This is what the token can see').waitFor();
    await text('149').waitFor();
    await text('It sees rates').waitFor();
    expect(await ui.app.call('sync.status')).toMatchObject({ state: 'off' });
  });

  it('is read, and imported after its preview', async () => {
    await button('Connect and read').click();
    await text('This is the first import from this Kimai').waitFor();
    await page().getByRole('link', { name: 'Look at it' }).click();
    await page()
      .getByRole('button', { name: /^Import / })
      .click();
    await expect.poll(async () => (await ui.app.call('sync.status')).kimai?.records).toBe(149);
    await ui.open('/imports/kimai');
    await text('Up to date').waitFor();
  });

  it('follows what changes there', async () => {
    replay.goTo('description');
    await button('Sync now').click();
    await text('Imported').waitFor();
    await button('Pause').click();
    await text('Paused').waitFor();
    await button('Resume').click();
    await text('Up to date').waitFor();
  });

  it('says why it cannot be read', async () => {
    replay.intercept = () => ({ status: 503, body: null });
    await button('Sync now').click();
    await text('is not running at the moment').waitFor();
    replay.intercept = () => null;
    await button('Sync now').click();
    await text('Up to date').waitFor();
  });

  it('is forgotten when the owner wants that', async () => {
    await button('Disconnect').click();
    await page().getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click();
    await page().getByLabel('Address of your Kimai').waitFor();
    expect(await ui.app.call('sync.status')).toMatchObject({ state: 'off', kimai: null });
    expect(ui.failures.filter((line) => !/50[23]/.test(line))).toEqual([]);
  });
});
