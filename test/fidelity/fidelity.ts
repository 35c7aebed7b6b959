/**
 * The fidelity test: our program with Kimai's exports, page by page against what Kimai showed.
 * Works for any folder of the form that golden.ts reads, and knows nothing of its data.
 */
import { join } from 'node:path';
import type { ShareDraft } from '../../src-shared/contract/shares.ts';
import { comparePage } from './compare.ts';
import type { Answer } from './compare-values.ts';
import { readGolden, type Golden, type GoldenPage, type GoldenShare } from './golden.ts';
import { normalise } from './normalise.ts';
import { startProgram, type Program } from './program.ts';
import { readPage } from './read-page.ts';
import { Tally } from './tally.ts';

export const defaultFolder = join(import.meta.dirname, '../fixtures/golden/kimai-2.66-world');
export const defaultNow = '2026-11-24';

/** A published program that holds a golden folder's exports, and the answer to each page. */
export interface AnsweredGolden {
  golden: Golden;
  answers: { page: GoldenPage; answer: Answer }[];
  /** What the import said about rows that it could not read. */
  notes: string[];
}

/** A program that holds a golden folder's exports, with a share for each of its pages. */
export interface SharedGolden {
  golden: Golden;
  program: Program;
  notes: string[];
  /** The path of a share's live page. */
  pathOf(share: GoldenShare): string;
}

/** Imports and shares. The caller closes the program. `now`: the day of the golden pages. */
export async function shareGolden(dir: string, now: string): Promise<SharedGolden> {
  const golden = readGolden(dir);
  const program = await startProgram(now);
  try {
    const notes: string[] = [];
    for (const file of ['customers-en.xlsx', 'projects-en.xlsx', 'full-en.csv']) {
      const problems = (await program.importFile(join(dir, file))).preview?.counts.problems ?? 0;
      if (problems > 0) notes.push(`${file}: ${problems} rows could not be read`);
    }
    const paths = await createShares(program, golden.pages);
    return { golden, program, notes, pathOf: (share) => paths.get(shareId(share))! };
  } catch (error) {
    await program.close();
    throw error;
  }
}

/** Imports, shares, publishes and requests every page. `now`: the day of the golden pages. */
export async function answerGolden(dir: string, now: string): Promise<AnsweredGolden> {
  const { golden, program, notes, pathOf } = await shareGolden(dir, now);
  try {
    const base = await program.publish();
    const answers: AnsweredGolden['answers'] = [];
    for (const page of golden.pages) {
      const address = new URL(pathOf(page.share), base);
      answers.push({ page, answer: await requestPage(golden, page, address) });
    }
    return { golden, answers, notes };
  } finally {
    await program.close();
  }
}

export function compareAnswers({ golden, answers }: AnsweredGolden, now: string): Tally {
  const tally = new Tally();
  for (const { page, answer } of answers) comparePage(golden, page, answer, now, tally);
  return tally;
}

const shareId = (share: GoldenShare): string => JSON.stringify(share);

const mergeModes = {
  NONE: 'none',
  MERGE: 'merge',
  MERGE_USE_FIRST_OF_DAY: 'merge_first',
  MERGE_USE_LAST_OF_DAY: 'merge_last',
} as const satisfies Record<GoldenShare['mergeMode'], ShareDraft['options']['mergeMode']>;

/** Every distinct share of the pages, through the admin contract: share → its path. */
async function createShares(program: Program, pages: GoldenPage[]): Promise<Map<string, string>> {
  const customers = await program.call('customers.list', {});
  const projects = await program.call('projects.list', {});
  const paths = new Map<string, string>();
  for (const { share } of pages) {
    if (paths.has(shareId(share))) continue;
    const customer = theOnly(customers, share.customer, (entry) => isNamed(entry, share.customer));
    const project = share.project;
    const projectId =
      project === null
        ? null
        : theOnly(
            projects,
            project,
            (entry) => isNamed(entry, project) && entry.customerId === customer.id,
          ).id;
    const created = await program.call('shares.create', {
      label: share.key,
      customerId: customer.id,
      projectId,
      options: {
        showUser: share.showUser,
        showRates: share.showRates,
        mergeMode: mergeModes[share.mergeMode],
        annualChart: share.annualChart,
        monthlyChart: share.monthlyChart,
        budgetStats: share.budgetStats,
        timeBudgetStats: share.timeBudgetStats,
      },
    });
    paths.set(shareId(share), created.path);
  }
  return paths;
}

const isNamed = (entry: { name: string }, name: string): boolean =>
  normalise(entry.name) === normalise(name);

function theOnly<T>(entries: T[], name: string, wanted: (entry: T) => boolean): T {
  const found = entries.filter(wanted);
  if (found.length !== 1) throw new Error(`${found.length} entries are called ${name}`);
  return found[0]!;
}

/** A project page inside a customer share is reached as a client does: by the customer's page. */
async function requestPage(golden: Golden, page: GoldenPage, share: URL): Promise<Answer> {
  const path = share.pathname.replace(/^\/[^/]+/, `/${page.locale}`);
  const address = new URL(
    `${path}?year=${page.year}&month=${page.month}&details=${page.view}`,
    share,
  );
  const answer = await fetchPage(address);
  if (page.projectId === undefined) return answer;
  const { name } = theOnly(
    golden.projects,
    String(page.projectId),
    (entity) => entity.kimaiId === page.projectId,
  );
  const link = answer.values.projects?.find((project) => isNamed(project, name));
  if (!link) return { ...answer, status: 404, values: readPage('') };
  return fetchPage(new URL(link.href, address));
}

/** Follows redirects: the address where it ends says which month is shown. */
async function fetchPage(address: URL): Promise<Answer> {
  const response = await fetch(address);
  const shown = new URL(response.url).searchParams;
  const html = await response.text();
  return {
    status: response.status,
    year: Number(shown.get('year')),
    month: Number(shown.get('month')),
    values: readPage(response.status === 200 ? html : ''),
  };
}
