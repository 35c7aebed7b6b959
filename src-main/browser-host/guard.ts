import type { IncomingMessage } from 'node:http';

/** Why a request is refused before anything looks at it; null: it may go on. */
export type Refusal = { status: number; reason: string } | null;

const refuse = (status: number, reason: string): Refusal => ({ status, reason });

/**
 * The names under which this listener may be called: a page that points its own name at
 * 127.0.0.1 (DNS rebinding) sends its own name here.
 */
export function checkHost({ headers, socket }: IncomingMessage): Refusal {
  // Browsers leave out the port that http has anyway.
  const port = socket.localPort === 80 ? '' : `:${socket.localPort}`;
  const known = [`127.0.0.1${port}`, `localhost${port}`].includes(headers.host ?? '');
  return known ? null : refuse(421, 'unknown host name');
}

/**
 * Whether a call comes from our own page. A page of another origin can send forms and simple
 * requests without asking, but neither JSON nor a header of its own, and the browser states
 * its origin (`null` for files and sandboxed frames).
 */
export function checkCall(request: IncomingMessage): Refusal {
  const { headers, method } = request;
  if (method !== 'POST') return refuse(405, 'POST only');
  if (headers.origin !== ownOrigin(request)) return refuse(403, 'foreign origin');
  if (!sameOriginFetch(request)) return refuse(403, 'foreign site');
  if (headers['x-customer-portal'] !== '1') return refuse(403, 'header missing');
  if (headers['content-type'] !== 'application/json') return refuse(415, 'JSON only');
  return null;
}

/** Browsers state no origin on a GET to the own origin, but always on one to another. */
export function checkEvents(request: IncomingMessage): Refusal {
  const { headers, method } = request;
  if (method !== 'GET') return refuse(405, 'GET only');
  if (headers.origin !== undefined && headers.origin !== ownOrigin(request)) {
    return refuse(403, 'foreign origin');
  }
  return sameOriginFetch(request) ? null : refuse(403, 'foreign site');
}

/** Call after `checkHost`: the host name is one of ours. */
const ownOrigin = ({ headers }: IncomingMessage): string => `http://${headers.host}`;

/** Every current browser sends the header; other tools must have the cookie all the same. */
const sameOriginFetch = ({ headers }: IncomingMessage): boolean =>
  [undefined, 'same-origin'].includes(headers['sec-fetch-site'] as string | undefined);
