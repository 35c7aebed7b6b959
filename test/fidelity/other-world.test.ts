import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { answerGolden, compareAnswers, defaultFolder, defaultNow } from './fidelity.ts';
import { writeOtherWorld } from './other-world.ts';

const folder = mkdtempSync(join(tmpdir(), 'other-world-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it(
  'is equal in a folder with other names, years, languages and fewer pages',
  { timeout: 180_000 },
  async () => {
    const now = writeOtherWorld(defaultFolder, folder, defaultNow, 3);
    const mentions = readFileSync(join(folder, 'pages.jsonl'), 'utf8');
    expect(mentions).not.toContain('"year":2026');

    const answered = await answerGolden(folder, now);
    const tally = compareAnswers(answered, now);

    expect(tally.differences.slice(0, 5)).toEqual([]);
    expect(tally.passed).toBe(true);
    expect(answered.answers.length).toBeGreaterThan(50);
  },
);
