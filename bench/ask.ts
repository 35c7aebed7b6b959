import { request, type IncomingHttpHeaders, type RequestOptions } from 'node:http';

export interface Answer {
  status: number;
  /** From the request to the last byte. */
  ms: number;
  bytes: number;
  headers: IncomingHttpHeaders;
}

/**
 * Asks and reads the whole answer. A server ends connections that wait, sometimes just when a
 * request takes one again: then it is asked once more. Throws if a connection that is new is reset.
 */
export function ask(url: string, options: RequestOptions = {}, body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const sent = request(url, options, (response) => {
      let bytes = 0;
      response.on('data', (part: Buffer) => (bytes += part.length));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode!,
          ms: performance.now() - start,
          bytes,
          headers: response.headers,
        }),
      );
    });
    sent.on('error', (error: NodeJS.ErrnoException) => {
      const wasEnded = sent.reusedSocket && error.code === 'ECONNRESET';
      if (wasEnded) resolve(ask(url, options, body));
      else reject(error);
    });
    sent.end(body);
  });
}
