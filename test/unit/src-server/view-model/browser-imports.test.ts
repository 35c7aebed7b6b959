/** Pages that are published as files are rendered by the client's browser, from the same sources. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../../../..');

/** Imports of values; those of types are gone in a bundle. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const script = file.endsWith('.svelte')
    ? (/<script[^>]*>([\s\S]*?)<\/script>/.exec(text)?.[1] ?? '')
    : text;
  const withoutTypes = ts.transpileModule(script, {
    compilerOptions: { module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
  }).outputText;
  return ts.preProcessFile(withoutTypes, true, true).importedFiles.map(({ fileName }) => fileName);
}

/** What is imported from outside of the house, also by what is imported. */
function packagesOf(entries: readonly string[]): string[] {
  const packages = new Set<string>();
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const name of importsOf(file)) {
      if (name.startsWith('.')) visit(relative(root, resolve(root, dirname(file), name)));
      else packages.add(name);
    }
  };
  entries.forEach(visit);
  expect(seen.size).toBeGreaterThan(entries.length);
  return [...packages];
}

it('pages, formats and texts need nothing but a browser', () => {
  const pages = globSync('src-server/pages/**/*.svelte', { cwd: root });
  expect(pages.length).toBeGreaterThan(10);
  const needed = packagesOf([
    ...pages,
    'src-server/formats.ts',
    'src-server/translate.ts',
    'src-server/view-model/ui.ts',
    'src-server/view-model/languages.ts',
  ]);
  expect(needed).toEqual(['intl-messageformat']);
});

it('the view model needs nothing of Node', () => {
  const models = globSync('src-server/view-model/*.ts', { cwd: root });
  expect(packagesOf(models).filter((name) => name !== 'zod')).toEqual([]);
});
