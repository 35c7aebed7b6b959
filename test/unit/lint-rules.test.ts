import { resolve } from 'node:path';
import { ESLint } from 'eslint';
import ts from 'typescript-eslint';
import { describe, expect, it } from 'vitest';

/**
 * Some lines of the table of docs/architecture.md, stated again by hand: each must be refused.
 * A file of the folder that exists lends its name, since type-aware rules need a real one.
 */
const root = resolve(import.meta.dirname, '../..');
/** Most rules need no types, for which TypeScript would read the whole project at each code. */
const eslint = new ESLint({ cwd: root, overrideConfig: ts.configs.disableTypeChecked });
const eslintWithTypes = new ESLint({ cwd: root });

async function rulesBroken(file: string, code: string, linter = eslint): Promise<string[]> {
  const [result] = await linter.lintText(code, { filePath: resolve(root, file) });
  return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message);
}

const sample = {
  shared: 'src-shared/errors.ts',
  server: 'src-server/scope.ts',
  renderer: 'src-renderer/client.ts',
  store: 'src-main/store/settings.ts',
  secrets: 'src-main/secrets/share-key.ts',
  'sign-in': 'src-main/sign-in/sessions.ts',
  http: 'src-main/http/listen.ts',
  records: 'src-main/store/records/totals.ts',
  changes: 'src-main/store/changes/edits.ts',
  import: 'src-main/import/plan/timesheet-plan.ts',
  publish: 'src-main/publish/publisher.ts',
  program: 'src-main/program/program.ts',
  api: 'src-main/api/router.ts',
  electron: 'src-main/electron/window.ts',
  'browser-host': 'src-main/browser-host/server.ts',
  cli: 'src-main/cli/run.ts',
} as const;
type Folder = keyof typeof sample;

it.each<[Folder, Folder]>([
  ['shared', 'store'],
  ['shared', 'server'],
  ['shared', 'renderer'],
  ['server', 'store'],
  ['server', 'renderer'],
  ['renderer', 'store'],
  ['renderer', 'server'],
  ['store', 'renderer'],
  ['store', 'import'],
  ['store', 'publish'],
  ['store', 'program'],
  ['store', 'api'],
  ['store', 'cli'],
  ['store', 'records'],
  ['records', 'changes'],
  ['secrets', 'store'],
  ['http', 'store'],
  ['sign-in', 'api'],
  ['import', 'sign-in'],
  ['api', 'import'],
  ['import', 'publish'],
  ['import', 'program'],
  ['import', 'api'],
  ['import', 'server'],
  ['publish', 'import'],
  ['publish', 'api'],
  ['publish', 'browser-host'],
  ['api', 'electron'],
  ['api', 'browser-host'],
  ['api', 'cli'],
  ['api', 'program'],
  ['program', 'electron'],
  ['program', 'browser-host'],
  ['program', 'cli'],
  ['program', 'import'],
  ['electron', 'browser-host'],
  ['electron', 'cli'],
  ['electron', 'store'],
  ['electron', 'import'],
  ['electron', 'publish'],
  ['browser-host', 'electron'],
  ['browser-host', 'cli'],
  ['browser-host', 'store'],
  ['browser-host', 'publish'],
  ['cli', 'electron'],
  ['cli', 'store'],
  ['cli', 'import'],
])('%s may not import %s', async (from, what) => {
  const code = `export * from ${JSON.stringify(resolve(root, sample[what]))};\n`;
  expect(await rulesBroken(sample[from], code)).toContain('import-x/no-restricted-paths');
});

it.each<[Folder, string]>([
  ['shared', 'node:fs'],
  ['shared', 'koa'],
  ['shared', 'svelte'],
  ['renderer', 'node:fs'],
  ['renderer', 'fs'],
  ['renderer', 'electron'],
  ['renderer', 'koa'],
  ['renderer', 'better-sqlite3'],
  ['server', 'electron'],
  ['server', 'better-sqlite3'],
  ['server', '../../node_modules/frappe-charts/dist/frappe-charts.min.umd.js?raw'],
  ['store', 'koa'],
  ['store', 'electron'],
  ['import', 'koa'],
  ['publish', 'koa'],
  ['publish', 'electron'],
  ['api', 'electron'],
  ['program', 'electron'],
  ['program', 'koa'],
  ['browser-host', 'electron'],
  ['cli', 'electron'],
])('%s may not import the package %s', async (from, name) => {
  const code = `export * from ${JSON.stringify(name)};\n`;
  expect(await rulesBroken(sample[from], code)).toContain('no-restricted-imports');
});

it.each<[string, string, string]>([
  ['a promise that nobody waits for', 'Promise.resolve();\n', 'no-floating-promises'],
  [
    'a switch that forgets a case',
    "export const f = (x: 'a' | 'b') => { switch (x) { case 'a': return 1; } return 0; };\n",
    'switch-exhaustiveness-check',
  ],
])('%s is refused', async (_name, code, rule) => {
  const broken = await rulesBroken(sample.store, code, eslintWithTypes);
  expect(broken).toContain(`@typescript-eslint/${rule}`);
});

describe('SQL outside the store', () => {
  const outside = ['import', 'api', 'publish', 'program', 'cli'] as const;
  it.each<[string, string]>([
    ['a prepared statement', 'export const f = (db: any) => db.prepare(db.text);\n'],
    ['a pragma', 'export const f = (db: any) => db.pragma(db.text);\n'],
    ['SQL that is run', 'export const f = (db: any) => db.exec(db.text);\n'],
    ['a text in SQL', "export const sql = 'SELECT id FROM records';\n"],
    ['a word of SQL', "export const sql = 'ROLLBACK';\n"],
    ['a template in SQL', 'export const f = (t: string) => `\n  DELETE FROM ${t} WHERE id = 1`;\n'],
  ])('%s is refused', async (_name, code) => {
    for (const folder of outside) {
      expect(await rulesBroken(sample[folder], code)).toContain('no-restricted-syntax');
    }
    expect(await rulesBroken(sample.store, code)).not.toContain('no-restricted-syntax');
  });

  it('leaves regular expressions and sentences alone', async () => {
    const code = "export const f = (x: string) => /a/.exec(x) ?? 'Select a file';\n";
    expect(await rulesBroken(sample.import, code)).not.toContain('no-restricted-syntax');
  });
});

it('HTML from strings is refused in pages', async () => {
  const code =
    '<script lang="ts">let { html }: { html: string } = $props();</script>{@html html}\n';
  expect(await rulesBroken('src-renderer/App.svelte', code)).toContain('svelte/no-at-html-tags');
});

it.each<[string, string]>([
  ['no-super-linear-backtracking', 'export const f = (x: string) => /^a.*b.*c$/.test(x);\n'],
  ['no-super-linear-move', 'export const f = (x: string) => /0+$/.test(x);\n'],
])('a slow pattern is refused by %s', async (rule, code) => {
  for (const file of Object.values(sample)) {
    expect(await rulesBroken(file, code)).toContain(`regexp/${rule}`);
  }
});

it('the pathname of a URL is not used as the path of a file', async () => {
  const wrong = `export const a = new URL('./x', import.meta.url).pathname;\n`;
  for (const file of [sample.store, sample.import, sample.server]) {
    expect(await rulesBroken(file, wrong)).toContain('no-restricted-syntax');
  }
  const right = `export const a = new URL('http://localhost/x').pathname;\n`;
  expect(await rulesBroken(sample.store, right)).not.toContain('no-restricted-syntax');
});

it('the store has no casts', async () => {
  const rules = await rulesBroken(sample.store, 'export const f = (x: unknown) => x as string;\n');
  expect(rules).toContain('no-restricted-syntax');
  expect(await rulesBroken(sample.records, 'export const a = [1] as const;\n')).toEqual([]);
});

it('a constant is written like any other name', async () => {
  for (const file of [sample.store, sample.import, sample.server, sample.renderer]) {
    expect(await rulesBroken(file, 'export const MAX_ROWS = 1;\n')).toContain(
      'no-restricted-syntax',
    );
    expect(await rulesBroken(file, 'export const maxRows = 1;\n')).toEqual([]);
  }
});

it('a test is written with one word', async () => {
  const code = (word: string): string =>
    `import { ${word} } from 'vitest';\n${word}('x', () => {});\n`;
  const file = 'test/unit/lint-rules.test.ts';
  expect(await rulesBroken(file, code('test'))).toContain('no-restricted-imports');
  expect(await rulesBroken(file, code('it'))).toEqual([]);
});
