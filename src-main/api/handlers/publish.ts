import type { publishMethods } from '../../../src-shared/contract/publish.ts';
import { AppError } from '../../../src-shared/errors.ts';
import type { QueryContext } from '../../context.ts';
import { baseForClients } from '../../publish/bases.ts';
import type { Publisher } from '../../publish/publishing.ts';
import { listShares } from '../../store/shares/shares.ts';
import type { ChangesOf, QueriesOf } from '../handlers.ts';
import { renderQr } from './qr.ts';

/** Whether and where the portal is online, and who holds links that are not right any more. */
export function createPublishQueries(
  context: QueryContext,
  publisher: Pick<Publisher, 'status' | 'linkBaseAt' | 'tunnelLines' | 'cloudflared'>,
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
      const { addresses, formerUrl } = publisher.status();
      const base = baseForClients(addresses);
      // Without an address that clients could open there is no new link to send.
      if (formerUrl === null || base === null) return [];
      return listShares(context.readStore, context, { deleted: false })
        .filter(({ state, path }) => state === 'active' && path !== '')
        .map(({ id, label, customerName, path, createdAt }) => {
          const oldUrl = publisher.linkBaseAt(createdAt) + path;
          return { id, label, customerName, oldUrl, newUrl: base + path };
        })
        .filter(({ oldUrl, newUrl }) => oldUrl !== newUrl);
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
