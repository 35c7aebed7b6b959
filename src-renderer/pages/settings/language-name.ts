/**
 * The name of a language in a language, such as `Deutsch` for `de` in `de`; codes may be Kimai's
 * (`pt_BR`) or BCP 47. A code that nobody knows is its own name.
 */
export function languageName(code: string, inLocale: string): string {
  const tag = code.replaceAll('_', '-');
  try {
    const names = new Intl.DisplayNames([inLocale.replaceAll('_', '-')], { type: 'language' });
    const name = names.of(tag) ?? code;
    return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
  } catch (error) {
    if (error instanceof RangeError) return code;
    throw error;
  }
}
