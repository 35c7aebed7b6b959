import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Context } from 'koa';
import type { PortalDeps, PortalShare } from '../source.ts';
import { comesFromLoopback } from './client-address.ts';

/** A client that entered the password. Moments are milliseconds since 1970 UTC. */
export interface PortalSession {
  id: string;
  startedAt: number;
  /** Of the last cookie that was sent. */
  seenAt: number;
}

export const sessionCookie = 'portal_session';
/** Without a page for so long, the password is asked again. */
export const idleMs = 2 * 3_600_000;
/** And after so long in any case. */
export const longestMs = 12 * 3_600_000;
const renewAfterMs = 5 * 60_000;
/** Languages whose paths get the cookie at once; all others get it by `resumeSession`. */
const mostPaths = 8;

export interface SessionCookies {
  start(): PortalSession;
  /** The session of a request; null if there is none, or it is over. */
  read(ctx: Context, share: PortalShare): PortalSession | null;
  isDue(session: PortalSession): boolean;
  /** Sends the cookie anew, for all paths of the share in `usualLocales`, this page's and the base. */
  send(ctx: Context, session: PortalSession): void;
  /** Ends a session: its cookies are cleared, and copies of them are refused. */
  end(ctx: Context, session: PortalSession): void;
  /** Locales under which a session is known without asking `resumeSession`. */
  usualLocales(share: PortalShare): string[];
}

/**
 * Session cookies of clients: signed, no state but the journal of ended sessions. The signature
 * covers the share and its password and session versions, so that changing the password or ending
 * all sessions ends each one at once. A cookie's path is the share's address; as the locale stands
 * first in it, the same cookie is sent for the share's address in each usual language, and for the
 * address without a locale, from where `resumeSession` hands it to any other language.
 */
export function createSessionCookies({
  clock,
  journal,
  log,
  secrets,
  texts,
  trustedHeader,
  publicUrl,
}: Pick<
  PortalDeps,
  'clock' | 'journal' | 'log' | 'secrets' | 'texts' | 'trustedHeader' | 'publicUrl'
>): SessionCookies {
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
    if (now() - seenAt >= idleMs || now() - startedAt >= longestMs) return true;
    return unsaved.has(id) || journal.isSessionEnded(digestOf(id));
  }

  function usualLocales(share: PortalShare): string[] {
    return [...new Set([share.options.locale, ...texts.keys()])].slice(0, mostPaths);
  }

  function set(ctx: Context, value: string | null): void {
    const { locale, share } = ctx.state as { locale: string; share: PortalShare };
    const base = basePath(ctx);
    const locales = new Set([...usualLocales(share), locale]);
    const secure = isHttps(ctx, trustedHeader(), publicUrl?.() ?? '');
    for (const path of [base, ...[...locales].map((code) => `/${code}${base}`)]) {
      const parts = [`${sessionCookie}=${value ?? ''}`, `Path=${path}`, 'HttpOnly', 'SameSite=Lax'];
      if (value === null) parts.push('Max-Age=0');
      if (secure) parts.push('Secure');
      ctx.append('Set-Cookie', parts.join('; '));
    }
  }

  return {
    usualLocales,
    start: () => ({ id: randomBytes(16).toString('base64url'), startedAt: now(), seenAt: now() }),
    read(ctx, share) {
      const value = ctx.cookies.get(sessionCookie);
      const session = value === undefined ? null : decode(value, share);
      return session === null || isOver(session) ? null : session;
    },
    isDue: ({ seenAt }) => now() - seenAt >= renewAfterMs,
    send(ctx, session) {
      set(ctx, encode({ ...session, seenAt: now() }, (ctx.state as { share: PortalShare }).share));
    },
    end(ctx, session) {
      const { id, startedAt } = session;
      unsaved.add(id);
      journal.endSession(digestOf(id), startedAt + longestMs).then(
        () => unsaved.delete(id),
        // It stays ended as long as the program runs.
        (error: unknown) => log.error('an ended session could not be stored', error),
      );
      set(ctx, null);
    },
  };
}

const digestOf = (sessionId: string): Buffer => createHash('sha256').update(sessionId).digest();

/** `/auth/customer-portal/{key}`: what all addresses of a share have in common. */
export function basePath(ctx: Context): string {
  const { key } = ctx.params as { key: string };
  return `/auth/customer-portal/${encodeURIComponent(key)}`;
}

/**
 * Whether the client came by https: to us, or to a hop on this computer that says so, or by the
 * public address that the owner entered. Saying so wrongly costs only the client its own session.
 */
function isHttps(ctx: Context, trustedHeader: string, publicUrl: string): boolean {
  if (ctx.secure) return true;
  const isPublicHost =
    URL.canParse(publicUrl) &&
    new URL(publicUrl).protocol === 'https:' &&
    new URL(publicUrl).host === ctx.get('Host').toLowerCase();
  if (isPublicHost) return true;
  const isForwarded = trustedHeader === '' || ctx.get(trustedHeader) !== '';
  return (
    isForwarded &&
    comesFromLoopback(ctx.req) &&
    ctx.get('X-Forwarded-Proto').split(',').at(-1)?.trim().toLowerCase() === 'https'
  );
}
