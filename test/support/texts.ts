import { join } from 'node:path';
import type { Messages } from '../../src-server/source.ts';
import { loadTexts as loadFrom } from '../../src-main/program/texts.ts';

const localesDir = join(import.meta.dirname, '../../locales');

/** The texts that the hosts load: locale code → messages. */
export const loadTexts = (): Map<string, Messages> => new Map(loadFrom(localesDir));
