import { expect, it } from 'vitest';
import type { ImportJob } from '../../../../../src-shared/contract/imports.ts';
import type { NearBudget } from '../../../../../src-shared/contract/overview.ts';
import type { Share } from '../../../../../src-shared/contract/shares.ts';
import { listNeeds } from '../../../../../src-renderer/pages/overview/needs.ts';
import type { PublishStatus } from '../../../../../src-renderer/stores/publishing.svelte.ts';

const share = (id: number, more: Partial<Share>) =>
  ({ id, state: 'active', lockedClients: 0, expiresDay: null, ...more }) as Share;
const budget = (id: number, overspent: number) =>
  ({ kind: 'project', id, customerId: 7, overspent, level: 'over' }) as NearBudget;
const nothing = {
  today: '2026-12-28',
  jobs: [],
  shares: [],
  nearBudgets: [],
  publish: { state: 'online', error: null } as unknown as PublishStatus,
};

it('names what waits for the owner, what keeps clients out first, and nothing that is fine', () => {
  const needs = listNeeds({
    ...nothing,
    jobs: ['reading', 'preview', 'done', 'mapping'].map(
      (state, index) => ({ jobId: `job${index}`, state }) as ImportJob,
    ),
    shares: [
      share(1, {}),
      share(2, { expiresDay: '2027-01-04' }),
      share(3, { expiresDay: '2027-01-05' }),
      share(4, { lockedClients: 2 }),
      share(5, { lockedClients: 2, state: 'paused', expiresDay: '2026-12-29' }),
    ],
    nearBudgets: [budget(1, 1), budget(2, 0)],
  });
  expect(needs.map(({ kind, href }) => [kind, href])).toEqual([
    ['locked', '#/shares/4/activity'],
    ['import', '#/imports/job/job1'],
    ['import', '#/imports/job/job3'],
    ['budget', '#/customers/7/projects/1'],
    ['expires', '#/shares/2'],
  ]);
});

it('says that the portal is offline only where a share would be open, and why it failed', () => {
  const stopped = { state: 'stopped', error: null } as unknown as PublishStatus;
  const kinds = (facts: object) => listNeeds({ ...nothing, ...facts }).map(({ kind }) => kind);
  expect(kinds({ publish: stopped })).toEqual([]);
  expect(kinds({ publish: stopped, shares: [share(1, { state: 'paused' })] })).toEqual([]);
  expect(kinds({ publish: stopped, shares: [share(1, {})] })).toEqual(['offline']);
  expect(
    kinds({ publish: { state: 'failed', error: { code: 'port_in_use', params: {} } } }),
  ).toEqual(['publish_failed']);
});
