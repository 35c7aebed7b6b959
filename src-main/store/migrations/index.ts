import type { Migration } from './migration.ts';
import { initial } from './010-initial.ts';
import { oneJournal } from './020-one-journal.ts';
import { alwaysOn } from './030-always-on.ts';
import { monthSums } from './040-month-sums.ts';
import { importFiles } from './050-import-files.ts';
import { kimai } from './070-kimai.ts';
import { changedMonths } from './080-changed-months.ts';

/** In order; numbered by ten, so that a fix can be put between two. Never edit a released one. */
export const migrations: readonly Migration[] = [
  initial,
  oneJournal,
  alwaysOn,
  monthSums,
  importFiles,
  kimai,
  changedMonths,
];
