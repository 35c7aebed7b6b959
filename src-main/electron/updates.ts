import { z } from 'zod';
import { isOlder } from '../program/running.ts';

/** What GitHub and Forgejo answer about the newest release; only its number counts here. */
const releaseSchema = z.object({ tag_name: z.string().regex(/^v?\d{1,5}\.\d{1,5}\.\d{1,5}$/) });

const answerMs = 20_000;
const maxBytes = 1024 * 1024;
export const checkEveryMs = 24 * 60 * 60_000;

/**
 * The number of a newer version, if the address of the releases names one; null otherwise, and
 * where it does not answer. Nothing is sent but the request itself.
 */
export async function findNewerVersion(
  fetchPage: (url: string, init: RequestInit) => Promise<Response>,
  releasesUrl: string,
  version: string,
): Promise<string | null> {
  try {
    const signal = AbortSignal.timeout(answerMs);
    const response = await fetchPage(releasesUrl, { credentials: 'omit', signal });
    if (!response.ok || response.body === null) return null;
    const parts: Uint8Array[] = [];
    let bytes = 0;
    for await (const part of response.body) {
      bytes += part.length;
      if (bytes > maxBytes) return null;
      parts.push(part);
    }
    const release = releaseSchema.parse(JSON.parse(Buffer.concat(parts).toString('utf8')));
    const newest = release.tag_name.replace(/^v/, '');
    return isOlder(version, newest) ? newest : null;
  } catch {
    // Offline, or something else answers there: the next day asks again.
    return null;
  }
}
