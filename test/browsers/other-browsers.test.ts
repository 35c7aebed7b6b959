/**
 * Clients have other browsers than Chromium: the live portal, the files that are always on and the
 * snapshot in Firefox and in WebKit, Safari's family. `npm run test:browsers`; a browser that is not
 * on this computer is shown as skipped.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAlwaysOnApp, type AlwaysOnApp } from '../support/always-on.ts';
import { startNginx, type Nginx } from '../support/nginx.ts';
import { otherBrowsers, type OtherBrowser } from '../support/other-browsers.ts';
import { missingServers, startWebSpace, type WebSpace } from '../support/web-space.ts';

const isSkipped = missingServers.length > 0;
const password = 'bako-lefi-zudo-hane';

let app: AlwaysOnApp;
let space: WebSpace;
let proxy: Nginx;
interface Links {
  id: number;
  path: string;
  sealed: string;
}
let open: Links;
let guarded: Links;

beforeAll(async () => {
  if (isSkipped) return;
  space = await startWebSpace();
  const folder = join(space.files, 'pages');
  mkdirSync(folder);
  app = await createAlwaysOnApp({ clock: { now: () => new Date(2025, 9, 20, 12) } });
  const lines = Array.from({ length: 30 }, (_, index) => {
    const day = String((index % 27) + 1).padStart(2, '0');
    const month = String((index % 3) + 8).padStart(2, '0');
    return `2025-${month}-${day},09:00,10:30,5400,${index + 0.5},Ada,Harbour,Quay,Building,Line ${index}\n`;
  });
  const header = 'Date,From,To,Duration,Rate,User,Customer,Project,Activity,Description\n';
  await app.importBytes('export.csv', header + lines.join(''));
  await app.call('publish.set', { enabled: true, reach: 'loopback', port: 0 });
  const live = (await app.call('publish.status')).urls[0]!;
  proxy = await startNginx(`    location / { proxy_pass ${live}; proxy_set_header Host $host; }`);
  await app.storeTarget({ kind: 'folder', folder, publicUrl: `${space.url}/pages` });
  open = await publish(null);
  guarded = await publish(password);
});
afterAll(async () => {
  if (isSkipped) return;
  await app.close();
  await proxy.stop();
  await space.close();
});

async function publish(withPassword: string | null): Promise<Links> {
  const [customer] = await app.call('customers.list');
  const share = await app.call('shares.create', {
    customerId: customer!.id,
    ...(withPassword === null ? {} : { password: withPassword }),
  });
  await app.call('alwaysOn.enable', { id: share.id, password: withPassword });
  await app.uploadChanges();
  const { url, state } = await app.call('alwaysOn.share', { id: share.id });
  expect(state).toBe('up_to_date');
  return { id: share.id, path: share.path, sealed: url };
}

describe.skipIf(isSkipped).each(Object.entries(otherBrowsers))('%s', (_name, start) => {
  describe.skipIf(start === null)('opens', () => {
    let browser: OtherBrowser;
    beforeAll(async () => {
      browser = await start!();
    });
    afterAll(() => browser?.close());

    const text = (selector: string) =>
      browser.evaluate<string | null>(`document.querySelector('${selector}')?.textContent`);
    const click = (selector: string) =>
      browser.evaluate(`document.querySelector('${selector}').click()`);
    const language = () => browser.evaluate<string>('document.documentElement.lang');
    const enter = (word: string) =>
      browser.evaluate(`(() => {
        const field = document.querySelector('#password');
        field.value = ${JSON.stringify(word)};
        field.form.requestSubmit();
      })()`);

    /** The script of the page hears of it, once it has run, and fetches what draws the chart. */
    const lookAtChart = async (): Promise<string | null | undefined> => {
      await browser.evaluate(
        `document.querySelector('.picture .bars').dispatchEvent(new Event('pointerover'))`,
      );
      return text('.picture svg');
    };
    /** The page with its chart, another month, another language. */
    async function lookThrough(): Promise<void> {
      await expect.poll(() => text('h1')).toBe('Harbour');
      await expect.poll(() => text('.period summary')).toContain('October');
      await expect.poll(() => text('[data-table]')).toContain('Line');
      await expect.poll(lookAtChart).not.toBeNull();
      await click('a[rel=prev]');
      await expect.poll(() => text('.period summary')).toContain('September');
      await click('[data-languages] a[hreflang=de]');
      await expect.poll(language).toBe('de');
      await expect.poll(() => text('.period summary')).toContain('September');
      await expect.poll(() => text('h1')).toBe('Harbour');
    }
    async function unlock(): Promise<void> {
      await expect.poll(() => text('#password')).not.toBeNull();
      await enter('wrong one');
      await expect.poll(() => text('#problem')).not.toBeNull();
      await enter(password);
    }
    const over = (protocol: string, url: string): string =>
      protocol === 'https' ? url.replace(space.url, space.httpsUrl) : url;

    it.each(['http', 'https'])('files that are always on, over %s', async (protocol) => {
      await browser.goto(over(protocol, open.sealed));
      await lookThrough();
      await browser.goto('about:blank');
      await browser.goto(over(protocol, guarded.sealed));
      await unlock();
      await lookThrough();
    });

    it.each(['http', 'https'])('the live portal, over %s', async (protocol) => {
      const base =
        protocol === 'https' ? proxy.origin : (await app.call('publish.status')).urls[0]!;
      await browser.goto(base + open.path);
      await lookThrough();
      await browser.goto(base + guarded.path);
      await unlock();
      await lookThrough();
      // Both addresses are of one computer, which has one session.
      await click('[data-logout]');
      await expect.poll(() => text('#password')).not.toBeNull();
    });

    it('a snapshot from the disk, with a password too', async () => {
      for (const given of [null, password]) {
        const { html } = await app.call('alwaysOn.snapshot', {
          ...{ id: open.id, year: 2025, locale: 'en', password: given },
        });
        const file = join(space.files, 'snapshot.html');
        writeFileSync(file, html);
        await browser.goto('about:blank');
        await browser.goto(pathToFileURL(file).href);
        if (given !== null) await unlock();
        await expect.poll(() => text('h1')).toBe('Harbour');
        await expect.poll(lookAtChart).not.toBeNull();
        await click('a[rel=prev]');
        await expect.poll(() => text('.period summary')).toContain('September');
      }
    });
  });
});
