import type { Store } from './open.ts';

/** Call inside every transaction that changes what a page could show: caches key on it. */
export function bumpDataVersion(db: Store): void {
  db.prepare('UPDATE data_version SET version = version + 1').run();
}

export function dataVersion(db: Pick<Store, 'prepare'>): number {
  return db.prepare('SELECT version FROM data_version').pluck().get() as number;
}
