/** What a message of the locale files is made of. */
import { IntlMessageFormat } from 'intl-messageformat';
import { tagOf } from '../../src-shared/domain/locales.ts';

export type Texts = { [key: string]: string | Texts };
export type Ast = ReturnType<IntlMessageFormat['getAst']>;

/** Nested texts as `customers.form.budget` → text. */
export function flatten(texts: Texts, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(texts).flatMap(([key, value]) =>
      typeof value === 'string'
        ? [[prefix + key, value] as const]
        : [...flatten(value, `${prefix}${key}.`)],
    ),
  );
}

/** `code` is Kimai's or BCP 47. */
export const parseMessage = (text: string, code: string): Ast =>
  new IntlMessageFormat(text, tagOf(code)).getAst();

/** Names of the values that a text needs, those inside plural forms included. */
export function placeholders(ast: Ast): string[] {
  const names = ast.flatMap((element) => {
    const inner =
      'options' in element
        ? Object.values(element.options).flatMap((option) => placeholders(option.value))
        : [];
    // Type 0 is plain text, 7 the number sign of a plural.
    return element.type === 0 || element.type === 7 ? inner : [element.value as string, ...inner];
  });
  return [...new Set(names)].sort();
}

/** The plural forms that each plural of a text fills. */
export const pluralForms = (ast: Ast): string[][] =>
  ast.flatMap((element) =>
    'options' in element && element.type === 6 ? [Object.keys(element.options).sort()] : [],
  );
