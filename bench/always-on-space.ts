/** What always-on.bench.ts measures, with the real program, WebDAV, nginx and Chromium. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright';
import type { TargetConfig, TargetCredentials } from '../src-shared/contract/always-on.ts';
import { createTarget } from '../src-main/always-on/targets/targets.ts';
import { createAlwaysOnApp, type AlwaysOnApp } from '../test/support/always-on.ts';
import { launchChromium } from '../test/support/chromium.ts';
import { startWebSpace, type WebSpace } from '../test/support/web-space.ts';
import { generateExport } from './generate.ts';
import { median } from './line.ts';
import { openSlowly } from './slow-phone.ts';

const clock = { now: () => new Date(2025, 11, 15, 12) };
const visits = 5;

interface Started {
  app: AlwaysOnApp;
  space: WebSpace;
  /** Files that were put there. */
  puts: string[];
  close(): Promise<void>;
}

async function start(): Promise<Started> {
  const space = await startWebSpace();
  mkdirSync(join(space.files, 'pages'));
  const puts: string[] = [];
  const app = await createAlwaysOnApp({
    clock,
    targetOf(config: TargetConfig, credentials: TargetCredentials) {
      const target = createTarget(config, credentials);
      return {
        ...target,
        put(path, bytes) {
          puts.push(path);
          return target.put(path, bytes);
        },
      };
    },
  });
  const { user, password } = space.webdav;
  await app.storeTarget(
    {
      ...{ kind: 'webdav', user, url: `${space.webdav.url}/pages` },
      publicUrl: `${space.url}/pages`,
    },
    { secret: password, privateKey: '' },
  );
  return {
    ...{ app, space, puts },
    async close() {
      await app.close();
      await space.close();
    },
  };
}

async function share(app: AlwaysOnApp, customerId: number): Promise<number> {
  const { id } = await app.call('shares.create', {
    customerId,
    options: { showRates: true, showUser: true, budgetStats: true, timeBudgetStats: true },
  });
  await app.call('alwaysOn.enable', { id });
  return id;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

async function failIfNot(app: AlwaysOnApp, id: number): Promise<{ url: string; files: number }> {
  const { state, url, files, error } = await app.call('alwaysOn.share', { id });
  if (state !== 'up_to_date') throw new Error(`share ${id} is ${state}: ${error?.code}`);
  return { url, files };
}

/** One share of 72 months and 8 projects, with some 20 records in each month. */
export async function measureLargeShare(): Promise<{
  uploadMs: number;
  files: number;
  visitBytes: number;
  lcpMs: number;
  plainLcpMs: number;
  monthBytes: number;
}> {
  const { app, space, close } = await start();
  try {
    let csv = 'Date,From,To,Duration,Rate,User,Customer,Project,Activity,Description\n';
    for (let month = 0; month < 72; month++) {
      const name = `${2020 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
      for (let row = 0; row < 24; row++) {
        const day = String((row % 27) + 1).padStart(2, '0');
        csv += `${name}-${day},09:00,10:30,5400,${row + 0.5},Ada ${row % 3},Harbour,Project ${row % 8},Building,Some work of line ${row} in ${name}\n`;
      }
    }
    await app.importBytes('export.csv', csv);
    const [customer] = await app.call('customers.list');
    const id = await share(app, customer!.id);
    const uploadMs = await timed(() => app.uploadChanges());
    const { url, files } = await failIfNot(app, id);
    return { uploadMs, files, ...(await visit(url, join(space.files, 'pages'))) };
  } finally {
    await close();
  }
}

/** `pages`: the folder that the address leads to. */
async function visit(
  url: string,
  pages: string,
): Promise<{ visitBytes: number; lcpMs: number; plainLcpMs: number; monthBytes: number }> {
  const browser = await launchChromium();
  try {
    const lcps: number[] = [];
    const plainLcps: number[] = [];
    let visitBytes = 0;
    let monthBytes = 0;
    for (let turn = 0; turn < visits; turn++) {
      const slow = await openSlowly(browser, url);
      await slow.page.waitForFunction(() => document.querySelector('h1') !== null);
      lcps.push((await slow.experience()).lcpMs);
      visitBytes = Math.max(visitBytes, slow.bytes());
      const seen = slow.bytes();
      const before = await slow.page.locator('.period summary').innerText();
      await slow.page.locator('a[rel=prev]').click();
      await slow.page.waitForFunction(
        (text) => document.querySelector<HTMLElement>('.period summary')?.innerText !== text,
        before,
      );
      monthBytes = Math.max(monthBytes, slow.bytes() - seen);
      if (turn === 0) await writePlainPage(pages, slow.page, visitBytes - slow.bytesOf('charts-'));
      await slow.page.context().close();

      const plain = await openSlowly(browser, new URL('/pages/plain.html', url).href);
      await plain.page.waitForFunction(() => document.querySelector('h1') !== null);
      plainLcps.push((await plain.experience()).lcpMs);
      await plain.page.context().close();
    }
    return { visitBytes, lcpMs: median(lcps), plainLcpMs: median(plainLcps), monthBytes };
  } finally {
    await browser.close();
  }
}

/** The same page, which one script of the same bytes writes at once: how slow this machine is now. */
async function writePlainPage(folder: string, page: Page, bytes: number): Promise<void> {
  const style = await page.locator('link[rel=stylesheet]').evaluate((link) => {
    return new URL((link as HTMLLinkElement).href).pathname.replace(/^.*\/(?=assets)/, '');
  });
  const body = await page.locator('body').innerHTML();
  const script = `document.body.innerHTML = ${JSON.stringify(body)}; // `;
  const left = Math.max(0, bytes - gzipSync(script).length - 6000);
  writeFileSync(
    join(folder, 'plain.js'),
    script +
      randomBytes(left * 2)
        .toString('base64')
        .slice(0, Math.round(left * 1.32)),
  );
  writeFileSync(
    join(folder, 'plain.html'),
    `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="stylesheet" href="${style}"><script src="plain.js" defer></script><body></body>`,
  );
}

/** Many records, 50 shares of as many customers, and one record of one of them is changed. */
export async function measureOneChange(rows: number): Promise<{
  shares: number;
  firstMs: number;
  puts: number;
  changeMs: number;
}> {
  const folder = mkdtempSync(join(tmpdir(), 'always-on-bench-'));
  const { app, puts, close } = await start();
  try {
    const csv = join(folder, 'export.csv');
    await generateExport(csv, rows);
    await app.importFile(csv);
    const customers = (await app.call('customers.list')).slice(0, 50);
    const ids: number[] = [];
    for (const { id } of customers) ids.push(await share(app, id));
    const firstMs = await timed(() => app.uploadChanges());
    for (const id of ids) await failIfNot(app, id);
    const { rows: found } = await app.call('records.list', { customerId: customers[0]!.id });
    const changes: number[] = [];
    const counts: number[] = [];
    for (let turn = 0; turn < 5; turn++) {
      const before = puts.length;
      await app.call('records.update', {
        ids: [found[0]!.id],
        patch: { hidden: turn % 2 === 0 },
      });
      changes.push(await timed(() => app.uploadChanges()));
      counts.push(puts.length - before);
      for (const id of ids) await failIfNot(app, id);
    }
    return {
      shares: ids.length,
      firstMs,
      puts: Math.max(...counts),
      changeMs: median(changes),
    };
  } finally {
    await close();
    rmSync(folder, { recursive: true });
  }
}
