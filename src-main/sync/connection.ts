/**
 * One connection to one web server, for reading only. It knows nothing of Kimai. A token goes to
 * the origin that it was given for and to no other: redirects are answers, and are not followed.
 */
import { Agent as HttpAgent, request as requestHttp, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { AppError } from '../../src-shared/errors.ts';

/** A page of 500 whole records is 0.7 MB; descriptions may be long. */
const maxAnswerBytes = 64 * 2 ** 20;
/** Of one answer, from the first byte sent to the last one received. */
const answerTimeoutMs = 60_000;

export interface Answer {
  status: number;
  /** Lower-case names. */
  headers: Readonly<Record<string, string | undefined>>;
  body: Buffer;
}

export interface Traffic {
  requests: number;
  /** Received, as they went over the wire, without headers. */
  bytes: number;
}

export class Connection {
  readonly #base: URL;
  readonly #token: string;
  readonly #userAgent: string;
  readonly #agent: HttpAgent;
  readonly #timeoutMs: number;
  readonly traffic: Traffic = { requests: 0, bytes: 0 };
  #abort = new AbortController();

  /** `base`: of `mendAddress`. Only tests have another limit of time. */
  constructor(base: string, token: string, userAgent: string, timeoutMs = answerTimeoutMs) {
    this.#base = new URL(`${base}/`);
    this.#token = token;
    this.#userAgent = userAgent;
    this.#timeoutMs = timeoutMs;
    const options = { keepAlive: true, maxSockets: 1 };
    this.#agent =
      this.#base.protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options);
  }

  get host(): string {
    return this.#base.host;
  }

  /**
   * Reads what is at a path below the base, such as `api/version`. Throws `kimai_unreachable`,
   * `kimai_certificate`, `kimai_timeout`, `kimai_answer_too_large`, `kimai_cancelled`.
   */
  async read(path: string): Promise<Answer> {
    const url = new URL(path, this.#base);
    if (url.origin !== this.#base.origin) throw new Error('a path must not lead elsewhere');
    const { signal } = this.#abort;
    if (signal.aborted) throw new AppError('kimai_cancelled');
    const limit = AbortSignal.timeout(this.#timeoutMs);
    this.traffic.requests++;
    try {
      return await this.#exchange(url, AbortSignal.any([signal, limit]));
    } catch (error) {
      if (error instanceof AppError) throw error;
      if (signal.aborted) throw new AppError('kimai_cancelled');
      // The cause could quote what was sent: it does not leave this room.
      const host = this.host;
      if (limit.aborted) throw new AppError('kimai_timeout', { host });
      const code = certificateCodes.test(codeOf(error)) ? 'kimai_certificate' : 'kimai_unreachable';
      throw new AppError(code, { host });
    }
  }

  /** Reading only: there is no way to send anything else. */
  #exchange(url: URL, signal: AbortSignal): Promise<Answer> {
    const request = url.protocol === 'https:' ? requestHttps : requestHttp;
    return new Promise((resolve, reject) => {
      const sent = request(url, {
        method: 'GET',
        agent: this.#agent,
        signal,
        headers: {
          accept: 'application/json',
          'accept-encoding': 'gzip, deflate, br',
          'user-agent': this.#userAgent,
          // Kimai wants exactly this spelling.
          authorization: `Bearer ${this.#token}`,
        },
      });
      sent.on('error', reject);
      sent.on('response', (response) => {
        this.#collect(response).then(
          (body) => {
            resolve({ status: response.statusCode ?? 0, headers: flat(response), body });
          },
          (error: unknown) => {
            sent.destroy();
            reject(error as Error);
          },
        );
      });
      sent.end();
    });
  }

  async #collect(response: IncomingMessage): Promise<Buffer> {
    response.on('data', (part: Buffer) => (this.traffic.bytes += part.length));
    const decoder = decoderOf(response.headers['content-encoding']);
    const plain = decoder ? response.pipe(decoder) : response;
    if (decoder) response.on('error', (error) => decoder.destroy(error));
    const parts: Buffer[] = [];
    let size = 0;
    for await (const part of plain as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > maxAnswerBytes) {
        throw new AppError('kimai_answer_too_large', { host: this.host });
      }
      parts.push(part);
    }
    return Buffer.concat(parts);
  }

  /** Ends what is under way; nothing can be read any more. */
  close(): void {
    this.#abort.abort();
    this.#agent.destroy();
  }
}

function decoderOf(encoding: string | undefined) {
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip();
  if (encoding === 'deflate') return createInflate();
  if (encoding === 'br') return createBrotliDecompress();
  return null;
}

const flat = ({ headers }: IncomingMessage): Answer['headers'] =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );

const certificateCodes =
  /^(?:ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|HOSTNAME_MISMATCH|INVALID_CA|EPROTO)/;

function codeOf(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code } = at as NodeJS.ErrnoException;
    if (typeof code === 'string') return code;
  }
  return '';
}
