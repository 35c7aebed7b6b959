import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReadDb, WriteDb } from '../../../../src-main/store/db.ts';
import { readSetting, writeSetting } from '../../../../src-main/store/settings.ts';
import {
  openReadStore,
  openStore,
  type ReadStore,
  type Store,
} from '../../../../src-main/store/open.ts';

let dataDir: string;
let store: Store;
let readStore: ReadStore;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'db-'));
  store = openStore(dataDir);
  readStore = openReadStore(dataDir);
});
afterEach(() => {
  readStore.close();
  store.close();
  rmSync(dataDir, { recursive: true });
});

/** Never called: `tsc` checks that each line marked is refused, and fails if one is not. */
export function whatDoesNotCompile(db: ReadDb, takesAWriter: (db: WriteDb) => void): void {
  // @ts-expect-error a statement for reading has no `run`
  db.prepare('DELETE FROM records').run();
  // @ts-expect-error a connection for reading cannot do this
  db.prepare('DELETE FROM records WHERE id = ?').pluck().run(1);
  // @ts-expect-error a connection for reading cannot do this
  db.exec('DELETE FROM records');
  // @ts-expect-error a connection for reading cannot do this
  db.pragma('query_only = OFF');
  // @ts-expect-error a snapshot takes no write lock
  db.transaction(() => undefined).immediate();
  // @ts-expect-error a function that writes does not take it
  writeSetting(db, 'app', {});
  // @ts-expect-error a connection for reading cannot do this
  takesAWriter(db);
}

describe('a connection for reading', () => {
  it('sees what the writing one has committed', () => {
    writeSetting(store, 'app', { theme: 'dark' });
    expect(readSetting(readStore, 'app')).toEqual({ theme: 'dark' });
  });

  it.each([
    "INSERT INTO settings (key, value) VALUES ('a', '1') RETURNING key",
    'DELETE FROM data_version RETURNING version',
    'UPDATE data_version SET version = 7 RETURNING version',
  ])('is refused, by SQLite, a write that the types cannot see: %s', (sql) => {
    expect(() => readStore.prepare(sql).all()).toThrow('attempt to write a readonly database');
  });
});
