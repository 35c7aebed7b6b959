/** The rows of the details table are written by hand; the same rows as components are the measure. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { columns } from '../../../src-shared/domain/visibility.ts';
import { formatsOf } from '../../../src-server/formats.ts';
import { findLocale } from '../../../src-server/locale.ts';
import { detailsRows } from '../../../src-server/pages/details-rows.ts';
import { renderBody, withoutMarkers } from '../../../src-server/pages/bodies.ts';
import { utf8Text } from '../../../src-server/pages/document.ts';
import { createTranslators } from '../../../src-server/translate.ts';
import type { PageModel, TableModel } from '../../../src-server/view-model/model.ts';
import type { Ui } from '../../../src-server/view-model/ui.ts';
import DetailsRows from '../../support/oracle/DetailsRows.svelte';
import { loadTexts } from '../../support/texts.ts';

const translators = createTranslators(loadTexts());

const text = fc.oneof(
  fc.string(),
  fc.constantFrom('', '<script>alert(1)</script>', '"\'&amp;<!--x-->', 'a\nb  c', '日本 שלום'),
);
const minutes = fc.option(fc.integer({ min: 0, max: 1439 }));
const seconds = fc.constantFrom(0, 59, 3600, 400_000, -3600);
const amount = fc.constantFrom(0, 5000, 950_000, -12_345_678);
const row = fc.record(
  {
    day: fc.constantFrom(20261001, 20261002),
    user: text,
    project: fc.record({
      id: fc.integer({ min: 1, max: 9 }),
      name: text,
      color: fc.option(fc.oneof(text, fc.constant('#0a6570'))),
    }),
    activities: fc.array(text, { maxLength: 2 }),
    tags: fc.uniqueArray(text, { maxLength: 3 }),
    times: fc.record(
      { beginMin: minutes, endMin: minutes, daysLater: fc.integer({ min: 1, max: 30 }) },
      { requiredKeys: ['beginMin', 'endMin'] },
    ),
    description: text,
    nonBillable: fc.constantFrom('none', 'some', 'all'),
    running: fc.boolean(),
    durationS: seconds,
    rates: fc.record({
      rateE4: fc.option(amount),
      hourly: fc.uniqueArray(fc.record({ rateE4: amount, durationS: seconds }), {
        maxLength: 3,
        selector: ({ rateE4 }) => rateE4,
      }),
      fixed: fc.boolean(),
    }),
  },
  { requiredKeys: ['day', 'description', 'nonBillable', 'running', 'durationS'] },
);

it('rows written by hand are the bytes of the components', () => {
  fc.assert(
    fc.property(
      fc.array(row, { maxLength: 4 }),
      fc.constantFrom('en', 'de', 'ar', 'fa', 'ja'),
      fc.constantFrom('EUR', 'JPY', null),
      (rows, code, currency) => {
        const locale = findLocale(code)!;
        const ui = { t: translators(code), f: formatsOf(locale.tag), locale } as Ui;
        const table = { columns, rows } as TableModel;
        const props = { table, ui, model: { currency } as PageModel };
        const byComponents = withoutMarkers(renderBody(DetailsRows, props));
        const byHand = detailsRows(table, currency, ui);
        const encoded = detailsRows(table, currency, ui, utf8Text);
        expect(Buffer.from(encoded, 'latin1').toString()).toBe(Buffer.from(byHand).toString());
        expect(byHand).toBe(/<tbody>([^]*)<\/tbody>/.exec(byComponents)?.[1] ?? '');
      },
    ),
    { numRuns: 200 },
  );
});
