/** Uploads of a page that is always on, killed at random moments, with a reader at each. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser } from 'playwright';
import { launchChromium } from '../support/chromium.ts';
import { serveFiles } from '../support/file-server.ts';
import { filesIn, fromFolder, readShare } from '../support/sealed-files.ts';
import type { PartInput, Row } from './part.ts';
import { importFile, startKillable, type Killable } from './started.ts';

const kills = 100;
/** Every n-th reader is Chromium; the others read with the viewer's own code. */
const eachInChromium = 10;

const header = 'Date,From,To,Duration,Rate,User,Customer,Project,Activity,Description\n';
const records = Array.from({ length: 120 }, (_, index) => {
  const day = String((index % 27) + 1).padStart(2, '0');
  const month = String((index % 12) + 1).padStart(2, '0');
  return `2025-${month}-${day},09:00,10:00,3600,80,Ada,Harbour,Quay ${index % 3},Building,Line ${index}\n`;
});

export async function survivesKilledUploads({ folder, random, isOver }: PartInput): Promise<Row[]> {
  const dataDir = join(folder, 'data');
  const files = join(folder, 'files');
  mkdirSync(files);
  const server = await serveFiles(files);
  const browser = await launchChromium();
  const row: Row = {
    what: 'uploads killed: a reader sees a whole page, the next one mends',
    ...{ wanted: kills, tried: 0, failures: [] },
  };
  let program: Killable | null = null;
  try {
    program = await startKillable(dataDir);
    const id = await publish(program, files, server.url);
    /** What each of the two pages is, that uploads go between. */
    const pages = new Map<boolean, string>();
    let longestMs = 0;
    for (const isWide of [true, false, true]) {
      const begin = performance.now();
      await change(program, id, isWide);
      await upToDate(program, id);
      longestMs = performance.now() - begin;
      pages.set(isWide, await read(program, id, files));
    }
    const whole = filesIn(join(files, 'data')).length;
    const { url } = await program.call('alwaysOn.share', { id });

    for (let isWide = false; row.tried < kills && !isOver(); isWide = !isWide) {
      const changed = change(program, id, isWide).catch(() => undefined);
      const afterMs = random.below(Math.ceil(longestMs));
      await wait(afterMs);
      await program.kill();
      await changed;
      row.tried++;
      const seen = await readShare(url, fromFolder(files)).then(textOf, String);
      if (![...pages.values()].includes(seen)) {
        row.failures.push(`killed after ${afterMs} ms: ${seen.slice(0, 200)}`);
      }
      if (row.tried % eachInChromium === 0) {
        const shown = await look(browser, url);
        if (shown !== 'customer') row.failures.push(`Chromium shows "${shown}"`);
      }
      program = await startKillable(dataDir);
      // The kill may have come before the change.
      await change(program, id, isWide);
      await upToDate(program, id);
      const mended = await read(program, id, files);
      if (mended !== pages.get(isWide)) row.failures.push(`not mended after ${afterMs} ms`);
      const left = filesIn(join(files, 'data')).length;
      if (left !== whole) row.failures.push(`${left} files instead of ${whole}`);
    }
  } finally {
    await program?.stop();
    await browser.close();
    server.close();
  }
  return [row];
}

async function publish(program: Killable, files: string, publicUrl: string): Promise<number> {
  await importFile(program, header + records.join(''));
  const customers = await program.call('customers.list', {});
  const { id } = await program.call('shares.create', { customerId: customers[0]!.id });
  await program.call('alwaysOn.setTarget', {
    config: { kind: 'folder', folder: files, publicUrl },
    credentials: { secret: '', privateKey: '' },
  });
  await program.call('alwaysOn.enable', { id });
  await program.call('alwaysOn.upload', {});
  await upToDate(program, id);
  return id;
}

/** Another scope: all files are sealed anew, under another key. */
async function change(program: Killable, id: number, isWide: boolean): Promise<void> {
  await program.call('shares.update', { id, patch: { options: { showTimes: isWide } } });
  await program.call('alwaysOn.upload', {});
}

async function upToDate(program: Killable, id: number): Promise<void> {
  for (;;) {
    const { state, error } = await program.call('alwaysOn.share', { id });
    if (state === 'up_to_date') return;
    if (state === 'failed') throw new Error(`the upload failed: ${error?.code}`);
    await wait(10);
  }
}

async function read(program: Killable, id: number, files: string): Promise<string> {
  const { url } = await program.call('alwaysOn.share', { id });
  return textOf(await readShare(url, fromFolder(files)));
}
/** Parts are put there in any order. */
function textOf({ head, parts }: Awaited<ReturnType<typeof readShare>>): string {
  const sorted = Object.entries(parts).toSorted(([one], [other]) => one.localeCompare(other));
  return JSON.stringify([head, sorted]);
}

async function look(browser: Browser, url: string): Promise<string | undefined> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForFunction(() => !document.body.hasAttribute('aria-busy'));
  const shown = await page.evaluate(() => document.body.dataset['page']);
  await context.close();
  return shown;
}
