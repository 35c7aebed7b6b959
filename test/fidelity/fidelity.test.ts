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
import type { GoldenPage } from './golden.ts';
import { kinds, type Kind } from './holdings.ts';
import { answerMutations, goldenMutations } from './mutations.ts';
import { readPage } from './read-page.ts';
import { formatReport } from './report.ts';
import { Tally } from './tally.ts';

let answered: AnsweredGolden;
beforeAll(async () => {
  answered = await answerGolden(defaultFolder, defaultNow);
}, 180_000);

describe('the pages of a real Kimai', () => {
  it('are equal to ours, value by value', () => {
    const tally = compareAnswers(answered, defaultNow);
    console.log(formatReport(tally, answered.answers.length));
    expect(tally.differences.slice(0, 20)).toEqual([]);
    expect(tally.tooFew()).toEqual([]);
    expect(tally.passed).toBe(true);
  });

  it('hold values of every kind', () => {
    const tally = compareAnswers(answered, defaultNow);
    expect(kinds.filter((kind) => tally.counts.get(kind)!.compared === 0)).toEqual([]);
  });
});

/** One pair alone, changed before it is compared. */
function compareChanged(
  { page, answer }: { page: GoldenPage; answer: Answer },
  change: (page: GoldenPage, answer: Answer) => void,
): Tally {
  const changed = structuredClone({ page, answer });
  change(changed.page, changed.answer);
  const tally = new Tally();
  comparePage(answered.golden, changed.page, changed.answer, defaultNow, tally);
  return tally;
}

describe('a wrong value', () => {
  it.each(Object.entries(goldenMutations))('of kind “%s” is the one difference', (kind, mutate) => {
    const pair = answered.answers.find(
      ({ page }) => isPresent(page) && mutate(structuredClone(page)),
    );
    const tally = compareChanged(pair!, (page) => mutate(page));
    expect(tally.differences.map((difference) => difference.kind)).toEqual([kind]);
    expect(tally.passed).toBe(false);
    expect(formatReport(tally, 1)).toContain('NOT EQUAL');
  });

  it.each(Object.entries(answerMutations))('%s is seen', (_, { kind, change }) => {
    const pair = fullPage();
    const tally = compareChanged(pair, (_page, answer) => change(answer.values));
    expect(tally.differences.map((difference) => difference.kind)).toContain(kind);
    expect(tally.passed).toBe(false);
  });

  it('is not hidden by a rule: a share that shows rates and none are there', () => {
    const tally = compareChanged(fullPage(), (_page, { values }) => {
      for (const row of values.details!.rows) row.rates = [];
    });
    expect(new Set(tally.differences.map(({ kind }) => kind))).toEqual(new Set(['hourly rate']));
  });
});

describe('a page without its values', () => {
  it('is too few of each kind that Kimai has, and differs', () => {
    const tally = compareChanged(fullPage(), (_page, answer) => {
      answer.values = readPage('<html><body><h1></h1></body></html>');
    });
    const lost: Kind[] = ['date', 'user', 'project', 'total', 'footer', 'chart hours', 'spent'];
    expect(tally.tooFew()).toEqual(expect.arrayContaining(lost));
    expect(tally.passed).toBe(false);
  });

  it('differs in every part if it is an error page', () => {
    const tally = compareChanged(fullPage(), (_page, answer) => {
      answer.status = 500;
      answer.values = readPage('');
    });
    expect(tally.differences.filter(({ kind }) => kind === 'part')).toHaveLength(5);
  });

  it('passes nothing when there was nothing to compare', () => {
    expect(new Tally().passed).toBe(false);
  });
});

/** A customer page of the present month with everything on. */
const fullPage = () =>
  answered.answers.find(
    ({ page }) =>
      isPresent(page) && page.annual && page.projects && page.statistics && page.details?.sum,
  )!;

const isPresent = (page: GoldenPage): boolean =>
  defaultNow.startsWith(`${page.year}-${String(page.month).padStart(2, '0')}`);
