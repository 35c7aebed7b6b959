import { readFileSync } from 'node:fs';
import type { Messages } from '../../src-server/source.ts';

/** The texts that the hosts load: locale code → messages. */
export function loadTexts(): Map<string, Messages> {
  return new Map(
    ['en', 'de'].map((code) => [
      code,
      JSON.parse(
        readFileSync(new URL(`../../locales/${code}.json`, import.meta.url), 'utf8'),
      ) as Messages,
    ]),
  );
}
