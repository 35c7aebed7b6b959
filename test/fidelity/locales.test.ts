import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kimaiLocales } from '../../src-shared/domain/locales.ts';
import { openPortal, type Portal, type TestShare } from '../unit/src-server/matrix/portal.ts';
import { entry } from '../unit/src-server/matrix/world.ts';
import { localeTag, moneyText, normalise, normaliseBlanks } from './normalise.ts';
import { readPage } from './read-page.ts';

/** Pattern `LLLL` of PHP 8.2's intl with ICU 72, which Kimai labels its charts with. */
const kimaiNames = JSON.parse(
  readFileSync(join(import.meta.dirname, '../fixtures/icu-72-month-names.json'), 'utf8'),
) as Record<string, string[]>;

let portal: Portal;
let share: TestShare;
beforeAll(async () => {
  portal = await openPortal();
  const { customerId } = await portal.importEntries('Harbour', [entry({ rate: '1234.5' })]);
  share = await portal.share(customerId, null, { showRates: true });
});
afterAll(() => portal.stop());

it.each(kimaiLocales)('%s is an address, with its own formats', async (code) => {
  const address = share.address.replace('/en/', `/${code}/`);
  const response = await fetch(`${address}?year=2026&month=2`, { redirect: 'error' });
  const page = readPage(await response.text());
  expect(response.status).toBe(200);
  expect(page.lang).toBe(localeTag(code));
  expect(page.direction).toBe(['ar', 'fa', 'he'].includes(code) ? 'rtl' : 'ltr');
  expect(page.annual!.labels.map(normalise)).toEqual(kimaiNames[code]!.map(normalise));
  expect(normaliseBlanks(page.details!.footer.total!)).toBe(
    normaliseBlanks(moneyText(code, 'EUR', 1234.5)),
  );
});
