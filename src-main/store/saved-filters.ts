import { z } from 'zod';
import {
  maxSavedFilters,
  savedFilter,
  type SavedFilter,
} from '../../src-shared/contract/catalog.ts';
import type { ReadDb, WriteDb } from './db.ts';
import { readSetting, writeSetting } from './settings.ts';

const key = 'record_filters';

/** Filters of the list of records that the owner gave a name, in the order of their making. */
export function readSavedFilters(db: ReadDb): SavedFilter[] {
  const stored = z.array(savedFilter).safeParse(readSetting(db, key) ?? []);
  return stored.success ? stored.data : [];
}

export function saveFilter(db: WriteDb, filter: SavedFilter): void {
  const filters = readSavedFilters(db);
  const at = filters.findIndex(({ name }) => name === filter.name);
  if (at >= 0) filters[at] = filter;
  else filters.push(filter);
  writeSetting(db, key, filters.slice(-maxSavedFilters));
}

export function removeFilter(db: WriteDb, name: string): void {
  writeSetting(
    db,
    key,
    readSavedFilters(db).filter((filter) => filter.name !== name),
  );
}
