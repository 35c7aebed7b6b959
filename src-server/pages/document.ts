import { portalCharts, portalScript, portalStyle, styleText } from '../assets/assets.ts';
import type { PageLocale } from '../locale.ts';
import { escapeMarkup } from './escape.ts';

export type PageName =
  'customer' | 'project' | 'password' | 'not-found' | 'bot' | 'unavailable' | 'paused';

export interface DocumentParts {
  locale: PageLocale;
  page: PageName;
  title: string;
  /** HTML, from Svelte. */
  body: string;
  /** What the addresses of style and script begin with. */
  base: string;
  /** The rows of the details table where `body` ends, as `utf8Text` makes them, and the rest. */
  rows?: string;
  after?: string;
  /** Whether the script of charts and details is loaded. */
  script: boolean;
  /** For a sandboxed frame: the style sheet is in the document, no script, nothing is fetched. */
  inline?: boolean;
}

/**
 * The whole HTML document of a page. Its referrer policy tells other sites nothing, as the one of
 * the header; it is needed since browsers with `no-referrer` hide the origin of posts from us too.
 */
export function renderDocument({
  locale,
  page,
  title,
  body,
  base,
  rows = '',
  after = '',
  script: hasScript,
  inline,
}: DocumentParts): Buffer {
  // A client waits for a page with much on it: without a second request it is seen sooner.
  const style =
    inline || page === 'customer' || page === 'project'
      ? `<style>${styleText}</style>`
      : `<link rel="stylesheet" href="${base}${portalStyle.path}">`;
  const script =
    hasScript && !inline
      ? `<script src="${base}${portalScript.path}" data-charts="${base}${portalCharts.path}" defer></script>`
      : '';
  const head = `<!doctype html>
<html lang="${escapeMarkup(locale.tag)}" dir="${locale.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="same-origin">
<meta name="color-scheme" content="light dark">
<title>${escapeMarkup(title)}</title>
${style}
${script}</head>
<body data-page="${page}"${inline ? ' data-preview' : ''}>
`;
  if (rows === '' && after === '') return Buffer.from(`${head}${body}${end}`);
  return Buffer.concat([
    Buffer.from(head + body),
    Buffer.from(rows, 'latin1'),
    Buffer.from(after + end),
  ]);
}

const end = '\n</body>\n</html>\n';

const beyondAscii = /[\u0080-\uffff]/;

/**
 * A text whose letters are the bytes of its UTF-8. Node turns such a text into bytes forty times as
 * fast as one with a euro sign in it, and rows are most of a page.
 */
export const utf8Text = (text: string): string =>
  beyondAscii.test(text) ? Buffer.from(text).toString('latin1') : text;
