import { app, nativeTheme } from 'electron';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Settings } from '../../src-shared/contract/app.ts';
import { translatorFor, type Texts, type Translate } from '../program/texts.ts';

/** `--ground` of src-renderer/app.css, for what is seen before the page has painted. */
const grounds = { light: '#f5f6f4', dark: '#111618' };

const themeSources = { auto: 'system', light: 'light', dark: 'dark' } as const;

/** How the owner wants the program to look and speak, outside of its page. */
export interface Owner {
  translate(): Translate;
  /** After `ready`: the theme of the last time. */
  begin(): void;
  background(): string;
  follow(settings: Pick<Settings, 'locale' | 'theme'>): void;
}

/**
 * `themeFile`: keeps the theme for the next start, whose window opens before the settings are read.
 * Until they are, the language is the system's first one.
 */
export function createOwner(texts: Texts, themeFile: string): Owner {
  const system = (): string => app.getPreferredSystemLanguages()[0] ?? app.getLocale();
  let t = translatorFor(texts, system());
  return {
    begin: () => void (nativeTheme.themeSource = readTheme(themeFile)),
    translate: () => t,
    background: () => (nativeTheme.shouldUseDarkColors ? grounds.dark : grounds.light),
    follow({ locale, theme }) {
      t = translatorFor(texts, locale === 'auto' ? system() : locale);
      if (nativeTheme.themeSource === themeSources[theme]) return;
      nativeTheme.themeSource = themeSources[theme];
      writeFileSync(themeFile, themeSources[theme]);
    },
  };
}

function readTheme(file: string): 'system' | 'light' | 'dark' {
  try {
    const kept = readFileSync(file, 'utf8');
    return kept === 'light' || kept === 'dark' ? kept : 'system';
  } catch {
    // The first start.
    return 'system';
  }
}
