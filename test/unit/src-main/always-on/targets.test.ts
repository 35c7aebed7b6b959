import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkTarget } from '../../../../src-main/always-on/targets/check.ts';
import { publicAddress, type Target } from '../../../../src-main/always-on/targets/target.ts';
import { createTarget } from '../../../../src-main/always-on/targets/targets.ts';
import { targetConfig } from '../../../../src-shared/contract/always-on.ts';
import { AppError } from '../../../../src-shared/errors.ts';
import { findFreePort } from '../../../support/free-port.ts';
import { missingServers, startWebSpace, type WebSpace } from '../../../support/web-space.ts';

let space: WebSpace;
const open: Target[] = [];

/** Shown as skipped where these servers are not installed; .ci/run installs them. */
const isSkipped = missingServers.length > 0;

beforeAll(async () => {
  if (isSkipped) return;
  space = await startWebSpace();
  mkdirSync(join(space.files, 'clients'));
});
afterAll(async () => {
  for (const target of open) await target.close();
  if (!isSkipped) await space.close();
});

type Kind = 'folder' | 'sftp' | 'webdav' | 'ftps' | 's3';
const kinds: Kind[] = ['folder', 'sftp', 'webdav', 'ftps', 's3'];
const noCredentials = { secret: '', privateKey: '' };

/** A target on the web space's folder `clients`; `change` puts something wrong into it. */
function targetOf(
  kind: Kind,
  change: Record<string, unknown> = {},
  credentials: { secret?: string; privateKey?: string } = {},
): Target {
  const publicUrl = publicUrlOf(kind);
  const { sftp, ftps, webdav, s3 } = space;
  const { config, ...own } = {
    folder: { config: { folder: join(space.files, 'clients') } },
    sftp: {
      config: { host: '127.0.0.1', port: sftp.port, user: sftp.user },
      privateKey: sftp.privateKey,
    },
    webdav: {
      config: { url: `${webdav.url}/clients`, user: webdav.user },
      secret: webdav.password,
    },
    ftps: {
      config: { host: ftps.trustedHost, port: ftps.port, user: ftps.user, folder: 'clients' },
      secret: ftps.password,
    },
    s3: {
      config: { endpoint: s3.endpoint, bucket: s3.bucket, accessKeyId: s3.accessKeyId },
      secret: s3.secret,
    },
  }[kind];
  const folder = kind === 'sftp' ? { folder: join(space.files, 'clients') } : {};
  const target = createTarget(
    targetConfig.parse({ kind, publicUrl, ...folder, ...config, ...change }),
    { ...noCredentials, ...own, ...credentials },
  );
  open.push(target);
  return target;
}

const publicUrlOf = (kind: Kind): string =>
  kind === 's3' ? `${space.s3.endpoint}/${space.s3.bucket}` : `${space.url}/clients`;

async function codeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'ok';
}

const checked = (target: Target, publicUrl = `${space.url}/clients`): Promise<string> =>
  codeOf(() => checkTarget(target, publicUrl));

describe.skipIf(isSkipped).each(kinds)('%s', (kind) => {
  it('writes, replaces, lists and removes files, and serves them under the public address', async () => {
    const target = targetOf(kind);
    const path = `data/${kind}/manifest`;
    expect(await target.list(`data/${kind}`)).toEqual([]);
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 251));
    await target.put(path, Buffer.from('old'));
    await target.put(path, bytes);
    await target.put(`data/${kind}/deep/er/ä b.html`, Buffer.from('<p>'));
    expect((await target.list(`data/${kind}`)).filter((name) => name !== 'deep')).toEqual([
      'manifest',
    ]);
    const answer = await fetch(publicAddress(publicUrlOf(kind), path));
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
    const page = await fetch(publicAddress(publicUrlOf(kind), `data/${kind}/deep/er/ä b.html`));
    expect(await page.text()).toBe('<p>');

    await target.remove(path);
    await target.remove(path);
    await target.remove(`data/${kind}/deep/er/ä b.html`);
    expect(await target.list(`data/${kind}`)).not.toContain('manifest');
    for (const folder of ['deep/er', 'deep', '']) {
      await target.removeFolder(`data/${kind}/${folder}`.replace(/\/$/, ''));
    }
    expect(existsSync(join(space.files, 'clients/data', kind))).toBe(false);
    await target.removeFolder('data/not-there');
  });

  it('writes as many files at once as it says', async () => {
    const target = targetOf(kind);
    const names = Array.from({ length: 4 * target.parallel }, (_, index) => `file-${index}`);
    for (let start = 0; start < names.length; start += target.parallel) {
      const some = names.slice(start, start + target.parallel);
      await Promise.all(some.map((name) => target.put(`many/${name}`, Buffer.from(name))));
    }
    expect((await target.list('many')).toSorted()).toEqual(names.toSorted());
    for (const name of names) await target.remove(`many/${name}`);
  });

  it('is checked by what clients will do, and leaves nothing behind', async () => {
    const target = targetOf(kind);
    expect(await checked(target, publicUrlOf(kind))).toBe('ok');
    expect((await target.list('')).filter((name) => name.startsWith('check'))).toEqual([]);
  });
});

describe.skipIf(isSkipped)('what check tells apart', () => {
  it('wrong credentials', async () => {
    const wrong = { secret: 'wrong' };
    const other = readFileSync(join(space.files, '../host-key'), 'utf8');
    expect(await checked(targetOf('webdav', {}, wrong))).toBe('target_credentials');
    expect(await checked(targetOf('ftps', {}, wrong))).toBe('target_credentials');
    const { wrongSecretEndpoint } = space.s3;
    expect(await checked(targetOf('s3', { endpoint: wrongSecretEndpoint }))).toBe(
      'target_credentials',
    );
    expect(await checked(targetOf('s3', { accessKeyId: 'NOBODY' }))).toBe('target_credentials');
    expect(await checked(targetOf('sftp', {}, { privateKey: other }))).toBe('target_credentials');
    expect(await checked(targetOf('sftp', {}, { privateKey: 'no key' }))).toBe(
      'target_credentials',
    );
    expect(await checked(targetOf('sftp', {}, { privateKey: '', ...wrong }))).toBe(
      'target_credentials',
    );
  });

  it('no right to write', async () => {
    const { sftp, ftps, webdav, s3 } = space;
    expect(await checked(targetOf('folder', { folder: '/sys' }))).toBe('target_not_writable');
    expect(await checked(targetOf('sftp', { port: sftp.readOnlyPort }))).toBe(
      'target_not_writable',
    );
    expect(await checked(targetOf('webdav', { url: `${webdav.readOnlyUrl}/clients` }))).toBe(
      'target_not_writable',
    );
    expect(await checked(targetOf('ftps', { port: ftps.readOnlyPort }))).toBe(
      'target_not_writable',
    );
    expect(await checked(targetOf('s3', { endpoint: s3.readOnlyEndpoint }))).toBe(
      'target_not_writable',
    );
  });

  it('a wrong folder, which is not created', async () => {
    const missing = join(space.files, 'missing');
    expect(await checked(targetOf('folder', { folder: missing }))).toBe('target_folder_missing');
    expect(await checked(targetOf('folder', { folder: 'relative' }))).toBe('target_folder_missing');
    expect(await checked(targetOf('sftp', { folder: missing }))).toBe('target_folder_missing');
    expect(await checked(targetOf('webdav', { url: `${space.webdav.url}/missing` }))).toBe(
      'target_folder_missing',
    );
    expect(await checked(targetOf('ftps', { folder: 'missing' }))).toBe('target_folder_missing');
    expect(await checked(targetOf('s3', { bucket: 'missing' }))).toBe('target_folder_missing');
    expect(readdirSync(space.files)).toEqual(['clients']);
  });

  it('a server that does not answer, and a certificate that does not fit', async () => {
    const port = await findFreePort();
    const nobody = `http://127.0.0.1:${port}`;
    expect(await checked(targetOf('sftp', { port }))).toBe('target_unreachable');
    expect(await checked(targetOf('webdav', { url: nobody }))).toBe('target_unreachable');
    expect(await checked(targetOf('ftps', { port }))).toBe('target_unreachable');
    expect(await checked(targetOf('s3', { endpoint: nobody }))).toBe('target_unreachable');
    expect(await checked(targetOf('webdav', { url: space.httpsUrl }))).toBe('target_certificate');
    expect(await checked(targetOf('s3', { endpoint: space.httpsUrl }))).toBe('target_certificate');
    // Its certificate names localhost only.
    expect(await checked(targetOf('ftps', { host: '127.0.0.1' }))).toBe('target_certificate');
  });

  it('an SSH server with another key than at first, to which nothing is sent', async () => {
    const first = targetOf('sftp');
    expect(first.hostKey()).toBe('');
    expect(await checked(first)).toBe('ok');
    expect(first.hostKey()).toBe(space.sftp.hostKey);
    expect(await checked(targetOf('sftp', { hostKey: first.hostKey() }))).toBe('ok');
    const changed = targetOf('sftp', { hostKey: first.hostKey().replace(/^./, '_') });
    await expect(checkTarget(changed, space.url)).rejects.toMatchObject({
      code: 'host_key_changed',
      params: { fingerprint: space.sftp.hostKey },
    });
  });

  it('what the public address does instead of serving the folder', async () => {
    const target = targetOf('folder');
    const nobody = `http://127.0.0.1:${await findFreePort()}`;
    expect(await checked(target, nobody)).toBe('address_unreachable');
    expect(await checked(target, `${space.httpsUrl}/clients`)).toBe('address_certificate');
    expect(await checked(target, space.faulty('elsewhere'))).toBe('address_not_serving');
    expect(await checked(target, space.faulty('login'))).toBe('address_blocked');
    expect(await checked(target, space.faulty('redirect'))).toBe('address_blocked');
    expect(await checked(target, space.faulty('forbidden'))).toBe('address_blocked');
    expect(await checked(target, `${space.faulty('policy')}/clients`)).toBe('address_policy');
    await expect(checkTarget(target, `${space.faulty('plain')}/clients`)).rejects.toMatchObject({
      code: 'address_content_type',
      params: { type: 'text/plain; charset=utf-8' },
    });
    expect(readdirSync(join(space.files, 'clients')).filter((n) => n.startsWith('check'))).toEqual(
      [],
    );
  });

  it('another version of the file at the address', async () => {
    const target = targetOf('folder');
    const stale: Target = {
      ...target,
      put: (path) => target.put(path, Buffer.from('what a CDN kept from before')),
    };
    expect(await checked(stale)).toBe('address_not_serving');
  });
});

it.skipIf(isSkipped)('a reader never sees a half file, whatever writes it', async () => {
  for (const kind of ['folder', 'sftp', 'ftps'] as const) {
    const target = targetOf(kind);
    const whole = Buffer.alloc(300_000, kind);
    await target.put('whole', whole);
    // What an upload that was killed leaves behind is listed, so that the next one removes it; it
    // goes with the real one, too.
    const part = join(space.files, 'clients/whole.part');
    writeFileSync(part, 'half');
    expect(await target.list('')).toContain('whole.part');
    await target.remove('whole.part');
    expect(existsSync(part)).toBe(false);
    writeFileSync(part, 'half');
    await target.remove('whole');
    expect(existsSync(part)).toBe(false);
  }
});
