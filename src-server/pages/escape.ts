/** Texts that are put into HTML by hand, as Svelte does it for its components. */

const inText = /[&<]/;
const everyInText = /[&<]/g;

/** For between tags, of what stands there a thousand times. */
export const escapeText = (text: string): string =>
  inText.test(text) ? text.replace(everyInText, (char) => (char === '&' ? '&amp;' : '&lt;')) : text;

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** For anywhere in HTML or XML, attributes too. */
export const escapeMarkup = (text: string): string =>
  text.replace(/[&<>"]/g, (char) => entities[char]!);
