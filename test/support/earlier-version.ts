/**
 * A data folder of an earlier version, kept in `test/fixtures/earlier-version` with what that version
 * answered. To make it anew copy this file into the tree of that version, and call
 * `fillEarlierFolder` in a test there.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { MethodName } from '../../src-shared/contract.ts';
import { createTestApp, type TestApp } from './app.ts';

export const passwords = { share: 'a password for clients', owner: 'anchor chain, 7 links' };

/** Queries whose answers an update must not change. */
export const kept = [
  ['customers.list', {}],
  ['projects.list', {}],
  ['records.list', { limit: 500 }],
  ['shares.list', {}],
  ['imports.list', {}],
  ['changes.list', {}],
  ['backups.list', {}],
  ['profiles.list', {}],
  ['permissions.get', {}],
  ['overview.months', { customerId: 1 }],
  ['shares.views', { id: 1 }],
] as const satisfies [MethodName, object][];

export type Answers = Record<string, unknown>;

export async function readAnswers(app: TestApp): Promise<Answers> {
  const answers: Answers = {};
  for (const [method, input] of kept) answers[method] = await app.call(method, input as never);
  answers.settings = (await app.call('app.status')).settings;
  return answers;
}

export const signIn = (app: TestApp): Promise<unknown> =>
  app.call('session.signIn', { profileId: 1, password: passwords.owner });

const header =
  'Date,From,To,Duration,Currency,Price,User,Customer,Project,Activity,Description,Tags';
const rows = (month: string, times: number): string =>
  Array.from({ length: times }, (_, n) => {
    const day = String(1 + (n % 28)).padStart(2, '0');
    return `2026-${month}-${day},09:00,10:30,1:30,EUR,${120 + n}.50,ada,${n % 3 ? 'Harbour' : 'Ferry'},Project ${n % 4},Design,Line ${month}.${n},"one, two"\n`;
  }).join('');

export async function fillEarlierFolder(folder: string): Promise<void> {
  const dataDir = join(folder, 'data');
  rmSync(dataDir, { recursive: true, force: true });
  const app = await createTestApp({ dataDir });
  await app.importBytes('first.csv', `${header}\n${rows('09', 60)}`);
  await app.importBytes('second.csv', `${header}\n${rows('10', 40)}`);
  const [customer] = await app.call('customers.list');
  const customerId = customer!.id;
  await app.call('customers.update', { id: customerId, patch: { budgetE4: 50_000_000 } });
  const options = { showUser: true, showRates: true, locale: 'de' };
  await app.call('shares.create', { customerId, label: 'open', options });
  await app.call('shares.create', { customerId, label: 'guarded', password: passwords.share });
  const gone = await app.call('shares.create', { customerId, label: 'deleted' });
  await app.call('shares.delete', { id: gone.id });
  const paused = await app.call('shares.create', { customerId, label: 'paused' });
  await app.call('shares.pause', { id: paused.id });
  await app.call('settings.set', { theme: 'dark', locale: 'nl', idleLockMinutes: 60 });
  await app.call('backups.make');
  await app.call('profiles.update', { id: 1, name: 'Ada', password: passwords.owner });
  await signIn(app);
  const answers = await readAnswers(app);
  await app.close();
  writeFileSync(join(folder, 'answers.json'), `${JSON.stringify(answers)}\n`);
  writeFileSync(join(folder, 'secrets.json'), readFileSync(join(dataDir, 'secrets.json')));
  const database = readFileSync(join(dataDir, 'portal.sqlite'));
  writeFileSync(join(folder, 'portal.sqlite.gz'), gzipSync(database, { level: 9 }));
}
