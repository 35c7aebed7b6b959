import { createHmac, timingSafeEqual } from 'node:crypto';
import type { PortalContext } from '../context.ts';
import type { PortalDeps, PortalShare } from '../source.ts';
import type { Client } from './attempts.ts';
import { clientAddress, digestClient } from './client-address.ts';
import { cookieValues, type ShareCookies } from './share-cookies.ts';

export const knownCookie = 'portal_known';
/** As long as browsers keep a cookie at most. */
const lifeS = 400 * 86_400;

/**
 * Clients that signed in to a share before, by a signed cookie. They keep attempts of their own:
 * strangers who use up the attempts of a share do not lock them out. The cookie names the address
 * at its first success, as a keyed digest, so that nobody collects many of them from one address.
 * It opens nothing, and it outlives a change of the password, after which it is needed most.
 */
export interface KnownClients {
  /** Under what the failures of the request's client count. */
  clientOf(ctx: PortalContext): Client;
  /** Called when the client entered the right password: sends the cookie. */
  remember(ctx: PortalContext): void;
}

export function createKnownClients(
  { secrets, trustedHeader }: Pick<PortalDeps, 'secrets' | 'trustedHeader'>,
  cookies: Pick<ShareCookies, 'send'>,
): KnownClients {
  const sign = (share: PortalShare, client: string): Buffer =>
    createHmac('sha256', secrets.cookie).update(`portal known ${share.id} ${client}`).digest();

  const addressOf = (ctx: PortalContext): string =>
    digestClient(clientAddress(ctx.req, trustedHeader()), secrets.client);

  /** The address's digest in a cookie that is ours. */
  function readClient(ctx: PortalContext, share: PortalShare): string | null {
    for (const value of cookieValues(ctx, knownCookie)) {
      const match = /^([\w-]{22})\.([\w-]{43})$/.exec(value);
      if (!match) continue;
      const expected = Buffer.from(sign(share, match[1]!).toString('base64url'));
      if (timingSafeEqual(Buffer.from(match[2]!), expected)) return match[1]!;
    }
    return null;
  }

  return {
    clientOf(ctx) {
      const { share } = ctx.state;
      const client = readClient(ctx, share);
      if (client === null) return { digest: addressOf(ctx), isKnown: false };
      // Another digest than the address's own, whose attempts strangers behind it may use up.
      const own = createHmac('sha256', secrets.client).update(`known ${share.id} ${client}`);
      return { digest: own.digest('base64url').slice(0, 22), isKnown: true };
    },
    remember(ctx) {
      const { share } = ctx.state;
      const named = readClient(ctx, share) ?? addressOf(ctx);
      const value = `${named}.${sign(share, named).toString('base64url')}`;
      cookies.send(ctx, knownCookie, value, { seconds: lifeS });
    },
  };
}
