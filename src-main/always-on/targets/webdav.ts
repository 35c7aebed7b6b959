import type { TargetConfig, TargetCredentials } from '../../../src-shared/contract/always-on.ts';
import { withoutLastSlash } from '../../../src-shared/domain/public-url.ts';
import { AppError } from '../../../src-shared/errors.ts';
import { elementTexts, failureOf, httpDelete, request, type HttpAnswer } from './http.ts';
import { contentTypeOf, foldersAbove, publicAddress, type Target } from './target.ts';

type WebdavConfig = Extract<TargetConfig, { kind: 'webdav' }>;

/** WebDAV with plain requests, as Nextcloud and many hosters offer it. */
export function createWebdavTarget(config: WebdavConfig, { secret }: TargetCredentials): Target {
  const credentials = Buffer.from(`${config.user}:${secret}`).toString('base64');
  const known = new Set<string>();

  const ask = (
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body?: Uint8Array | string,
  ): Promise<HttpAnswer> =>
    request(publicAddress(config.url, path), {
      method,
      headers: { Authorization: `Basic ${credentials}`, ...headers },
      ...(body === undefined ? {} : { body: body as BodyInit }),
    });

  async function makeFolders(path: string): Promise<void> {
    for (const folder of foldersAbove(path)) {
      if (known.has(folder)) continue;
      const { status } = await ask('MKCOL', `${folder}/`);
      // 405: it is there.
      if (status !== 201 && status !== 405 && status !== 301) throw failureOf(status);
      known.add(folder);
    }
  }

  return {
    parallel: 6,
    async list(folder) {
      const { status, bytes } = await ask('PROPFIND', folder === '' ? '' : `${folder}/`, {
        Depth: '1',
      });
      if (status === 404) return [];
      if (status !== 207) throw failureOf(status);
      const address = publicAddress(config.url, folder);
      const pathOf = (href: string): string => withoutLastSlash(new URL(href, address).pathname);
      const own = pathOf(address);
      return elementTexts(bytes, 'href')
        .map(pathOf)
        .filter((path) => path !== own)
        .map((path) => decodeURIComponent(path.slice(path.lastIndexOf('/') + 1)));
    },
    async put(path, bytes) {
      await makeFolders(path);
      const { status } = await ask('PUT', path, { 'Content-Type': contentTypeOf(path) }, bytes);
      if (![200, 201, 204].includes(status)) throw failureOf(status);
    },
    async remove(path) {
      const { status } = await ask(httpDelete, path);
      if (![200, 202, 204, 404].includes(status)) throw failureOf(status);
    },
    async removeFolder(folder) {
      // DELETE takes everything below along, so a folder that is not empty is left alone.
      known.delete(folder);
      if ((await this.list(folder)).length > 0) return;
      const { status } = await ask(httpDelete, `${folder}/`);
      if (![200, 202, 204, 404].includes(status)) {
        if (status === 403) throw new AppError('target_not_writable');
        throw failureOf(status);
      }
    },
    hostKey: () => '',
    close: () => Promise.resolve(),
  };
}
