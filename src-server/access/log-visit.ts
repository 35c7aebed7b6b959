import type { IncomingHttpHeaders } from 'node:http';
import type { PortalContext } from '../context.ts';
import type { PortalDeps, Visit } from '../source.ts';
import { deviceClass } from './visitors.ts';

/** Somebody who opened a link. */
export interface Visitor {
  shareId: number;
  /** Kimai's code. */
  locale: string;
  headers: IncomingHttpHeaders;
}

export const visitorOf = ({ headers, state: { locale, share } }: PortalContext): Visitor => ({
  shareId: share.id,
  locale,
  headers,
});

export interface VisitLog {
  /** Notes in the journal that a share was opened. `bot`: the name of a program that is no browser. */
  note(visitor: Visitor, kind: Visit['kind'], bot?: string): void;
  /** Counts a page, also one that the browser had already; not one that it fetches ahead. */
  countView(visitor: Visitor): void;
}

export function createVisitLog({ journal, log }: Pick<PortalDeps, 'journal' | 'log'>): VisitLog {
  function note({ shareId, locale, headers }: Visitor, kind: Visit['kind'], bot?: string): void {
    const visit = {
      shareId,
      kind,
      device: bot ?? deviceClass(headers['user-agent'] ?? ''),
      // Of the address only the language: there are many thousand scripts and regions.
      locale: locale.split('_', 1)[0]!,
    };
    // Never awaited: a page does not wait for an import that holds the write queue.
    journal
      .recordVisit(visit)
      .catch((error: unknown) => log.error('a visit could not be stored', error));
  }
  return {
    note,
    countView(visitor) {
      const { 'sec-purpose': purpose = '', purpose: olderPurpose = '' } = visitor.headers;
      if (!/prefetch/i.test(`${String(purpose)} ${String(olderPurpose)}`)) note(visitor, 'view');
    },
  };
}
