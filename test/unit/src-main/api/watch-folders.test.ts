/** Which folders of the computer the app shows to whom. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Input, MethodName } from '../../../../src-shared/contract.ts';
import { createTestApp, type TestApp } from '../../../support/app.ts';

let app: TestApp;
let computer: string;
beforeEach(async () => {
  computer = mkdtempSync(join(tmpdir(), 'computer-'));
  mkdirSync(join(computer, 'helper', 'exports'), { recursive: true });
  mkdirSync(join(computer, 'other'));
  vi.stubEnv('HOME', join(computer, 'helper'));
  app = await createTestApp();
  // From now on the app asks who is there; the test's own session is the owner's.
  const helper = { name: 'Helper', role: 'ROLE_ADMIN', password: null } as const;
  const { id } = await app.call('profiles.create', helper);
  await callAs('helper', 'session.signIn', { profileId: id, password: '' });
  const permission = 'importer';
  await app.call('permissions.set', { role: 'ROLE_ADMIN', permission, granted: true });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await app.close();
  rmSync(computer, { recursive: true });
});

const callAs = <M extends MethodName>(sessionId: string, method: M, input: Input<M>) =>
  app.app.call({ method, input }, { sessionId });

it('the owner sees all of them, others with the right to import their home folder', async () => {
  const home = await app.call('watch.folders', { inside: null });
  const above = await app.call('watch.folders', { inside: home.parent });
  expect(above.folders.map(({ name }) => name)).toEqual(['helper', 'other']);

  expect(await callAs('helper', 'watch.folders', { inside: null })).toMatchObject({
    ok: true,
    value: { path: join(computer, 'helper'), parent: null, folders: [{ name: 'exports' }] },
  });
  for (const token of [above.token, above.folders[1]!.token]) {
    const refused = { ok: false, error: { code: 'not_found' } };
    expect(await callAs('helper', 'watch.folders', { inside: token })).toMatchObject(refused);
    expect(await callAs('helper', 'watch.set', { folderToken: token })).toMatchObject(refused);
  }
  const inside = { folderToken: home.folders[0]!.token };
  expect(await callAs('helper', 'watch.set', inside)).toMatchObject({ ok: true });
});
