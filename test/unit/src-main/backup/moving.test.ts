/** Everything in one file, opened on another computer, which has secrets of its own. */
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readTarget } from '../../../../src-main/always-on/stored-target.ts';
import { sealedUses, sealSecret } from '../../../../src-main/secrets/sealed-secret.ts';
import { openText, sealText } from '../../../../src-main/secrets/sealed-text.ts';
import { loadSecrets } from '../../../../src-main/secrets/secrets.ts';
import { connect } from '../../../../src-main/store/open.ts';
import { sealedSettings, tunnelPurpose } from '../../../../src-main/store/sealed-settings.ts';
import { readSetting, writeSetting } from '../../../../src-main/store/settings.ts';
import { readConnection } from '../../../../src-main/sync/stored-connection.ts';
import type { Share } from '../../../../src-shared/contract/shares.ts';
import { createTestApp, type TestApp } from '../../../support/app.ts';

const passphrase = 'Größe of a house';
let from: TestApp;
let to: TestApp;
let guarded: Share;
let exported: string;

beforeAll(async () => {
  from = await createTestApp();
  to = await createTestApp();
  await from.importBytes('a.csv', 'Date,Duration,Customer,Project\n2026-11-03,1:00,Acme,Web\n');
  const customerId = (await from.call('customers.list'))[0]!.id;
  guarded = await from.call('shares.create', { customerId, password: 'right one' });
  await from.call('publish.set', { enabled: true, port: 0, publicUrl: 'https://time.example' });
  await keepSecrets();
  exported = (await from.call('backups.export', { passphrase })).path;
  await from.call('publish.set', { enabled: false });
});
afterAll(async () => {
  await from.close();
  await to.close();
});

/** What the owner entered for the web space, the tunnel and Kimai. */
async function keepSecrets(): Promise<void> {
  const { secrets } = await loadSecrets(from.dataDir, null);
  const seal = (text: string, use: string) => sealSecret(text, use, secrets).toString('base64');
  const db = connect(from.database);
  writeSetting(db, sealedSettings.target, {
    config: { kind: 'folder', folder: '/pages', publicUrl: 'https://files.example' },
    credentials: seal(
      JSON.stringify({ secret: 'of the space', privateKey: '' }),
      sealedUses.credentials,
    ),
  });
  writeSetting(db, sealedSettings.kimai, {
    ...{ address: 'https://kimai.example', user: 'ann' },
    token: seal('of Kimai', sealedUses.kimai),
  });
  writeSetting(db, sealedSettings.tunnel, sealText('of the tunnel', tunnelPurpose, secrets));
  db.close();
}

async function upload(bytes: Buffer): Promise<string> {
  const { uploadId } = await to.call('uploads.begin', { fileName: 'x', size: bytes.length });
  await to.call('uploads.append', { uploadId, offset: 0, base64: bytes.toString('base64') });
  return uploadId;
}

it('links go on working, with their passwords, and can be shown', async () => {
  const [there, here] = [
    await loadSecrets(from.dataDir, null),
    await loadSecrets(to.dataDir, null),
  ];
  expect(there.secrets.shareKey).not.toEqual(here.secrets.shareKey);
  // As the owner's app saves it: part by part.
  const { base64 } = await from.call('backups.readExport', { offset: 0 });
  const bytes = Buffer.from(base64, 'base64');
  expect(bytes).toEqual(readFileSync(exported));
  const moved = await to.call('backups.open', { uploadId: await upload(bytes), passphrase });
  expect(moved.reason).toBe('moved');
  expect(await to.call('customers.list')).toEqual([]);
  const preview = await to.call('backups.preview', { id: moved.id });
  expect(preview.then).toMatchObject({ records: 1, shares: 1 });
  expect(preview.now).toMatchObject({ records: 0, shares: 0 });
  await to.call('backups.restore', { id: moved.id });

  expect(await to.call('shares.get', { id: guarded.id })).toEqual(
    await from.call('shares.get', { id: guarded.id }),
  );
  // It is published as it was there.
  const status = await to.call('publish.status');
  expect(status).toMatchObject({ state: 'online', publicUrl: 'https://time.example' });
  const answer = await fetch(`http://localhost:${status.port}${guarded.path}`, {
    method: 'POST',
    body: new URLSearchParams({ password: 'right one' }),
    redirect: 'manual',
  });
  expect(answer.status).toBe(303);
  expect(answer.headers.get('set-cookie')).toContain('portal_session');
});

it('web space, tunnel and Kimai need no secret again, though the keys are others', async () => {
  const { secrets } = await loadSecrets(to.dataDir, null);
  const readStore = connect(to.database);
  expect(readTarget({ readStore, secrets })).toMatchObject({
    config: { kind: 'folder' },
    credentials: { secret: 'of the space' },
  });
  expect(readConnection({ readStore, secrets })).toMatchObject({ token: 'of Kimai' });
  const tunnel = readSetting(readStore, sealedSettings.tunnel) as string;
  expect(openText(tunnel, tunnelPurpose, secrets)).toBe('of the tunnel');
  readStore.close();
});

it('names, keys and hashes are not in the file for who has no passphrase', () => {
  const bytes = readFileSync(exported);
  for (const secret of ['Acme', guarded.path.split('/').at(-1)!, 'SQLite', 'scrypt']) {
    expect(bytes.includes(secret)).toBe(false);
  }
});

it.each([
  ['another passphrase', 'passphrase_wrong', 'another', (bytes: Buffer) => bytes],
  [
    'a byte changed',
    'export_unreadable',
    passphrase,
    (bytes: Buffer) => bytes.fill(bytes[2000]! ^ 1, 2000, 2001),
  ],
  ['the end cut off', 'export_unreadable', passphrase, (bytes: Buffer) => bytes.subarray(0, -20)],
  ['another kind of file', 'export_unreadable', passphrase, () => Buffer.from('Date,Duration\n')],
])('%s: nothing is changed', async (_, code, given, spoil) => {
  const before = readdirSync(join(to.dataDir, 'backups'));
  const uploadId = await upload(spoil(readFileSync(exported)));
  await expect(to.call('backups.open', { uploadId, passphrase: given })).rejects.toMatchObject({
    code,
  });
  expect(readdirSync(join(to.dataDir, 'backups'))).toEqual(before);
  expect(readdirSync(join(to.dataDir, 'uploads'))).toEqual([]);
});

it('parts cannot be left out', async () => {
  const copy = join(to.dataDir, 'copy');
  copyFileSync(exported, copy);
  const bytes = readFileSync(copy);
  // The second part of the file goes; the last one stays.
  const head = 24;
  const first = head + 4 + bytes.readUInt32BE(head);
  const second = first + 4 + bytes.readUInt32BE(first);
  writeFileSync(copy, Buffer.concat([bytes.subarray(0, first), bytes.subarray(second)]));
  const uploadId = await upload(readFileSync(copy));
  await expect(to.call('backups.open', { uploadId, passphrase })).rejects.toMatchObject({
    code: 'export_unreadable',
  });
});
