import { readFileSync } from 'node:fs';

/**
 * The few lines of the scripts, from the same files as all texts. Values replace `{names}`; there
 * is no ICU here yet.
 */
export function startText(key, values = {}) {
  const wanted = new Intl.DateTimeFormat().resolvedOptions().locale.split('-')[0];
  for (const locale of [wanted, 'en']) {
    const text = read(locale)?.[key];
    if (text !== undefined) {
      return text.replace(/\{(\w+)\}/g, (name, word) => String(values[word] ?? name));
    }
  }
  throw new Error(`no text for cli.start.${key}`);
}

/** Undefined for a language that has no texts. */
function read(locale) {
  try {
    const file = new URL(`../../locales/${locale}.json`, import.meta.url);
    return JSON.parse(readFileSync(file, 'utf8')).cli.start;
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  }
}
