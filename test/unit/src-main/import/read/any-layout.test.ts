/** Layouts drawn at random come back as what they were given to write. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultLayouts, expectedOf, templates } from '../../../../support/any-layout.ts';
import { entries, telling } from '../../../../support/kimai-entries.ts';
import { SECRET, statedResolution, writeExport } from '../../../../support/kimai-writer.ts';
import { readWhole } from './support.ts';

const RUNS = Number(process.env['ROUND_TRIPS'] ?? 60) * 5;

describe.each([
  ['the default export of any version, as it is or saved again by a spreadsheet', defaultLayouts],
  ['a template with any columns, in any order and language', templates],
])('%s', (_, layouts) => {
  it('is read without a question', async () => {
    const drawn = layouts.chain((layout) =>
      fc.tuple(fc.constant(layout), fc.array(entries(layout), { maxLength: 6 })),
    );
    await fc.assert(
      fc.asyncProperty(drawn, async ([layout, generated]) => {
        const all = [telling, ...generated];
        const { bytes, lines } = writeExport(all, layout);
        const { analysis, records, problems } = await readWhole(bytes);
        expect(problems).toEqual([]);
        expect(analysis.needsMapping).toBe(false);
        const statesDuration = layout.columns.some(([key]) => key === 'duration');
        expect(analysis.resolution).toBe(statesDuration ? statedResolution(layout) : 60);
        expect(records).toEqual(all.map((entry, i) => expectedOf(entry, layout, lines[i]!)));
        expect(JSON.stringify([analysis, records])).not.toContain(SECRET);
      }),
      { numRuns: RUNS },
    );
  });
});
