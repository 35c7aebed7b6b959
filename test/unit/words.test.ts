/**
 * One word for one thing (docs/glossary.md), in all that people read: the owner makes a share, the
 * client opens its link, a computer or a server has an address, the portal is what is published.
 */
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

const texts = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
  'locales/en.json',
  'locales/de.json',
];

/** What a share's link must not be called, in English and in German. */
const wrong = [
  /\bshares?[’'](?:s)? (?:secret )?(?:addresse?s?|URL)\b/i,
  /\baddress(?:es)? of (?:a|the|this|your|one) shares?\b/i,
  /\b(?:secret|shared) address/i,
  /\bportal links?\b/i,
  /\bshare links?\b/i,
  /\bAdressen? (?:der|einer|dieser|Ihrer) Freigaben?\b/,
  /\bFreigabe-?(?:adresse|link)/i,
  /\b(?:geheime|geteilte) Adresse/i,
  /\bPortal-?link/i,
];

it.each(texts)('%s calls the link of a share a link', (file) => {
  const lines = readFileSync(join(root, file), 'utf8').split('\n');
  const found = lines.filter((line) => wrong.some((pattern) => pattern.test(line)));
  expect(found).toEqual([]);
});

/** The same in the code: names of files, of values and of texts, and comments. */
const wrongInCode = [
  ...wrong,
  /share-?address|share\w*\/address|portal-address|page-address/i,
  /shares\.(?:column\.)?address\b/,
  /CopyAddress/,
];

it('the code calls it a link too', () => {
  const files = globSync('src-*/**/*.{ts,svelte,css}', { cwd: root });
  expect(files.length).toBeGreaterThan(300);
  const found = files.filter((file) => {
    const text = `${file}\n${readFileSync(join(root, file), 'utf8')}`;
    return wrongInCode.some((pattern) => pattern.test(text));
  });
  expect(found).toEqual([]);
});

it('the glossary has the four words, each once', () => {
  const glossary = readFileSync(join(root, 'docs/glossary.md'), 'utf8');
  for (const word of ['share', 'link', 'address', 'portal']) {
    expect(glossary.match(new RegExp(`^\\| ${word} +\\|`, 'gm')), word).toHaveLength(1);
  }
});
