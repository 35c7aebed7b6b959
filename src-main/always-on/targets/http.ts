import { SaxesParser } from 'saxes';
import { AppError } from '../../../src-shared/errors.ts';
import { unreachable } from './network-errors.ts';

// eslint-disable-next-line no-restricted-syntax -- HTTP's word, not SQL's
export const httpDelete = 'DELETE';

const timeoutMs = 30_000;
/** A listing of some ten thousand files. */
const maxAnswerBytes = 16 * 2 ** 20;

export interface HttpAnswer {
  status: number;
  headers: Headers;
  bytes: Uint8Array;
}

/** One request; redirects are not followed. Throws `target_unreachable`, `target_certificate`. */
export async function request(url: string, init: RequestInit = {}): Promise<HttpAnswer> {
  try {
    const options = { redirect: 'manual' as const, signal: AbortSignal.timeout(timeoutMs) };
    const response = await fetch(url, { ...options, ...init });
    return {
      status: response.status,
      headers: response.headers,
      bytes: await readBody(response),
    };
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw unreachable(new URL(url).host, error);
  }
}

async function readBody(response: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > maxAnswerBytes) throw new AppError('target_failed');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** What servers mean by their status; for the ones that a method does not expect. */
export function failureOf(status: number): AppError {
  if (status === 401) return new AppError('target_credentials');
  if (status === 403 || status === 405) return new AppError('target_not_writable');
  if (status === 404 || status === 409) return new AppError('target_folder_missing');
  if (status === 507 || status === 413) return new AppError('target_full');
  return new AppError('target_failed', { status });
}

/** The texts of all elements of a name in an XML answer, whatever their namespace. */
export function elementTexts(xml: Uint8Array, name: string): string[] {
  const found: string[] = [];
  const parser = new SaxesParser({ xmlns: true });
  let text: string | null = null;
  parser.on('error', (error) => {
    throw new AppError('target_failed', {}, { cause: error });
  });
  parser.on('opentag', (tag) => {
    if (tag.local === name) text = '';
  });
  parser.on('text', (part) => {
    if (text !== null) text += part;
  });
  parser.on('closetag', (tag) => {
    if (tag.local !== name || text === null) return;
    found.push(text);
    text = null;
  });
  parser.write(new TextDecoder().decode(xml)).close();
  return found;
}
