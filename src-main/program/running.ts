import { AppError } from '../../src-shared/errors.ts';
import { findRunningProgram } from './control.ts';
import type { Translate } from './texts.ts';

/** What a second start does: the program that has the folder shows itself. */
export interface ShownProgram {
  /** Sentences for the terminal. */
  text: string;
  /** A one-time address; null: its window is in front now. */
  url: string | null;
}

/**
 * Lets the program that holds the folder show itself. `version`: of the one that asks.
 * Throws `data_folder_in_use` if the one that holds it cannot be reached (yet).
 */
export async function showRunningProgram(
  t: Translate,
  dataDir: string,
  version: string,
): Promise<ShownProgram> {
  const running = findRunningProgram(dataDir);
  if (running === null) throw new AppError('data_folder_in_use');
  let url: string | null;
  try {
    url = await running.open();
  } catch (error) {
    // It has ended, or a command has the folder for a moment.
    throw new AppError('data_folder_in_use', {}, { cause: error });
  }
  const lines = [t(url === null ? 'cli.browser.alreadyOpen' : 'cli.browser.running', { dataDir })];
  if (isOlder(running.version, version)) {
    lines.push(t('cli.browser.older', { running: running.version ?? '?', version }));
  }
  return { text: lines.join('\n'), url };
}

/** Compares `1.10.0` with `1.9.2`; a version that does not say its number is an old one. */
export function isOlder(version: string | null, than: string): boolean {
  if (version === null) return true;
  const [left, right] = [version, than].map((text) => text.split('.').map(Number));
  for (const [index, number] of right!.entries()) {
    if ((left![index] ?? 0) !== number) return (left![index] ?? 0) < number;
  }
  return false;
}
