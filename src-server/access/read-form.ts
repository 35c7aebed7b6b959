import type { IncomingMessage } from 'node:http';
import { AppError } from '../../src-shared/errors.ts';

/** A form with one password needs no more; 1024 characters may be 12 KB when encoded. */
const maxFormBytes = 16_384;

/** The fields of a posted form. Throws `invalid_input` for a body that is too long or was cut off. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxFormBytes) throw new AppError('invalid_input', { field: 'password' });
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('invalid_input', { field: 'password' }, { cause: error });
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}
