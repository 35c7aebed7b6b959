import { setTimeout as sleep } from 'node:timers/promises';
import { AwsV4Signer } from 'aws4fetch';
import type { TargetConfig, TargetCredentials } from '../../../src-shared/contract/always-on.ts';
import { AppError } from '../../../src-shared/errors.ts';
import { elementTexts, failureOf, httpDelete, request, type HttpAnswer } from './http.ts';
import { contentTypeOf, joinPath, publicAddress, type Target } from './target.ts';

type S3Config = Extract<TargetConfig, { kind: 's3' }>;

const credentialCodes = [
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'AuthorizationHeaderMalformed',
];
const retryAfterMs = [100, 400];
/** Names that end so are written over; all others are written once. */
const changing = /(^|\/)(manifest|index\.html)$/;

/** S3 and what speaks like it (R2, B2, Hetzner, MinIO), by path: `endpoint/bucket/key`. */
export function createS3Target(config: S3Config, { secret }: TargetCredentials): Target {
  const base = publicAddress(config.endpoint, config.bucket);
  const keyOf = (path: string): string => joinPath(config.folder.replace(/^\/+/, ''), path);

  /** Services of this kind ask for a second try when they are busy. */
  async function ask(...asked: Parameters<typeof askOnce>): Promise<HttpAnswer> {
    for (const waitMs of retryAfterMs) {
      const answer = await askOnce(...asked);
      if (answer.status < 500) return answer;
      await sleep(waitMs);
    }
    return askOnce(...asked);
  }

  async function askOnce(
    method: string,
    url: string,
    { headers = {}, body }: { headers?: Record<string, string>; body?: Uint8Array } = {},
  ): Promise<HttpAnswer> {
    const signer = new AwsV4Signer({
      method,
      url,
      headers,
      ...(body === undefined ? {} : { body: body as unknown as ArrayBuffer }),
      accessKeyId: config.accessKeyId,
      secretAccessKey: secret,
      service: 's3',
      region: config.region,
    });
    const signed = await signer.sign();
    return request(signed.url.toString(), {
      method,
      headers: signed.headers,
      ...(body === undefined ? {} : { body: body as unknown as ArrayBuffer }),
    });
  }

  function failed({ status, bytes }: HttpAnswer): AppError {
    const [code = ''] = bytes.length > 0 ? codesOf(bytes) : [];
    if (credentialCodes.includes(code)) return new AppError('target_credentials');
    if (code === 'NoSuchBucket') return new AppError('target_folder_missing');
    return failureOf(status);
  }

  const urlOf = (path: string): string => publicAddress(base, keyOf(path));

  return {
    parallel: 8,
    async list(folder) {
      const prefix = folder === '' && config.folder === '' ? '' : `${keyOf(folder)}/`;
      const names: string[] = [];
      let next: string | undefined;
      do {
        const query = new URLSearchParams({ 'list-type': '2', prefix });
        if (next !== undefined) query.set('continuation-token', next);
        const answer = await ask('GET', `${base}?${query.toString()}`);
        if (answer.status !== 200) throw failed(answer);
        for (const key of elementTexts(answer.bytes, 'Key')) names.push(key.slice(prefix.length));
        [next] = elementTexts(answer.bytes, 'NextContinuationToken');
      } while (next !== undefined);
      return names.filter((name) => name !== '' && !name.includes('/'));
    },
    async put(path, bytes) {
      const headers = {
        'Content-Type': contentTypeOf(path),
        'Cache-Control': changing.test(path) ? 'no-cache' : 'public, max-age=31536000, immutable',
      };
      const answer = await ask('PUT', urlOf(path), { headers, body: bytes });
      if (answer.status !== 200) throw failed(answer);
    },
    async remove(path) {
      const answer = await ask(httpDelete, urlOf(path));
      if (![200, 204, 404].includes(answer.status)) throw failed(answer);
    },
    // There are no folders, only names with slashes.
    removeFolder: () => Promise.resolve(),
    hostKey: () => '',
    close: () => Promise.resolve(),
  };
}

/** Errors are XML, but what stands in front of the service may answer anything. */
function codesOf(bytes: Uint8Array): string[] {
  try {
    return elementTexts(bytes, 'Code');
  } catch {
    return [];
  }
}
