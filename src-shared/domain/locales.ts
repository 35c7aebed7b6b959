/** Languages: Kimai's list, and which of them are read from right to left. */

/** The languages of Kimai 2.66, by its own codes. */
export const kimaiLocales = [
  ...['ar', 'bg', 'ca', 'cs', 'da', 'de', 'de_CH', 'el', 'en', 'eo', 'es', 'et', 'eu', 'fa', 'fi'],
  ...['fo', 'fr', 'he', 'hr', 'hu', 'id', 'it', 'ja', 'ko', 'lv', 'mk', 'nb_NO', 'nl', 'pa', 'pl'],
  ...['pt', 'pt_BR', 'ro', 'ru', 'sk', 'sl', 'sr', 'sv', 'ta', 'tr', 'uk', 'vi', 'zh_CN'],
  'zh_Hant',
] as const;

/** The languages that the owner's app is written in; the client's pages have texts in all of Kimai's. */
export const ownerLanguages = [
  'ar',
  'de',
  'en',
  'es',
  'fr',
  'it',
  'ja',
  'nl',
  'pl',
  'pt_BR',
] as const;

/** Any language that Intl may be asked for, by the first part of its code. */
const rightToLeft = new Set(['ar', 'fa', 'he', 'ur', 'yi', 'ps', 'sd', 'ug']);

/** Kimai's code of a language as BCP 47, for Intl and `lang`: `pt_BR` is `pt-BR`. */
export const tagOf = (code: string): string => code.replaceAll('_', '-');

/** The direction of a language's script; takes Kimai's codes and BCP 47. */
export const directionOf = (code: string): 'ltr' | 'rtl' =>
  rightToLeft.has(code.split(/[-_]/)[0]!) ? 'rtl' : 'ltr';
