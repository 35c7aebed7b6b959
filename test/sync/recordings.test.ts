/**
 * A recorded Kimai, step by step: after each edit our store equals what was recorded. The folders of
 * `KIMAI_RECORDING` take the place of ours (`npm run test:sync -- DIR`).
 */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { ReadDb } from '../../src-main/store/db.ts';
import { createTestApp } from '../support/app.ts';
import { readRecording } from '../support/kimai-replay/recording.ts';
import { KimaiReplay } from '../support/kimai-replay/server.ts';
import { commitWaiting, pollOnce, syncWhen, tickingClock } from '../support/sync.ts';
import {
  differences,
  differencesFromExport,
  recordedCatalog,
  recordedRecords,
  storedCatalog,
  storedRecords,
} from './truth.ts';

const golden = resolve(import.meta.dirname, '../fixtures/golden');
const named = process.env.KIMAI_RECORDING;
const folders = named
  ? [resolve(named)]
  : readdirSync(golden)
      .map((name) => join(golden, name))
      .filter((folder) => existsSync(join(folder, 'sync-sequence.jsonl')));

describe.each(folders.map((folder) => [basename(folder), folder]))('%s', (_, folder) => {
  const recording = readRecording(folder);
  const isOld = recording.versionId < 26_600;
  const last = recording.steps.at(-1)!.sights;
  const seesAll = recording.tokens.toSorted(
    (a, b) => last.get(b)!.rows.size - last.get(a)!.rows.size,
  )[0]!;

  it.each(recording.tokens)('equals what %s sees, after each edit', async (as) => {
    const replay = await KimaiReplay.start(recording);
    const clock = tickingClock();
    const test = await createTestApp({ clock });
    const db = new Database(test.database, { readonly: true }) as unknown as ReadDb & {
      close(): void;
    };
    const compare = (withBudgets: boolean): string[] => {
      const catalog = recordedCatalog(replay, as, withBudgets);
      return [
        ...differences(recordedRecords(replay, as), storedRecords(db)),
        ...differences(catalog, storedCatalog(db), true),
      ];
    };
    try {
      await test.call('sync.connect', { address: replay.address, token: replay.tokenOf(as) });
      const { preview } = await syncWhen(test, ({ state }) => state === 'preview');
      expect(preview?.because).toBe('first');
      await commitWaiting(test);
      expect(compare(true)).toEqual([]);
      for (const step of recording.steps.slice(1)) {
        clock.advance(600_000);
        replay.goTo(step.name);
        const status = await pollOnce(test);
        expect([step.name, status.error]).toEqual([step.name, null]);
        if (status.preview) await commitWaiting(test);
        expect([step.name, compare(!isOld)]).toEqual([step.name, []]);
      }
      // What a version lists only one by one is read when the owner asks for it.
      const status = await pollOnce(test, true);
      if (status.preview) await commitWaiting(test);
      expect(compare(true)).toEqual([]);
      if (as === seesAll) await expectExport(db, folder);
      // Nothing has changed any more: nothing is imported, and little is asked for.
      const quiet = replay.asked.length;
      const { log } = await pollOnce(test);
      expect(log[0]!.what).toBe('read');
      expect(replay.asked.length - quiet).toBeLessThanOrEqual(12);
      expect(replay.asked.filter(({ method }) => method !== 'GET' && method !== 'HEAD')).toEqual(
        [],
      );
      expect(replay.asked.every(({ userAgent }) => /^CustomerPortal\/\S+ /.test(userAgent))).toBe(
        true,
      );
      expect(test.logged.join('\n')).not.toContain(replay.tokenOf(as));
    } finally {
      db.close();
      await test.close();
      await replay.close();
    }
  });
});

/** The store is the one that importing Kimai's own export of the last step makes. */
async function expectExport(synced: ReadDb, folder: string): Promise<void> {
  const file = ['final-full.csv', 'final.csv']
    .map((name) => join(folder, name))
    .find((path) => existsSync(path));
  expect(file).toBeDefined();
  const test = await createTestApp();
  const imported = new Database(test.database, { readonly: true });
  try {
    await test.importFile(file!);
    expect(differencesFromExport(synced, imported as unknown as ReadDb)).toEqual([]);
  } finally {
    imported.close();
    await test.close();
  }
}
