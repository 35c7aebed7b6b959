import type { publishMethods } from '../../../src-shared/contract/publish.ts';
import { AppError } from '../../../src-shared/errors.ts';
import type { QueryContext } from '../../context.ts';
import type { Publisher } from '../../publish/publishing.ts';
import { listShares } from '../../store/shares/shares.ts';
import type { ChangesOf, QueriesOf } from '../handlers.ts';
import { renderQr } from './qr.ts';

/** Whether and where the portal is online, and who holds links that are not right any more. */
export function createPublishQueries(
  context: QueryContext,
  publisher: Pick<Publisher, 'status' | 'former' | 'tunnelLines' | 'cloudflared'>,
): QueriesOf<typeof publishMethods> {
  return {
    'publish.status': () => publisher.status(),
    'publish.tunnelLog': () => publisher.tunnelLines(),
    'publish.qr': ({ url }) => {
      if (!publisher.status().urls.includes(url)) throw new AppError('not_found');
      return { svg: renderQr(url) };
    },
    'publish.cloudflared': () => publisher.cloudflared(),
    'publish.formerLinks': () => {
      const former = publisher.former();
      const base = publisher.status().urls[0];
      if (former === null || base === undefined) return [];
      return listShares(context.readStore, context, { deleted: false })
        .filter(
          ({ state, path, createdAt }) =>
            state === 'active' && path !== '' && createdAt <= former.endedAt,
        )
        .map(({ id, label, customerName, path }) => {
          return { id, label, customerName, oldUrl: former.url + path, newUrl: base + path };
        });
    },
  };
}

/** Puts the portal online, takes it offline, chooses where and when, and looks whether it is. */
export function createPublishChanges(
  publisher: Pick<
    Publisher,
    'set' | 'acceptHostKey' | 'check' | 'setPresence' | 'forgetFormer' | 'ownCloudflared'
  >,
): ChangesOf<typeof publishMethods> {
  return {
    'publish.set': async (patch) => {
      await publisher.set(patch);
      return {};
    },
    'publish.acceptHostKey': async ({ fingerprint }) => {
      await publisher.acceptHostKey(fingerprint);
      return {};
    },
    'publish.fetchCloudflared': async ({ version }) => {
      await publisher.ownCloudflared.fetch(version);
      return {};
    },
    'publish.cancelFetch': async () => {
      await publisher.ownCloudflared.cancel();
      return {};
    },
    'publish.removeCloudflared': async () => {
      await publisher.ownCloudflared.remove();
      return {};
    },
    'publish.check': () => publisher.check(),
    'publish.pause': async ({ paused, backAt }) => {
      await publisher.setPresence({ paused, backAt: paused ? backAt : null });
      return {};
    },
    'publish.setHours': async ({ until, hours }) => {
      await publisher.setPresence({ until, hours });
      return {};
    },
    'publish.forgetFormer': async () => {
      await publisher.forgetFormer();
      return {};
    },
  };
}
