import type { IncomingMessage } from 'node:http';

/** Room for one part of an upload (1 MiB as base64) and what is around it. */
const maxBytes = 2 * 1024 * 1024;

/** The request's body as JSON; null if it is too large or no JSON. */
export async function readJsonBody(request: IncomingMessage): Promise<{ body: unknown } | null> {
  const parts: Buffer[] = [];
  let size = 0;
  // Kept open on an early end, so that the refusal can still be answered.
  for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > maxBytes) return null;
    parts.push(part);
  }
  try {
    return { body: JSON.parse(Buffer.concat(parts).toString('utf8')) as unknown };
  } catch {
    return null;
  }
}
