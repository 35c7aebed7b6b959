/** What any layout of Kimai, or a spreadsheet after it, was given to write comes back as it was. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entries, expected, telling } from '../../../../support/kimai-entries.ts';
import {
  layouts,
  SECRET,
  statedResolution,
  writeExport,
  type Layout,
} from '../../../../support/kimai-writer.ts';
import { analyseFile } from '../../../../../src-main/import/read/read-file.ts';
import type { ReadingChoices } from '../../../../../src-main/import/rows/types.ts';
import { readAs, readWhole } from './support.ts';

const RUNS = Number(process.env['ROUND_TRIPS'] ?? 60);

/** The owner's answer where a few letters do not tell an encoding without Unicode; it is asked alone. */
async function encodingAsked(bytes: Buffer, layout: Layout): Promise<ReadingChoices> {
  const { choices } = await analyseFile(bytes);
  const open = choices.filter(({ chosen }) => chosen === null);
  if (open.length === 0) return {};
  expect(open.map(({ about }) => about)).toEqual(['encoding']);
  expect(layout.encoding).toBe('windows-1252');
  expect(open[0]!.options.map(({ value }) => value)).toContain(layout.encoding);
  return { encoding: layout.encoding };
}

describe('every layout', () => {
  it.each(layouts.map((layout) => [layout.name, layout] as const))('%s', async (_, layout) => {
    await fc.assert(
      fc.asyncProperty(fc.array(entries(layout), { maxLength: 12 }), async (generated) => {
        const all = [telling, ...generated];
        const { bytes, lines } = writeExport(all, layout);
        const analysis = await analyseFile(bytes, { choices: await encodingAsked(bytes, layout) });
        const { records, problems } = await readAs(bytes, analysis);
        expect(problems).toEqual([]);
        expect(analysis.needsMapping).toBe(false);
        expect(analysis.resolution).toBe(statedResolution(layout));
        expect(records).toEqual(all.map((entry, i) => expected(entry, layout, lines[i]!)));
        expect(JSON.stringify([analysis, records])).not.toContain(SECRET);
      }),
      { numRuns: RUNS },
    );
  });

  it('reads the same whatever the size of the chunks', async () => {
    const layout = layouts.find(({ quoteAll }) => quoteAll)!;
    const many = Array.from({ length: 3000 }, (_, i) => ({
      ...telling,
      id: i + 1,
      description: `Line "${i}"\r\nünï, 🙂`,
    }));
    const { bytes, lines } = writeExport(many, layout);
    const { records } = await readWhole(bytes);
    expect(bytes.length).toBeGreaterThan(5 * 64 * 1024);
    expect(records).toEqual(many.map((entry, i) => expected(entry, layout, lines[i]!)));
  });
});
