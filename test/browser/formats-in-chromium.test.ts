/**
 * Electron's main process has Chromium's locale data, the browser host Node's. What the program
 * writes and reads by the rules of a language has to be the same on both.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { expect, it } from 'vitest';
import type { Messages } from '../../src-server/source.ts';
import { kimaiLocales } from '../../src-shared/domain/locales.ts';
import { allFormats } from '../support/all-formats.ts';
import { launchChromium } from '../support/chromium.ts';
import { flatten } from '../support/messages.ts';
import { loadTexts } from '../support/texts.ts';

const texts = Object.fromEntries(
  [...loadTexts()].map(([code, messages]) => [code, messages as Messages & { portal: Messages }]),
);
/** Keys of texts that count something. */
const counting = Object.fromEntries(
  Object.entries(texts).map(([code, { portal }]) => [
    code,
    [...flatten({ portal } as never)]
      .filter(([, text]) => /plural|number/.test(text))
      .map(([key]) => key),
  ]),
);

/** As a script for a page, which sets the function on `window`. */
async function bundle(): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), 'formats-'));
  try {
    await build({
      configFile: false,
      logLevel: 'error',
      build: {
        outDir,
        minify: false,
        lib: {
          entry: join(import.meta.dirname, '../support/all-formats.ts'),
          formats: ['iife'],
          name: 'formatsOfProgram',
          fileName: () => 'formats.js',
        },
      },
    });
    return readFileSync(join(outDir, 'formats.js'), 'utf8');
  } finally {
    rmSync(outDir, { recursive: true });
  }
}

it('formats of all 44 languages are the same inside Chromium as in Node', async () => {
  expect(kimaiLocales).toHaveLength(44);
  const browser = await launchChromium();
  try {
    const context = await browser.newContext({
      timezoneId: new Intl.DateTimeFormat().resolvedOptions().timeZone,
    });
    const page = await context.newPage();
    await page.addScriptTag({ content: await bundle() });
    const given = [texts, counting] as const;
    const inChromium = await page.evaluate(
      ([messages, keys]) =>
        (
          globalThis as unknown as { formatsOfProgram: { allFormats: typeof allFormats } }
        ).formatsOfProgram.allFormats(messages, keys),
      given,
    );
    expect(inChromium).toEqual(allFormats(...given));
  } finally {
    await browser.close();
  }
});
