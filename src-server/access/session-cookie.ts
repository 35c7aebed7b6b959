import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { PortalContext } from '../context.ts';
import type { PortalDeps, PortalShare } from '../source.ts';
import { cookieValues, type ShareCookies } from './share-cookies.ts';

/** A client that entered the password. Moments are milliseconds since 1970 UTC. */
export interface PortalSession {
  id: string;
  startedAt: number;
  /** Of the last cookie that was sent. */
  seenAt: number;
}

export const sessionCookie = 'portal_session';
/** After this long without a page the password is asked again. */
export const idleMs = 2 * 3_600_000;
/** After this long the password is asked again in any case. */
export const maxSessionMs = 12 * 3_600_000;
const renewAfterMs = 5 * 60_000;

export interface SessionCookies {
  start(): PortalSession;
  /** The session of a request; null if there is none, or it is over. */
  read(ctx: PortalContext, share: PortalShare): PortalSession | null;
  isDue(session: PortalSession): boolean;
  /** Sends the cookie anew. */
  send(ctx: PortalContext, session: PortalSession): void;
  /** Ends a session: its cookies are cleared, and copies of them are refused. */
  end(ctx: PortalContext, session: PortalSession): void;
}

/**
 * Session cookies of clients: signed, no state but the journal of ended sessions. The signature
 * covers the share and its password and session versions, so that changing the password or ending
 * all sessions ends each one at once.
 */
export function createSessionCookies(
  { clock, journal, log, secrets }: Pick<PortalDeps, 'clock' | 'journal' | 'log' | 'secrets'>,
  cookies: Pick<ShareCookies, 'send'>,
): SessionCookies {
  /** Ended sessions on their way into the journal, which may have to wait for an import. */
  const unsaved = new Set<string>();
  const now = (): number => clock.now().getTime();

  function sign(share: PortalShare, payload: string): Buffer {
    const { id, passwordVersion, sessionVersion } = share;
    return createHmac('sha256', secrets.cookie)
      .update(`portal session ${id} ${passwordVersion} ${sessionVersion} ${payload}`)
      .digest();
  }

  function encode(session: PortalSession, share: PortalShare): string {
    const payload = `${session.id}.${session.startedAt}.${session.seenAt}`;
    return `${payload}.${sign(share, payload).toString('base64url')}`;
  }

  function decode(value: string, share: PortalShare): PortalSession | null {
    const match = /^([\w-]{22}\.(\d{1,15})\.(\d{1,15}))\.([\w-]{43})$/.exec(value);
    if (!match) return null;
    // As text: base64url leaves two bits of its last letter unused, so bytes have four spellings.
    const expected = Buffer.from(sign(share, match[1]!).toString('base64url'));
    if (!timingSafeEqual(Buffer.from(match[4]!), expected)) return null;
    const id = match[1]!.slice(0, 22);
    return { id, startedAt: Number(match[2]), seenAt: Number(match[3]) };
  }

  function isOver({ id, startedAt, seenAt }: PortalSession): boolean {
    // Either way: a clock that was set back must not make a session longer.
    if (Math.abs(now() - seenAt) >= idleMs || now() - startedAt >= maxSessionMs) return true;
    return unsaved.has(id) || journal.isSessionEnded(digestOf(id));
  }

  return {
    start: () => ({ id: randomBytes(16).toString('base64url'), startedAt: now(), seenAt: now() }),
    read(ctx, share) {
      for (const value of cookieValues(ctx, sessionCookie)) {
        const session = decode(value, share);
        if (session !== null && !isOver(session)) return session;
      }
      return null;
    },
    isDue: ({ seenAt }) => now() - seenAt >= renewAfterMs,
    send(ctx, session) {
      const { share } = ctx.state;
      cookies.send(ctx, sessionCookie, encode({ ...session, seenAt: now() }, share), 'session');
    },
    end(ctx, session) {
      const { id, startedAt } = session;
      unsaved.add(id);
      journal.endSession(digestOf(id), startedAt + maxSessionMs).then(
        () => unsaved.delete(id),
        // It stays ended as long as the program runs.
        (error: unknown) => log.error('an ended session could not be stored', error),
      );
      cookies.send(ctx, sessionCookie, '', 'ended');
    },
  };
}

const digestOf = (sessionId: string): Buffer => createHash('sha256').update(sessionId).digest();
