/** The documents and assets that a page in files needs beside its sealed data. */
import { createHash } from 'node:crypto';
import livePageScript from 'virtual:page-script';
import viewer, { early } from 'virtual:viewer';
import { styleText } from '../../src-server/assets/assets.ts';
import { chartsLibrary } from '../../src-server/charts/charts-library.ts';
import { ownLocaleOf } from '../../src-shared/domain/locale-data/own-locales.ts';
import { kimaiLocales, tagOf } from '../../src-shared/domain/locales.ts';
import { findLocale } from '../../src-server/locale.ts';
import { escapeMarkup } from '../../src-server/pages/escape.ts';
import { inParts } from '../../src-server/message-parts.ts';
import type { Messages } from '../../src-server/source.ts';
import { createTranslators, wordsOf } from '../../src-server/translate.ts';
import { nameOfLanguage } from '../../src-server/view-model/languages.ts';
import type { ViewerSettings, Words } from '../../src-viewer/settings.ts';

/** A file as it is put on the web space. */
export interface PlainFile {
  path: string;
  bytes: Uint8Array;
}

export interface Documents {
  /** Scripts, styles and texts, which all shares have in common; names have a digest. */
  assets: PlainFile[];
  /** The share's document in each language. It says nothing about what the share shows. */
  indexes(publicId: string): PlainFile[];
  /** One file with everything inside: `inside` is what insideFiles reads. */
  snapshot(options: { locale: string; publicId: string; inside: unknown; title: string }): string;
}

/** Inside a document no text may end the element that it stands in. */
const viewerScript = viewer.replaceAll('</script', '<\\/script');
const earlyScript = early.replaceAll('</script', '<\\/script');

/** A snapshot fetches nothing. */
const wholeScript = `${chartsLibrary}\n${livePageScript}`;

const policy = (own: string, scripts = own): string =>
  [
    "default-src 'none'",
    `script-src ${scripts}`,
    `style-src ${own}`,
    "style-src-attr 'unsafe-inline'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "form-action 'none'",
    "base-uri 'none'",
  ].join('; ');

const root = '../../../../';
const assetPath = (name: string, extension: string, text: string): string =>
  `assets/${name}-${createHash('sha256').update(text).digest('hex').slice(0, 16)}.${extension}`;
const file = (path: string, text: string): PlainFile => ({ path, bytes: Buffer.from(text) });

/** `texts`: all languages of the portal. */
export function createDocuments(texts: ReadonlyMap<string, Messages>): Documents {
  const translators = createTranslators(texts);
  const locales = [...texts.keys()];
  const wordsIn = (locale: string): string => wordsOf(texts, locale);
  const script = file(assetPath('viewer', 'js', viewerScript), viewerScript);
  const style = file(assetPath('page', 'css', styleText), styleText);
  const page = file(assetPath('page', 'js', livePageScript), livePageScript);
  const charts = file(assetPath('charts', 'js', chartsLibrary), chartsLibrary);
  const languages = Object.fromEntries(
    locales.map((locale) => [locale, nameOfLanguage(tagOf(locale))]),
  );
  /** Only what the client's pages say. */
  const wordsFor = (locale: string): Words => ({
    messages: inParts({ portal: texts.get(locale)?.portal ?? {} }, tagOf(locale)),
    languages,
    formats: ownLocaleOf(tagOf(locale)),
  });
  const words = new Map(
    locales.map((locale) => {
      const text = JSON.stringify(wordsFor(locale));
      return [locale, file(assetPath(`texts-${locale}`, 'json', text), text)] as const;
    }),
  );

  function document(parts: {
    locale: string;
    title: string;
    head: string;
    settings: ViewerSettings;
    policy: string;
    end: string;
  }): string {
    const { tag, direction } = findLocale(parts.locale)!;
    const t = translators(parts.locale);
    return `<!doctype html>
<html lang="${tag}" dir="${direction}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${parts.policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${escapeMarkup(parts.title)}</title>
<script type="application/json" id="viewer">${json(parts.settings)}</script>
${parts.head}
</head>
<body data-page="opening" aria-busy="true">
<noscript><main class="letter"><p>${escapeMarkup(t('portal.script'))}</p></main></noscript>
${parts.end}</body>
</html>
`;
  }

  return {
    assets: [script, style, page, charts, ...words.values()],
    indexes: (publicId) =>
      kimaiLocales.map((locale) => {
        const data = `${root}data/${publicId}/`;
        const settings = {
          ...{ locale, words: wordsIn(locale), publicId },
          texts: root + words.get(wordsIn(locale))!.path,
          pageScript: root + page.path,
          charts: root + charts.path,
          data,
        };
        // A script in the document waits for the style sheets before it.
        const head = `<script>${earlyScript}</script>
<link rel="stylesheet" href="${root}${style.path}">
<script src="${root}${script.path}" defer fetchpriority="high"></script>`;
        const text = document({
          ...{ locale, head, settings },
          // The share's name is nothing that the web space may know.
          title: '…',
          policy: policy("'self'", `'self' '${hashOf(earlyScript)}'`),
          end: '',
        });
        return file(`${locale}/auth/customer-portal/${publicId}/index.html`, text);
      }),
    snapshot({ locale, publicId, inside, title }) {
      const own = wordsIn(locale);
      const only = { ...wordsFor(own), languages: { [own]: languages[own]! } };
      const settings = {
        ...{ locale, words: own, publicId },
        ...{ texts: only, pageScript: null, charts: null, data: null },
      };
      return document({
        ...{ locale, title, settings },
        head: `<style>${styleText}</style>`,
        policy: policy(
          [viewerScript, wholeScript, styleText].map((text) => `'${hashOf(text)}'`).join(' '),
        ).replace("connect-src 'self'", "connect-src 'none'"),
        end: `<script type="application/json" id="files">${json(inside)}</script>
<script type="text/plain" id="page-script">${wholeScript}</script>
<script>${viewerScript}</script>
`,
      });
    },
  };
}

const hashOf = (text: string): string =>
  `sha256-${createHash('sha256').update(text).digest('base64')}`;

/** JSON inside an element: nothing in it may end the element. */
const json = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');
