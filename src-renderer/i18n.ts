import { _, addMessages, getLocaleFromNavigator, init, locale as textLocale } from 'svelte-i18n';
import { directionOf, tagOf } from '../src-shared/domain/locales.ts';
import { formatLocale } from './format.ts';

type Texts = Parameters<typeof addMessages>[1];

const files = import.meta.glob<Texts>('../locales/{ar,de,en,es,fr,it,ja,nl,pl,pt_BR}.json', {
  import: 'default',
});
const loaders = new Map(
  Object.entries(files).map(([path, load]) => [/\/([^/]+)\.json$/.exec(path)![1]!, load]),
);

/** The text of a key in the owner's language: `$t('customers.title', {values})`. */
export const t = _;

/** Languages that this app has texts in: `ownerLanguages`, as a test asserts. */
export const availableLocales = [...loaders.keys()].sort();

/**
 * Which of our languages fits best: the wish itself, else its base language, else that language
 * of another region (`pt` → `pt_BR`), else English.
 * `auto` asks the system.
 */
export function chooseLocale(wish: string, available: readonly string[], system: string): string {
  const wanted = (wish === 'auto' ? system : wish).replace('_', '-').toLowerCase();
  const exact = available.find((code) => code.replace('_', '-').toLowerCase() === wanted);
  const language = wanted.split('-')[0]!;
  const base = available.find((code) => code === language);
  return exact ?? base ?? available.find((code) => code.startsWith(`${language}_`)) ?? 'en';
}

/** Loads the texts and tells the document its language and direction. */
export async function setLocale(wish: string): Promise<void> {
  const system = getLocaleFromNavigator() ?? 'en';
  const locale = chooseLocale(wish, availableLocales, system);
  // English too: it answers for a text that another language does not have yet.
  for (const code of new Set(['en', locale])) addMessages(tagOf(code), await loaders.get(code)!());
  const tag = tagOf(locale);
  // Texts in `en` with a system in `en-GB`: numbers and dates the way the system has them.
  formatLocale.set(system.split('-')[0] === tag ? system : tag);
  await textLocale.set(tag);
  document.documentElement.lang = tag;
  document.documentElement.dir = directionOf(tag);
}

/** Prepares the texts in the system's language, before anything is known of the owner's wish. */
export async function startI18n(): Promise<void> {
  void init({ fallbackLocale: 'en', initialLocale: 'en', warnOnMissingMessages: false });
  await setLocale('auto');
}
