import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { comparePage } from './compare.ts';
import type { Answer } from './compare-values.ts';
import {
  answerGolden,
  compareAnswers,
  defaultFolder,
  defaultNow,
  type AnsweredGolden,
} from './fidelity.ts';
import { isEmptyMonth, pageLabel, parsePages, type GoldenPage } from './golden.ts';
import { kinds, type Kind } from './holdings.ts';
import { readPage } from './read-page.ts';
import { formatReport } from './report.ts';
import { Tally } from './tally.ts';

let answered: AnsweredGolden;
beforeAll(async () => {
  answered = await answerGolden(defaultFolder, defaultNow);
});

describe('the pages of a real Kimai', () => {
  it('are equal to ours, value by value', () => {
    const tally = compareAnswers(answered, defaultNow);
    console.log(formatReport(tally, answered.answers.length));
    expect(tally.differences.slice(0, 20)).toEqual([]);
    expect(tally.tooFew()).toEqual([]);
  });

  it('hold values of every kind', () => {
    const tally = compareAnswers(answered, defaultNow);
    const idle = kinds.filter((kind) => tally.counts.get(kind)!.compared === 0);
    expect(idle).toEqual([]);
  });
});
