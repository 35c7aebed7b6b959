import { AppError } from '../../src-shared/errors.ts';
import { ArgumentError } from './arguments.ts';
import type { Translate } from './texts.ts';

/** Errors after which people have to look at the data folder. */
const aboutFolder = [
  'data_folder_in_use',
  'data_folder_no_locks',
  'data_folder_unwritable',
  'data_folder_gone',
  'database_locked',
  'database_newer',
  'database_damaged',
  'disk_full',
];

/**
 * What a terminal says about an error, in one sentence or two: what was typed wrong, or what the
 * program refused, with its folder. Null: an error that nobody expected, which belongs in the log.
 */
export function errorText(t: Translate, error: unknown, dataDir: string | null): string | null {
  if (error instanceof ArgumentError) return t(`cli.error.${error.kind}`, error.params);
  if (!(error instanceof AppError) || error.code === 'internal') return null;
  const text = t(`error.${error.code}`, error.params);
  if (dataDir === null || !aboutFolder.includes(error.code)) return text;
  return `${text} ${t('cli.error.folder', { dataDir })}`;
}

/** 2: it was typed wrong. 1: everything else. */
export const exitCode = (error: unknown): 1 | 2 => (error instanceof ArgumentError ? 2 : 1);
