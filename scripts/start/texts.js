import { readFileSync } from 'node:fs';

/**
 * The few lines of the scripts (`start.building`), from the same files as all texts, below `cli`.
 * Values replace `{names}`; there is no ICU here yet.
 */
export function cliText(key, values = {}) {
  const [group, name] = key.split('.');
  const wanted = new Intl.DateTimeFormat().resolvedOptions().locale;
  for (const locale of [wanted.replace('-', '_'), wanted.split('-')[0], 'en']) {
    const text = read(locale)?.[group]?.[name];
    if (text !== undefined) {
      return text.replace(/\{(\w+)\}/g, (all, word) => String(values[word] ?? all));
    }
  }
  throw new Error(`no text for cli.${key}`);
}

/** Undefined for a language that has no texts. */
function read(locale) {
  try {
    const file = new URL(`../../locales/${locale}.json`, import.meta.url);
    return JSON.parse(readFileSync(file, 'utf8')).cli;
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  }
}
