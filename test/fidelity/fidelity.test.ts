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
import { isEmptyMonth, type GoldenPage } from './golden.ts';
import { kinds, type Kind } from './holdings.ts';
import { answerMutations, goldenMutations } from './mutations.ts';
import { readPage } from './read-page.ts';
import { formatReport } from './report.ts';
import { Tally, type Rule } from './tally.ts';

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

describe('an intended difference', () => {
  const find = (wanted: (page: GoldenPage) => unknown) =>
    answered.answers.find(({ page }) => wanted(page))!;
  const leftOut = (tally: Tally, rule: Rule): Kind[] =>
    kinds.filter((kind) => tally.counts.get(kind)!.leftOut[rule] > 0);

  it('1: merged rows of a customer page are left out, their sums are not', () => {
    const tally = compareChanged(fullPage(), (page) => {
      page.share.mergeMode = 'MERGE';
      page.details!.rows[0]!.fill('x');
    });
    expect(tally.passed).toBe(true);
    expect(leftOut(tally, 1)).toContain('description');
    const wrongSum = compareChanged(fullPage(), (page) => {
      page.share.mergeMode = 'MERGE';
      page.details!.sum! += 1;
    });
    expect(wrongSum.differences.map(({ kind }) => kind)).toEqual(['footer']);
  });

  it('2: of a monthly budget in another month, only the budget itself is compared', () => {
    const monthly = ({ customer, name }: { customer: string; name: string }): boolean =>
      answered.golden.projects.some(
        (project) => project.customer === customer && project.name === name && project.monthly,
      );
    const isMonthlyMoney = (page: GoldenPage): boolean =>
      page.share.scope === 'project' &&
      monthly({ customer: page.share.customer, name: page.share.project! }) &&
      page.statistics?.rows[0]?.spentAmount !== undefined;
    const changeSpent = (page: GoldenPage): void => {
      page.statistics!.rows[0]!.spentAmount! += 1;
    };
    const past = find((page) => isMonthlyMoney(page) && page.details && !isPresent(page));
    const tally = compareChanged(past, changeSpent);
    expect(tally.passed).toBe(true);
    expect(leftOut(tally, 2)).toEqual(['spent', 'percent', 'bar', 'level']);
    const present = find((page) => isMonthlyMoney(page) && isPresent(page));
    expect(compareChanged(present, changeSpent).differences).toHaveLength(1);
    const wrongBudget = compareChanged(past, (page) => {
      page.statistics!.rows[0]!.budgetAmount! += 1;
    });
    expect(wrongBudget.differences.map(({ kind }) => kind)).toEqual(['budget']);
  });

  it('3: an undescribed last record, in that mode only', () => {
    const last = find(
      ({ share, details }) =>
        share.mergeMode === 'MERGE_USE_LAST_OF_DAY' && details?.rows[0]?.[2] !== '' && !!details,
    );
    const forget = (page: GoldenPage): void => {
      page.details!.rows[0]![2] = '';
    };
    const tally = compareChanged(last, forget);
    expect(tally.passed).toBe(true);
    expect(leftOut(tally, 3)).toContain('description');
    const first = compareChanged(last, (page) => {
      page.share.mergeMode = 'MERGE_USE_FIRST_OF_DAY';
      forget(page);
    });
    expect(first.differences.map(({ kind }) => kind)).toEqual(['description']);
  });

  it('3: a fixed rate has to be marked as one', () => {
    const withFixed = find((page) => page.details?.rates?.some((rates) => rates.length === 0));
    const before = compareChanged(withFixed, () => undefined);
    expect(leftOut(before, 3)).toEqual(['hourly rate']);
    const unmarked = compareChanged(withFixed, (_page, { values }) => {
      for (const row of values.details!.rows) if (row.rates.length === 0) row.rates.push(aRate);
    });
    expect(unmarked.differences[0]?.kind).toBe('hourly rate');
  });

  it('4: only a month that is empty in Kimai may be another one here', () => {
    const moved = (pair: { page: GoldenPage; answer: Answer }): Tally =>
      compareChanged(pair, (_page, answer) => {
        answer.month = (answer.month % 12) + 1;
        answer.values.details = null;
      });
    const empty = find((page) => isEmptyMonth(page) && !isPresent(page));
    expect(leftOut(moved(empty), 4)).toEqual(['part', 'footer']);
    expect(moved(empty).passed).toBe(true);
    const full = moved(fullPage());
    expect(leftOut(full, 4)).toEqual([]);
    expect(full.passed).toBe(false);
  });

  const aRate = { duration: null, amount: '€1.00' };
});

/** A customer page of the present month with everything on. */
const fullPage = () =>
  answered.answers.find(
    ({ page }) =>
      isPresent(page) && page.annual && page.projects && page.statistics && page.details?.sum,
  )!;

const isPresent = (page: GoldenPage): boolean =>
  defaultNow.startsWith(`${page.year}-${String(page.month).padStart(2, '0')}`);
