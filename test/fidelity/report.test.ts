import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runScript, type ScriptRun } from '../support/run-script.ts';
import { defaultFolder } from './fidelity.ts';

import { kinds } from './holdings.ts';
import { formatReport } from './report.ts';
import { Tally } from './tally.ts';

/** Words of a line, whatever the blanks between. */
const columns = (line: string): string[] => line.trim().split(/\s{2,}/);

describe('the report', () => {
  it('counts each kind of value: compared, equal, different, left out by which rule', () => {
    const tally = new Tally();
    tally.hold('total', 7);
    for (const actual of ['1', '1', '2', null]) tally.compare('total', 'a page', '1', actual);
    tally.leaveOut('total', 1);
    tally.leaveOut('total', 3, 2);
    const lines = formatReport(tally, 1).split('\n');
    const header = 'held,compared,equal,different,rule 1,rule 2,rule 3,rule 4'.split(',');
    expect(columns(lines[0]!)).toEqual(header);
    expect(lines.slice(1, 1 + kinds.length).map((line) => columns(line)[0])).toEqual([...kinds]);
    const counts = ['7', '3', '2', '2', '1', '0', '2', '0'];
    expect(columns(lines.find((line) => line.startsWith('total'))!)).toEqual(['total', ...counts]);
    expect(columns(lines.find((line) => line.startsWith('all'))!)).toEqual(['all', ...counts]);
    expect(lines.join('\n')).toContain('too few: fewer values of kind “total”');
  });

  it('shows the first 20 differences, each with its page and both values', () => {
    const tally = new Tally();
    for (let n = 1; n <= 25; n++) tally.compare('footer', `page ${n}`, `theirs ${n}`, `ours ${n}`);
    const text = formatReport(tally, 25);
    expect(text).toContain('footer on page 20\n  Kimai: "theirs 20"\n  ours:  "ours 20"');
    expect(text).not.toContain('page 21');
    expect(text).toContain('25 differences: NOT EQUAL');
  });
});

describe('npm run test:fidelity -- DIR', () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'fidelity-'));
    for (const file of ['full-en.csv', 'customers-en.xlsx', 'projects-en.xlsx']) {
      copyFileSync(join(defaultFolder, file), join(dir, file));
    }
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  const pages = (): Record<string, unknown>[] =>
    readFileSync(join(defaultFolder, 'pages.jsonl'), 'utf8')
      .split('\n', 2)
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  function compare(held: Record<string, unknown>[]): ScriptRun {
    const lines = held.map((page) => `${JSON.stringify(page)}\n`).join('');
    writeFileSync(join(dir, 'pages.jsonl'), lines);
    return runScript(['test/fidelity/run.ts', dir], resolve(import.meta.dirname, '../..'));
  }

  it('compares that folder, and ends with 0 if it is equal', async () => {
    const run = compare(pages());
    expect(await run.ended).toBe(0);
    expect(run.text()).toMatch(/\n2 pages, \d{2,} values compared, 0 differences: equal\n$/);
  });

  it('ends with 1 on any difference, and shows it', async () => {
    const [first, second] = pages();
    const run = compare([{ ...first, heading: 'Somebody else' }, second!]);
    expect(await run.ended).toBe(1);
    expect(run.text()).toMatch(/heading on .*\n {2}Kimai: "Somebody else"\n {2}ours: {2}"\w/);
    expect(run.text()).toContain('1 differences: NOT EQUAL');
  });
});
