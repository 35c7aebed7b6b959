import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../clock.ts';

/**
 * Who may use the owner's app in a browser: whoever opened the one-time address. Tokens and
 * sessions live in memory only: a new start needs a new address.
 */
export interface SignIn {
  /** A token that works once, for 10 minutes; one issued before it no longer works. */
  issue(): string;
  /** Exchanges the token for a cookie value; null if it is not the present one. */
  redeem(token: string): string | null;
  /** The session of a `Cookie` header; null if there is none. Never the cookie itself. */
  sessionOf(cookieHeader: string | undefined, port: number): string | null;
}

/** Browsers keep cookies per host, not per port: the name keeps two programs apart. */
export const cookieName = (port: number): string => `customer-portal-${port}`;

const maxSessions = 50;
export const tokenLifeMs = 10 * 60_000;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const random = (): string => randomBytes(32).toString('base64url');

export function createSignIn(clock: Clock): SignIn {
  let pending: { digest: Buffer; until: number } | null = null;
  /** Digest of the cookie's value, oldest first. */
  const sessions = new Set<string>();
  return {
    issue() {
      const token = random();
      pending = { digest: digest(token), until: clock.now().getTime() + tokenLifeMs };
      return token;
    },
    redeem(token) {
      if (pending === null || !timingSafeEqual(digest(token), pending.digest)) return null;
      const isOver = clock.now().getTime() >= pending.until;
      pending = null;
      if (isOver) return null;
      const cookie = random();
      sessions.add(digest(cookie).toString('hex'));
      const [oldest] = sessions;
      if (sessions.size > maxSessions && oldest !== undefined) sessions.delete(oldest);
      return cookie;
    },
    sessionOf(cookieHeader, port) {
      for (const pair of (cookieHeader ?? '').split(';')) {
        const [name, value = ''] = pair.trim().split('=');
        if (name !== cookieName(port)) continue;
        const session = digest(value).toString('hex');
        if (sessions.has(session)) return session;
      }
      return null;
    },
  };
}
