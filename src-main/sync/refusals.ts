/**
 * What an answer that is no data means (measured on Kimai 2.14 to 2.66, docs/kimai-sync.md).
 */
import { AppError } from '../../src-shared/errors.ts';
import type { Answer } from './connection.ts';

/** Seconds that a server wants us to wait, by its `Retry-After`; undefined: it does not say. */
export function retryAfterS(
  { headers }: Pick<Answer, 'headers'>,
  nowMs: number,
): number | undefined {
  const text = headers['retry-after'];
  if (text === undefined) return undefined;
  const seconds = /^\d{1,9}$/.test(text.trim()) ? Number(text) : (Date.parse(text) - nowMs) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined;
}

export const isJson = ({ headers }: Answer): boolean =>
  /^application\/(?:[\w.+-]+\+)?json\b/i.test(headers['content-type'] ?? '');

/** Null: the answer is what it should be. `url`: what was asked for. */
export function refusalOf(answer: Answer, url: URL, nowMs: number): AppError | null {
  const { status } = answer;
  const host = url.host;
  if (status >= 200 && status < 300) {
    // A login page in front of Kimai, or another site.
    return isJson(answer) || answer.body.length === 0 ? null : new AppError('kimai_page', { host });
  }
  if (status >= 300 && status < 400) return redirected(answer, url);
  if (status === 401) {
    // Of a wrong token Kimai says nothing; without a header it says so in JSON.
    if (answer.body.length === 0) return new AppError('kimai_token', { host });
    return new AppError(isJson(answer) ? 'kimai_token_missing' : 'kimai_login', { host });
  }
  if (status === 403) return new AppError('kimai_forbidden', { host });
  if (status === 404) {
    return new AppError(isJson(answer) ? 'kimai_not_found' : 'kimai_path', { host });
  }
  if (status === 429) {
    return new AppError('kimai_busy', { host, seconds: retryAfterS(answer, nowMs) ?? 0 });
  }
  if (status === 500) return new AppError('kimai_failed', { host });
  if (status > 500) {
    return new AppError('kimai_down', { host, seconds: retryAfterS(answer, nowMs) ?? 0 });
  }
  return new AppError('kimai_refused', { host, status });
}

/** The new address is only offered: a token is never sent on by itself. */
function redirected({ headers }: Answer, url: URL): AppError {
  const { host } = url;
  let to: URL;
  try {
    to = new URL(headers.location ?? '', url);
  } catch {
    return new AppError('kimai_login', { host });
  }
  // The same path elsewhere, or over https, is a move; anything else is a login page.
  const isMove = to.pathname === url.pathname && to.origin !== url.origin;
  return isMove && /^https?:$/.test(to.protocol)
    ? new AppError('kimai_moved', { host, address: to.origin })
    : new AppError('kimai_login', { host });
}
