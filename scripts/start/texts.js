import { readFileSync } from 'node:fs';

/** The few lines of the start script, from the same files as all texts; no ICU needed yet. */
export function startText(key) {
  const wanted = new Intl.DateTimeFormat().resolvedOptions().locale.split('-')[0];
  for (const locale of [wanted, 'en']) {
    try {
      const file = new URL(`../../locales/${locale}.json`, import.meta.url);
      const text = JSON.parse(readFileSync(file, 'utf8')).cli.start[key];
      if (text !== undefined) return text;
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
  }
  throw new Error(`no text for cli.start.${key}`);
}
