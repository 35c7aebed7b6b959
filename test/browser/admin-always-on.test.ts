/** The owner's pages on shares that are always on, in Chromium on the real program. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFolderTarget } from '../../src-main/always-on/targets/folder.ts';
import { axeViolations } from '../support/axe.ts';
import { serveFiles, type FileServer } from '../support/file-server.ts';
import { startOwnerUi, type OwnerUi } from '../support/owner-ui.ts';

/** A live link can be sent; it leads to this computer, where nobody answers. */
const live = 'http://0.0.0.0:1';

let ui: OwnerUi;
let space: string;
let server: FileServer;
let publicUrl: string;
/** Uploads wait for it, so that their progress can be looked at. */
let letGo: (() => void) | null = null;
let isHeld = false;
let job: (() => Promise<void>) | null = null;
const page = () => ui.page;
const section = (): Locator => page().getByRole('region', { name: 'Always on' });
const field = (name: string): Locator => section().getByLabel(name, { exact: true });
const clipboard = (): Promise<string> => page().evaluate(() => navigator.clipboard.readText());

beforeAll(async () => {
  space = mkdtempSync(join(tmpdir(), 'web space-'));
  mkdirSync(join(space, 'pages'));
  server = await serveFiles(space);
  publicUrl = `${server.url}/pages`;
  ui = await startOwnerUi({
    alwaysOn: {
      later(run) {
        job = run;
        return () => (job = null);
      },
      targetOf: () => {
        const target = createFolderTarget({ folder: join(space, 'pages') });
        return {
          ...target,
          async put(path, bytes) {
            if (isHeld && path.endsWith('/manifest')) {
              await new Promise<void>((resolve) => (letGo = resolve));
            }
            await target.put(path, bytes);
          },
        };
      },
    },
  });
  await ui.app.importBytes(
    'export.csv',
    'Date,From,To,Duration,Rate,User,Customer,Project,Activity,Description\n' +
      '2026-10-03,09:00,10:00,3600,80,Ada,Harbour,Quay,Building,Wall\n',
  );
  const [customer] = await ui.app.call('customers.list');
  await ui.app.call('shares.create', { customerId: customer!.id, label: 'Harbour hours' });
  await ui.app.call('publish.set', { enabled: true, port: 0, reach: 'own', publicUrl: live });
});
afterAll(async () => {
  await ui.close();
  server.close();
  rmSync(space, { recursive: true });
});

const shareId = async (): Promise<number> => (await ui.app.call('shares.list', {}))[0]!.id;
/** What waits is uploaded, as some seconds later. */
const upload = async (): Promise<void> => job?.();

it('a web space is chosen and checked once; what is typed is not lost', async () => {
  await ui.open(`/shares/${await shareId()}`);
  await section().getByRole('link', { name: 'Choose a web space' }).click();
  await section().getByRole('button', { name: 'Choose a web space' }).click();
  await section().getByRole('button', { name: 'Check and save' }).click();
  await section().getByText('This is needed.').first().waitFor();
  await field('Kind').selectOption('folder');
  await field('Folder').fill(join(space, 'pages'));
  await field('Public address').fill(`${publicUrl}-elsewhere`);
  // Whoever leaves is asked, and finds everything as it was.
  await page().locator('#sidebar a[href="#/shares"]').click();
  await page().getByRole('button', { name: 'Stay here' }).click();
  expect(await field('Folder').inputValue()).toBe(join(space, 'pages'));
  await section().getByRole('button', { name: 'Check and save' }).click();
  await section().getByText('The check did not succeed').waitFor();
  expect(await axeViolations(page(), { within: 'main' })).toEqual([]);
  await field('Public address').fill(publicUrl);
  await section().getByRole('button', { name: 'Check and save' }).click();
  await section().getByText('No share is always on yet.').waitFor();
  await section().getByText(publicUrl).waitFor();
});

it('a share is switched on with a generated passphrase; both links stand side by side', async () => {
  await ui.open(`/shares/${await shareId()}`);
  await section().getByRole('button', { name: 'Switch on' }).click();
  const dialog = page().getByRole('dialog');
  await dialog.getByText('1 time record of 1 project').waitFor();
  const passphrase = dialog.getByLabel('Password', { exact: true });
  await expect.poll(() => passphrase.inputValue()).toMatch(/^\w+(-\w+){3,}$/);
  const password = await passphrase.inputValue();
  await dialog.getByRole('checkbox', { name: 'Protect it with a password' }).uncheck();
  await dialog.getByText('Whoever has the link can read everything').waitFor();
  await dialog.getByRole('checkbox', { name: 'Protect it with a password' }).check();
  expect(await passphrase.inputValue()).toBe(password);
  expect(await axeViolations(page(), { within: 'dialog[open]' })).toEqual([]);
  await dialog.getByRole('button', { name: 'Publish', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  await section().getByText('waits for the upload').waitFor();
  expect((await ui.app.call('shares.list', {}))[0]!.hasPassword).toBe(true);

  isHeld = true;
  const uploading = upload();
  await section()
    .getByText(/^Uploading, \d+ of \d+$/)
    .waitFor();
  await expect.poll(() => letGo).not.toBeNull();
  isHeld = false;
  letGo!();
  await uploading;
  await section()
    .getByText(/Up to date since/)
    .waitFor();
  expect(await section().getByRole('status').innerText()).toMatch(/\d+ files, /);

  const { url } = await ui.app.call('alwaysOn.share', { id: await shareId() });
  await section().locator('code', { hasText: url }).waitFor();
  const { path } = (await ui.app.call('shares.list', {}))[0]!;
  await page()
    .locator('code', { hasText: live + path })
    .waitFor();
  await section().getByRole('button', { name: 'E-mail' }).click();
  await dialog.getByText(url).waitFor();
  await dialog.getByText('You will get the password separately').waitFor();
  await page().keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page().getByRole('button', { name: 'E-mail' }).first().click();
  await dialog.getByText(live + path).waitFor();
  await page().keyboard.press('Escape');
  await section().getByRole('button', { name: /^Copy/ }).click();
  expect(await clipboard()).toBe(url);
  await section().getByRole('button', { name: 'QR', exact: true }).click();
  await dialog.getByRole('img', { name: 'QR code of the link' }).waitFor();
  await dialog.getByText(url).waitFor();
  await page().keyboard.press('Escape');
  await section().getByText('Who can see what?').click();
  await section().getByText('It cannot read the page').waitFor();
});

it('switched off, the files go', async () => {
  await section().getByRole('button', { name: 'Switch off' }).click();
  await page().getByRole('dialog').getByRole('button', { name: 'Delete the files' }).click();
  await section().getByText('the files are still on the web space').waitFor();
  await upload();
  await section().getByRole('button', { name: 'Switch on' }).waitFor();
  expect(ui.failures.filter((text) => !text.includes('409'))).toEqual([]);
});
