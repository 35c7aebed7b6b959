/** Profiles, permissions and settings, in Chromium on the real program. */
import { readFileSync } from 'node:fs';
import type { Locator } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../src-main/store/open.ts';
import { axeViolations } from '../support/axe.ts';
import { startOwnerUi, type OwnerUi } from '../support/owner-ui.ts';

let ui: OwnerUi;
let startsAtLogin = false;
const page = () => ui.page;
/** Retries until it holds. */
const soon = <T>(read: () => T | Promise<T>) => expect.poll(read);
const button = (name: string | RegExp): Locator => page().getByRole('button', { name });
const toast = (text: string): Locator => page().getByRole('status').getByText(text).first();
const permission = (name: string): Locator => page().getByRole('checkbox', { name });

beforeAll(async () => {
  // The settings of the desktop app are there in it only.
  ui = await startOwnerUi({
    desktop: {
      startsAtLogin: () => startsAtLogin,
      setStartAtLogin: (on) => void (startsAtLogin = on),
      hasTray: () => true,
      newerVersion: () => '99.0.0',
      updatesFrom: () => 'forge.example',
      chooseFolder: () => Promise.resolve(null),
    },
  });
});
afterAll(async () => {
  await ui.close();
});

describe('settings', () => {
  it('changes language and colours at once, and back', async () => {
    await ui.open('/settings');
    await page().getByLabel('Language').selectOption('de');
    await page().getByRole('heading', { level: 1, name: 'Einstellungen' }).waitFor();
    await soon(() => page().locator('html').getAttribute('lang')).toBe('de');
    // The message that it was saved follows, although it was shown before the new texts were there.
    await toast('Gespeichert').waitFor();
    expect(await page().getByText('Saved', { exact: true }).count()).toBe(0);
    await page().getByText('Dunkel', { exact: true }).click();
    await soon(() => page().locator('html').getAttribute('data-theme')).toBe('dark');
    expect(await axeViolations(page(), { within: 'main', rules: ['color-contrast'] })).toEqual([]);
    await page().getByText('Hell', { exact: true }).click();
    await page().getByLabel('Sprache').selectOption('en');
    await page().getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    await soon(async () => (await ui.app.call('app.status')).settings).toMatchObject({
      locale: 'en',
      theme: 'light',
    });
  });

  it('says where the data lies and when the app locks', async () => {
    await page().getByText(ui.app.dataDir).waitFor();
    await page().getByLabel('Lock after').selectOption({ label: '1 hour' });
    await soon(async () => (await ui.app.call('app.status')).settings.idleLockMinutes).toBe(60);
  });
});

describe('the desktop app', () => {
  it('has a switch for each of its settings, which is kept', async () => {
    const section = page().getByRole('region', { name: 'On this computer' });
    const before = (await ui.app.call('desktop.get'))!;
    // Nobody is asked for anything that the owner did not choose.
    expect(before).toMatchObject({ checkForUpdates: false, notifyFirstView: false });
    const names = {
      stayOnline: 'Stay online when the window is closed',
      startAtLogin: 'Start when I log in',
      keepAwake: 'Keep the computer awake while pages are online',
      notifyImports: 'Notify me about the watched folder',
      notifyFirstView: 'Notify me when a client opens a page for the first time',
      checkForUpdates: 'Look for newer versions',
    } as const;
    expect(await section.getByRole('switch').count()).toBe(Object.keys(names).length);
    await section.getByText('goes on beside the clock').waitFor();
    await section.getByText('Asks forge.example once a day').waitFor();
    for (const [name, label] of Object.entries(names)) {
      await section.getByRole('switch', { name: label }).press('Space');
      const setting = name as keyof typeof names;
      await soon(async () => (await ui.app.call('desktop.get'))![setting]).toBe(!before[setting]);
    }
    expect(startsAtLogin).toBe(true);
    expect(await axeViolations(page(), { within: 'main' })).toEqual([]);
  });

  it('tells what is new', async () => {
    await ui.open('/settings');
    await page().getByRole('button', { name: 'Read', exact: true }).click();
    const dialog = page().getByRole('dialog', { name: 'What is new' });
    await dialog.getByText('The sample is a believable business of two years').waitFor();
    expect(await axeViolations(page(), { within: 'dialog[open]' })).toEqual([]);
    await page().keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('says which version is newer and where to get it, and shows the licences inside', async () => {
    const about = page().getByRole('region', { name: 'About' });
    await about.getByText('Version 99.0.0 is available.').waitFor();
    for (const name of ['Where to get it', 'Source code']) {
      const link = about.getByRole('link', { name });
      expect(await link.getAttribute('href')).toBe('https://forge.example/customer-portal');
    }
    await about.getByRole('button', { name: 'Show' }).click();
    const dialog = page().getByRole('dialog', { name: 'Licences of the packages inside' });
    await dialog.getByText('GNU AFFERO GENERAL PUBLIC LICENSE').waitFor();
    expect(await axeViolations(page(), { within: 'dialog[open]' })).toEqual([]);
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await dialog.waitFor({ state: 'detached' });
  });
});

describe('the log and the diagnostics', () => {
  const region = (): Locator => page().getByRole('region', { name: 'If something goes wrong' });

  it('are read in the app, and what is saved is what was looked at', async () => {
    ui.app.app.noteUnexpected(new TypeError('on purpose'));
    await toast('Something unexpected went wrong in the program.').waitFor();
    await region().getByRole('button', { name: 'Show the log…' }).click();
    const log = page().getByRole('dialog', { name: 'Log' });
    await log.getByText('Errors only').click();
    await log.getByText('an error that nobody foresaw; the program goes on').waitFor();
    expect(await axeViolations(page(), { within: 'dialog[open]' })).toEqual([]);
    await page().keyboard.press('Escape');
    await log.waitFor({ state: 'detached' });

    await region().getByRole('button', { name: 'Diagnostics…' }).click();
    const dialog = page().getByRole('dialog', { name: 'Diagnostics for whoever helps you' });
    const shown = (await dialog.getByText('Customer Portal: diagnostics of').textContent())!;
    expect(shown).toContain('unforeseen errors since the start: 1');
    expect(await axeViolations(page(), { within: 'dialog[open]' })).toEqual([]);
    const download = page().waitForEvent('download');
    await dialog.getByRole('button', { name: 'Save as a file' }).click();
    expect(readFileSync(await (await download).path(), 'utf8')).toBe(shown);
    await page().keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });
});

describe('backups', () => {
  const header = 'Date,Duration,Customer,Project';

  it('are restored after a look at what would change, which can be taken back', async () => {
    await ui.app.importBytes('a.csv', `${header}\n2026-11-03,1:00,Acme,Web\n`);
    await ui.open('/settings');
    const backups = page().getByRole('region', { name: 'Backups' });
    await backups.getByRole('button', { name: 'Back up now' }).click();
    await toast('Backup made').waitFor();
    // Each says its size, and all of them together.
    await backups.getByText(/^By hand · [\d.]+ [kM]B$/).waitFor();
    await backups.getByText(/^1 backup, [\d.]+ [kM]B$/).waitFor();
    await ui.app.importBytes('b.csv', `${header}\n2026-11-04,1:00,Beta,Site\n`);
    await backups.getByRole('button', { name: 'Restore…' }).first().click();
    const dialog = page().getByRole('dialog');
    await dialog.getByRole('row', { name: 'Time records 1 2' }).waitFor();
    await dialog.getByRole('row', { name: /^Newest record.*3.*4/ }).waitFor();
    expect(await axeViolations(page(), { within: 'dialog[open]' })).toEqual([]);
    await dialog.getByRole('button', { name: 'Restore', exact: true }).click();
    await toast('Restored').waitFor();
    const total = async () => (await ui.app.call('records.list', {})).total;
    expect(await total()).toBe(1);
    // What was there before is a backup too.
    await backups
      .getByText(/^Before a restore · /)
      .first()
      .waitFor();
    await button('Undo').click();
    await soon(total).toBe(2);
  });

  it('everything goes into one file, which another computer opens, looks into and restores', async () => {
    const move = page().getByRole('region', { name: 'Move to another computer' });
    await move.getByRole('button', { name: 'Export everything…' }).click();
    const dialog = page().getByRole('dialog');
    await dialog.getByLabel('Passphrase', { exact: true }).fill('of a house');
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    const file = (await move.locator('code').textContent())!;
    expect(file).toMatch(/customer-portal-2026-11-24\.cpdata$/);
    await move.getByRole('button', { name: 'Open an export…' }).click();
    await dialog.getByLabel('File', { exact: true }).setInputFiles(file);
    await dialog.getByLabel('Passphrase', { exact: true }).fill('of a hut');
    await dialog.getByRole('button', { name: 'Open', exact: true }).click();
    await dialog.getByText(/^This passphrase does not open the file\./).waitFor();
    await dialog.getByLabel('Passphrase', { exact: true }).fill('of a house');
    await dialog.getByRole('button', { name: 'Open', exact: true }).click();
    await dialog.getByRole('row', { name: 'Time records 2 2' }).waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
  });
});

describe('an error that nobody expected', () => {
  it('is said, and nothing that was typed goes', async () => {
    await ui.open('/profiles');
    await button(/^Edit/).click();
    const name = page().getByRole('dialog').getByLabel('Name', { exact: true });
    await name.fill('Half a name');
    await page().evaluate(() => {
      setTimeout(() => {
        throw new Error('on purpose');
      });
      void Promise.reject(new Error('on purpose, later'));
    });
    await page().getByText('Something unexpected went wrong.').first().waitFor();
    expect(await name.inputValue()).toBe('Half a name');
    await page().keyboard.press('Escape');
    await soon(() => ui.failures).toHaveLength(2);
    for (const failure of ui.failures.splice(0)) expect(failure).toContain('on purpose');
  });
});

describe('a page that is loaded again, as after a crash', () => {
  it('has what was typed, but no password, until the owner leaves it', async () => {
    await ui.open('/shares/new');
    const label = (): Locator => page().getByLabel('Label');
    await label().fill('Half a label');
    const kept = (): Promise<string> => page().evaluate(() => JSON.stringify(sessionStorage));
    await soon(kept).toContain('Half a label');
    page().once('dialog', (question) => void question.accept());
    await page().reload();
    await toast('What you had typed is back').waitFor();
    await soon(() => label().inputValue()).toBe('Half a label');
    await page().getByRole('link', { name: 'Settings', exact: true }).click();
    await button('Leave and discard').click();
    await page().getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    expect(await kept()).not.toContain('Half a label');
  });
});

describe('profiles and permissions', () => {
  it('says why there is nothing to lock yet, and what cannot be changed', async () => {
    await ui.open('/profiles');
    await page().getByText('You are alone here').waitFor();
    await soon(() => button('Lock now').isDisabled()).toBe(true);
    const fixed = permission('Customer portal: Super admin');
    expect(await fixed.isDisabled()).toBe(true);
    const reason = page().locator(`#${await fixed.getAttribute('aria-describedby')}`);
    expect(await reason.innerText()).toBe(
      'Super admins always may: otherwise everyone could lock themselves out.',
    );
  });

  it('grants a permission to a role', async () => {
    await permission('Customer portal: Administrator').check();
    await soon(async () =>
      (await ui.app.call('permissions.get')).find(
        (grant) => grant.role === 'ROLE_ADMIN' && grant.permission === 'customer_portal',
      ),
    ).toMatchObject({ granted: true });
  });

  it('gives the owner a name and a lock password', async () => {
    await button(/^Edit/).click();
    const dialog = page().getByRole('dialog');
    await dialog.getByLabel('Name', { exact: true }).fill('Susan');
    await dialog.getByLabel('Password', { exact: true }).fill('anchor chain, 7 links');
    await dialog.getByText('Strength: ').waitFor();
    expect(await dialog.getByLabel('Role').isDisabled()).toBe(true);
    expect(await axeViolations(page(), { within: 'dialog[open]' })).toEqual([]);
    await button('Save profile').click();
    await toast('Profile saved').waitFor();
    await page().getByRole('cell', { name: 'Susan you' }).waitFor();
    await soon(() => button('Lock now').isDisabled()).toBe(false);
  });

  it('wants a name, then adds a second profile and warns that it is open', async () => {
    await button('Add profile').click();
    const dialog = page().getByRole('dialog');
    await dialog.getByRole('button', { name: 'Add profile' }).click();
    await dialog.getByText('Give the profile a name.').waitFor();
    await dialog.getByLabel('Name', { exact: true }).fill('Tom');
    await dialog.getByLabel('Role').selectOption({ label: 'Administrator' });
    await dialog.getByLabel('Name', { exact: true }).press('Enter');
    await toast('Profile “Tom” added').waitFor();
    await page().getByText('1 profile has no password').waitFor();
  });

  it('locks, and opens with the password only', async () => {
    await button('Lock now').click();
    await page().getByLabel('Password', { exact: true }).fill('wrong');
    await page().keyboard.press('Enter');
    await page().getByRole('alert').waitFor();
    await page().getByLabel('Password', { exact: true }).fill('anchor chain, 7 links');
    await page().keyboard.press('Enter');
    await page().getByRole('heading', { level: 1, name: 'Profiles and permissions' }).waitFor();
  });

  it('shows the customer portal only to whose role has the permission', async () => {
    const menu = page().getByRole('navigation', { name: 'Places' });
    // The test's own session is not signed in by now.
    const db = connect(ui.app.database);
    const isGranted = (): unknown =>
      db
        .prepare(`SELECT granted FROM role_permissions WHERE role = ? AND permission = ?`)
        .pluck()
        .get('ROLE_ADMIN', 'customer_portal');
    const signInAs = async (name: string): Promise<void> => {
      await menu.getByRole('button', { name: 'Lock', exact: true }).click();
      await page().getByRole('combobox', { name: 'Profile' }).selectOption({ label: name });
      const password = page().getByLabel('Password', { exact: true });
      if (name === 'Susan') await password.fill('anchor chain, 7 links');
      await button('Sign in').click();
      await menu.waitFor();
    };
    await signInAs('Tom');
    await menu.getByRole('link', { name: 'Customer portal' }).click();
    await page().getByRole('heading', { level: 1, name: 'Customer portal' }).waitFor();
    await signInAs('Susan');
    await ui.open('/profiles');
    await permission('Customer portal: Administrator').uncheck();
    await soon(isGranted).toBe(0);
    await signInAs('Tom');
    await ui.open('/shares');
    await page().getByRole('heading', { level: 1, name: 'Not for this profile' }).waitFor();
    expect(await menu.getByRole('link', { name: 'Publishing' }).count()).toBe(1);
    expect(await menu.getByRole('link', { name: 'Customer portal' }).count()).toBe(0);
    await signInAs('Susan');
    await ui.open('/profiles');
    db.close();
  });

  it('removes a profile after asking', async () => {
    await button('Remove “Tom”').click();
    await page().getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await toast('Profile “Tom” removed').waitFor();
    await page().getByRole('cell', { name: 'Tom', exact: true }).waitFor({ state: 'detached' });
  });

  it('never failed in the browser', () => {
    expect(ui.failures).toEqual([]);
  });
});
