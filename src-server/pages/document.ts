import { portalScript, portalStyle, styleText } from '../assets/assets.ts';
import type { PageLocale } from '../locale.ts';

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
  /** Whether the script that takes over the charts is loaded. */
  charts: boolean;
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
  charts,
  inline,
}: DocumentParts): string {
  const style = inline
    ? `<style>${styleText}</style>`
    : `<link rel="stylesheet" href="${base}${portalStyle.path}">`;
  const script =
    charts && !inline ? `<script src="${base}${portalScript.path}" defer></script>` : '';
  return `<!doctype html>
<html lang="${escape(locale.tag)}" dir="${locale.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="same-origin">
<meta name="color-scheme" content="light dark">
<title>${escape(title)}</title>
${style}
${script}</head>
<body data-page="${page}"${inline ? ' data-preview' : ''}>
${body}
</body>
</html>
`;
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escape = (text: string): string => text.replace(/[&<>"]/g, (char) => entities[char]!);
