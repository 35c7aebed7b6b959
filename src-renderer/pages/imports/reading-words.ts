import type { ImportJob } from '../../../src-shared/contract/imports.ts';
import { languageName } from '../settings/language-name.ts';

type Reading = NonNullable<ImportJob['reading']>;
type About = Reading['choices'][number]['about'];
type Translate = (key: string) => string;

/** What can be chosen, in words. Names of encodings and sheets are shown as they are. */
export function choiceName(t: Translate, about: About, value: string): string {
  // Whoever has such a file knows what its language is called there.
  if (about === 'monthLanguage') {
    const names = value.split(',').map((code) => languageName(code, code));
    return names.join(', ');
  }
  const isName = about === 'sheet' || (about === 'encoding' && !value.startsWith('utf-8'));
  return isName ? value : t(`imports.choiceValue.${about}.${value}`);
}

/** How a file was read, in a few words: its kind, then what was decided about it. */
export function readingSummary(
  t: Translate,
  { format, encoding, sheet, choices }: Reading,
): string {
  const decided = choices.filter(({ about }) => about !== 'encoding' && about !== 'sheet');
  const origin = sheet ?? (encoding && choiceName(t, 'encoding', encoding));
  return [
    format.toUpperCase(),
    origin,
    ...decided.map(
      ({ about, chosen }) =>
        `${t(`imports.choice.${about}`)}: ${chosen === null ? '' : choiceName(t, about, chosen)}`,
    ),
  ]
    .filter(Boolean)
    .join(' · ');
}
