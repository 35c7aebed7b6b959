/** Links to pages that are always on, as clients get them. */
import type { PortalShare, PortalSource } from '../../src-server/source.ts';
import { sharePath } from '../../src-shared/domain/share-link.ts';
import type { AppContext } from '../context.ts';
import * as rows from '../store/always-on.ts';
import type { KeysOfPages } from './page-keys.ts';
import { readTarget } from './stored-target.ts';
import { publicAddress } from './targets/target.ts';

export function createPageLinks(
  context: AppContext,
  source: Pick<PortalSource, 'shareByKeyDigest'>,
  keys: Pick<KeysOfPages, 'isOutdated' | 'secretOf'>,
) {
  /** Null: there is none of this number, or it is deleted. */
  function shareOf(id: number): PortalShare | null {
    const digest = rows.shareKeyDigest(context.readStore, id);
    return digest && source.shareByKeyDigest(digest);
  }

  return {
    shareOf,
    /** As `AlwaysOn.link`. */
    link(id: number, locale: string | null): string {
      const page = rows.findSealedPage(context.readStore, id);
      const share = shareOf(id);
      if (page === null || share === null || keys.isOutdated(page)) return '';
      const stored = readTarget(context);
      const secret = keys.secretOf(page);
      if (stored === null || secret === null) return '';
      const path = sharePath(locale ?? share.options.locale, page.publicId).slice(1);
      return `${publicAddress(stored.config.publicUrl, path)}/#${secret}`;
    },
  };
}
