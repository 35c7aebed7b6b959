/** Texts that are put into HTML by hand, as Svelte does it for its components. */

const inText = /[&<]/;
const everyInText = /[&<]/g;

/** For between tags. */
export const escapeText = (text: string): string =>
  inText.test(text) ? text.replace(everyInText, (char) => (char === '&' ? '&amp;' : '&lt;')) : text;
