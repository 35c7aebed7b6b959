import type { PortalContext } from '../context.ts';
import type { PortalDeps, Visit } from '../source.ts';
import { deviceClass } from './visitors.ts';

/** Notes in the journal that a share was opened. `bot`: the name of a program that is no browser. */
export type LogVisit = (ctx: PortalContext, kind: Visit['kind'], bot?: string) => void;

export function createLogVisit({ journal, log }: Pick<PortalDeps, 'journal' | 'log'>): LogVisit {
  return (ctx, kind, bot) => {
    const { locale, share } = ctx.state;
    const visit = {
      shareId: share.id,
      kind,
      device: bot ?? deviceClass(ctx.get('User-Agent')),
      // Of the address only the language: there are many thousand scripts and regions.
      locale: locale.split('_')[0]!,
    };
    // Never awaited: a page does not wait for an import that holds the write queue.
    journal
      .recordVisit(visit)
      .catch((error: unknown) => log.error('a visit could not be stored', error));
  };
}
