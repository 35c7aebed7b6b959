import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TestApp } from './app.ts';

const goldenFile = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/golden/kimai-2.66-world/${name}`, import.meta.url));

/** Every page of the owner's app, by a name for tests. */
export const adminPages = [
  'overview',
  'customers',
  'customer',
  'customer form',
  'project',
  'timesheets',
  'imports',
  'import preview',
  'import mapping',
  'connect Kimai',
  'shares',
  'share editor',
  'share activity',
  'new share',
  'publishing',
  'profiles',
  'settings',
  'unknown page',
] as const;
export type AdminPage = (typeof adminPages)[number];

/**
 * Fills a fresh program, so that every page has something to show; returns their addresses. `of`:
 * exports of a Kimai, or the small business that the program brings as a sample.
 */
export async function preparePages(
  app: TestApp,
  of: 'exports' | 'sample' = 'exports',
): Promise<Record<AdminPage, string>> {
  if (of === 'sample') await app.call('sample.load');
  else {
    await app.importFile(goldenFile('full-en.csv'));
    await app.importFile(goldenFile('projects-en.xlsx'));
  }
  const open = goldenFile('default-en.csv');
  const firstLines = /(?:.*\n){20}/;
  const preview =
    of === 'sample'
      ? await app.openBytes('some.csv', firstLines.exec(readFileSync(open, 'utf8'))![0])
      : await app.openFile(open);
  const mapping = await app.openBytes('mine.csv', 'When,Whom,What\n2026-11-02,Acme,Site\n');
  const [project] = await app.call('projects.list');
  const customer = `/customers/${project!.customerId}`;
  const share = await app.call('shares.create', {
    customerId: project!.customerId,
    label: 'Harbour',
  });
  return {
    overview: '/overview',
    customers: '/customers',
    customer,
    'customer form': `${customer}/edit`,
    project: `${customer}/projects/${project!.id}`,
    // Few rows: axe looks at every cell.
    timesheets: '/records?from=2026-11-20',
    imports: '/imports',
    'import preview': `/imports/job/${preview.jobId}`,
    'import mapping': `/imports/job/${mapping.jobId}`,
    'connect Kimai': '/imports/kimai',
    shares: '/shares',
    'share editor': `/shares/${share.id}`,
    'share activity': `/shares/${share.id}/activity`,
    'new share': '/shares/new',
    publishing: '/publish',
    profiles: '/profiles',
    settings: '/settings',
    'unknown page': '/nowhere',
  };
}
