import type { Output } from '../../../src-shared/contract.ts';
import type { Share } from '../../../src-shared/contract/shares.ts';
import type { PublishStatus } from '../../stores/publishing.svelte.ts';

export const stepIds = ['import', 'share', 'publish', 'send'] as const;

export interface Step {
  id: (typeof stepIds)[number];
  done: boolean;
  /** Where it is done. */
  href: string;
}

interface Facts {
  shares: readonly Share[];
  publish: PublishStatus;
  suggestion: Output<'overview.get'>['suggestedCustomer'];
}

/**
 * The way from an export to a page that a client has opened. Something is imported already: the
 * overview shows the empty app's welcome otherwise. What was opened was sent.
 */
export function listSteps({ shares, publish, suggestion }: Facts): Step[] {
  const [first] = shares;
  const isOpened = shares.some(({ lastViewAt }) => lastViewAt !== null);
  return [
    { id: 'import', done: true, href: '#/imports' },
    {
      id: 'share',
      done: first !== undefined,
      href: suggestion === null ? '#/shares/new' : `#/shares/new?customer=${suggestion.id}`,
    },
    { id: 'publish', done: publish.state === 'online' || isOpened, href: '#/publish' },
    {
      id: 'send',
      done: isOpened,
      href: first === undefined ? '#/shares' : `#/shares/${first.id}`,
    },
  ];
}
