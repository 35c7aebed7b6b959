import type { ReadDb, WriteDb } from './db.ts';

/** Call inside every transaction that changes what a page could show: caches key on it. */
export function bumpDataVersion(db: WriteDb): void {
  db.prepare('UPDATE data_version SET version = version + 1').run();
}

export function dataVersion(db: ReadDb): number {
  return db.prepare<[], number>('SELECT version FROM data_version').pluck().get()!;
}
