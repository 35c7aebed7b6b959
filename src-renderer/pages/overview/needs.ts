import type { ImportJob } from '../../../src-shared/contract/imports.ts';
import type { NearBudget } from '../../../src-shared/contract/overview.ts';
import type { Share } from '../../../src-shared/contract/shares.ts';
import { addDays, dayText, parseDay } from '../../../src-shared/domain/day.ts';
import type { PublishStatus } from '../../stores/publishing.svelte.ts';
import { isWaiting } from '../imports/job-state.ts';

/** A share that ends within so many days is worth a line. */
const soonDays = 7;

/** Something that waits for the owner: what, and where it is done. */
export type Need =
  | { kind: 'publish_failed'; href: string; error: NonNullable<PublishStatus['error']> }
  | { kind: 'offline'; href: string; count: number }
  | { kind: 'import'; href: string; job: ImportJob }
  | { kind: 'budget'; href: string; budget: NearBudget }
  | { kind: 'locked'; href: string; share: Share }
  | { kind: 'expires'; href: string; share: Share };

interface Facts {
  /** `YYYY-MM-DD` */
  today: string;
  jobs: readonly ImportJob[];
  shares: readonly Share[];
  nearBudgets: readonly NearBudget[];
  publish: PublishStatus | undefined;
}

/** Nothing that is fine is in it. What keeps clients out comes first. */
export function listNeeds({ today, jobs, shares, nearBudgets, publish }: Facts): Need[] {
  const active = shares.filter(({ state }) => state === 'active');
  const soon = dayText(addDays(parseDay(today)!, soonDays));
  return [
    ...(publish?.error
      ? [{ kind: 'publish_failed' as const, href: '#/publish', error: publish.error }]
      : []),
    ...(publish?.state === 'stopped' && active.length > 0
      ? [{ kind: 'offline' as const, href: '#/publish', count: active.length }]
      : []),
    ...active
      .filter(({ lockedClients }) => lockedClients > 0)
      .map((share) => ({
        kind: 'locked' as const,
        href: `#/shares/${share.id}/activity`,
        share,
      })),
    ...jobs.filter(isWaiting).map((job) => ({
      kind: 'import' as const,
      href: `#/imports/job/${job.jobId}`,
      job,
    })),
    ...nearBudgets
      // Near their end they have a place of their own.
      .filter(({ overspent }) => overspent > 0)
      .map((budget) => ({ kind: 'budget' as const, href: pathOfBudget(budget), budget })),
    ...active
      .filter(({ expiresDay }) => expiresDay !== null && expiresDay <= soon)
      .map((share) => ({ kind: 'expires' as const, href: `#/shares/${share.id}`, share })),
  ];
}

/** The page of the customer or project that has the budget. */
export const pathOfBudget = ({ kind, id, customerId }: NearBudget): string =>
  kind === 'customer' ? `#/customers/${id}` : `#/customers/${customerId}/projects/${id}`;
