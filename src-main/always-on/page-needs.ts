/** What has to be done on the web space for each share, and how the owner's app names that. */
import type { Output } from '../../src-shared/contract.ts';
import { localDay } from '../../src-shared/domain/day.ts';
import { shareState } from '../../src-shared/domain/share-state.ts';
import type { PortalShare, PortalSource } from '../../src-server/source.ts';
import type { AppContext } from '../context.ts';
import * as rows from '../store/always-on.ts';
import type { SealedPageRow } from '../store/always-on.ts';
import type { KeysOfPages } from './page-keys.ts';
import { readState, type PageState } from './page-state.ts';

export interface PageNeeds {
  /** A share whose files should be there, as the portal has it; null: they should not. */
  wantedShare(page: SealedPageRow): PortalShare | null;
  stateOf(share: PortalShare): PageState;
  /** What has to be done for a page; null: nothing. */
  needOf(page: SealedPageRow): 'upload' | 'remove' | 'forget' | null;
  /** How the owner's app names it. `isBroken`: the last upload did not end. */
  describe(
    page: SealedPageRow | null,
    shareId: number,
    isBroken: boolean,
  ): Output<'alwaysOn.share'>['state'];
}

/** `documentsDigest`: of the documents and assets of this version of the program. */
export function createPageNeeds(
  { clock, readStore }: Pick<AppContext, 'clock' | 'readStore'>,
  source: PortalSource,
  keys: Pick<KeysOfPages, 'isOutdated'>,
  documentsDigest: () => string,
): PageNeeds {
  /** Whether the share has a password that the program cannot seal with. */
  const lacksPassword = (page: SealedPageRow, share: PortalShare): boolean =>
    share.passwordHash !== null &&
    (page.passwordVersion !== share.passwordVersion || page.passwordKey === null);
  const isThere = (page: SealedPageRow): boolean => page.version > 0 || page.unfinished;

  const needs: PageNeeds = {
    wantedShare(page) {
      if (page.retired || keys.isOutdated(page)) return null;
      const share = source.shareByKeyDigest(page.keyDigest);
      if (share === null) return null;
      return shareState(share, localDay(clock.now())) === 'active' ? share : null;
    },
    stateOf: (share) =>
      readState(readStore, { share, source, now: clock.now() }, documentsDigest()),
    needOf(page) {
      const share = needs.wantedShare(page);
      if (share === null || lacksPassword(page, share)) {
        if (isThere(page)) return 'remove';
        const isOver = page.retired || !rows.isShareKept(readStore, page.shareId);
        return isOver || keys.isOutdated(page) ? 'forget' : null;
      }
      const isCurrent = !page.unfinished && page.stateDigest === needs.stateOf(share).digest;
      return isCurrent ? null : 'upload';
    },
    describe(page, shareId, isBroken) {
      if (page === null) {
        const left = rows.listSealedPages(readStore).some((other) => other.shareId === shareId);
        return left ? 'removing' : 'off';
      }
      const share = needs.wantedShare(page);
      if (share === null) {
        if (isThere(page)) return 'removing';
        return keys.isOutdated(page) ? 'waiting' : 'hidden';
      }
      if (lacksPassword(page, share)) return isThere(page) ? 'removing' : 'password_needed';
      if (needs.needOf(page) === null) return 'up_to_date';
      return isBroken || page.failure !== null ? 'failed' : 'waiting';
    },
  };
  return needs;
}
