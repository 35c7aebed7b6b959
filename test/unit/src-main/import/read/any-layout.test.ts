/** Layouts drawn at random come back as what they were given to write, or are asked about. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultLayouts, expectedOf, templates } from '../../../../support/any-layout.ts';
import { entries, telling } from '../../../../support/kimai-entries.ts';
import { SECRET, statedResolution, writeExport } from '../../../../support/kimai-writer.ts';
import { analyseFile } from '../../../../../src-main/import/read/read-file.ts';
import type { ReadingChoices } from '../../../../../src-main/import/rows/types.ts';
import { readAs } from './support.ts';

const RUNS = Number(process.env['ROUND_TRIPS'] ?? 60) * 5;

describe.each([
  ['the default export of any version, as it is or saved again by a spreadsheet', defaultLayouts],
  ['a template with any columns, in any order and language', templates],
])('%s', (_, layouts) => {
  it('is read, and asked about only where nothing in it tells', async () => {
    const drawn = layouts.chain((layout) =>
      fc.tuple(fc.constant(layout), fc.array(entries(layout), { maxLength: 6 })),
    );
    await fc.assert(
      fc.asyncProperty(drawn, async ([layout, generated]) => {
        const all = [telling, ...generated];
        const { bytes, lines } = writeExport(all, layout);
        const choices = await answers(bytes, layout.encoding);
        const analysis = await analyseFile(bytes, { choices });
        expect(analysis.needsMapping).toBe(false);
        const { records, problems } = await readAs(bytes, analysis);
        expect(problems).toEqual([]);
        const statesDuration = layout.columns.some(([key]) => key === 'duration');
        expect(analysis.resolution).toBe(statesDuration ? statedResolution(layout) : 60);
        expect(records).toEqual(all.map((entry, i) => expectedOf(entry, layout, lines[i]!)));
        expect(JSON.stringify([analysis, records])).not.toContain(SECRET);
      }),
      { numRuns: RUNS },
    );
  });
});

/**
 * What an owner would answer: the encoding, where a few letters do not tell, and that an unknown
 * column is no duration, where the file has none.
 */
async function answers(bytes: Buffer, encoding: string): Promise<ReadingChoices> {
  const analysis = await analyseFile(bytes);
  if (!analysis.needsMapping) return {};
  const choices: ReadingChoices = {};
  for (const { about, chosen, options } of analysis.choices.filter((one) => one.chosen === null)) {
    expect([about, chosen]).toEqual(['encoding', null]);
    expect(options.map(({ value }) => value)).toContain(encoding);
    choices.encoding = encoding;
  }
  if (analysis.columns.some(({ column }) => column === 'unknown')) {
    if (choices.encoding === undefined) expect(analysis.missing).toContain('duration');
    choices.columns = analysis.columns.map((one) =>
      one.column === 'unknown' ? { ...one, column: 'ignored' } : one,
    );
  }
  return choices;
}
