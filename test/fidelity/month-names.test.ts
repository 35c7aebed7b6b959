import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { formatsOf } from '../../src-server/formats.ts';
import { kimaiLocales } from '../../src-server/locale.ts';
import { localeTag, normalise } from './normalise.ts';

/** Pattern `LLLL` of PHP 8.2's intl with ICU 72, which Kimai labels its charts with. */
const kimaiNames = JSON.parse(
  readFileSync(join(import.meta.dirname, '../fixtures/icu-72-month-names.json'), 'utf8'),
) as Record<string, string[]>;

it.each(kimaiLocales)("months of %s are called as in Kimai's charts", (code) => {
  const names = Array.from({ length: 12 }, (_, index) =>
    normalise(formatsOf(localeTag(code)).monthName(202_600 + index + 1)),
  );
  expect(names).toEqual(kimaiNames[code]!.map(normalise));
});
