import js from '@eslint/js';
import importX from 'eslint-plugin-import-x';
import regexp from 'eslint-plugin-regexp';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import { restrictedZones } from './rooms.config.ts';

const packages = (group, message) => ({
  'no-restricted-imports': ['error', { patterns: [{ group, message }] }],
});
const sharedImports = (allowed, words) => ({
  'no-restricted-imports': [
    'error',
    {
      patterns: [
        {
          regex: `^(?!\\.{1,2}/|${allowed})`,
          message: `src-shared imports ${words} only: no Node, no DOM (docs/architecture.md).`,
        },
      ],
    },
  ],
});
const nodeModules = [
  'node:*',
  'fs',
  'path',
  'crypto',
  'worker_threads',
  'http',
  'os',
  'child_process',
];

const sqlWords =
  'ALTER|ANALYZE|ATTACH|BEGIN|COMMIT|CREATE|DELETE|DROP|INSERT|PRAGMA|RELEASE|REPLACE|ROLLBACK|SAVEPOINT|SELECT|UPDATE|VACUUM|WITH';
const sqlText = `/^\\s*(?:${sqlWords})(?:\\s|$)/`;
const sqlSyntax = [
  'CallExpression[callee.property.name=/^(?:prepare|pragma)$/]',
  // Only a regular expression has another method of this name.
  'CallExpression[callee.property.name="exec"]:not([callee.object.regex])',
  `Literal[value=${sqlText}]`,
  `TemplateElement[value.raw=${sqlText}]`,
].map((selector) => ({
  selector,
  message: 'SQL and transactions stand in src-main/store only (docs/architecture.md).',
}));

// A blank in a folder's name is %20 in a pathname.
const pathnames = {
  selector:
    "MemberExpression[property.name='pathname'] > NewExpression[callee.name='URL'] > MemberExpression[property.name='url']",
  message: 'A URL’s pathname is no file path: use fileURLToPath.',
};

// One dialect in all folders: a constant is a name like any other.
const capitals = {
  selector: 'VariableDeclarator[id.name=/^[A-Z][A-Z0-9]*_[A-Z0-9_]+$/]',
  message: 'A constant is written like any other name, such as maxRows.',
};

const casts = ['TSAsExpression:not([typeAnnotation.typeName.name="const"])', 'TSTypeAssertion'].map(
  (selector) => ({
    selector,
    message: 'The store has no casts: give the type to `prepare` or `parseJson`.',
  }),
);

export default ts.config(
  { ignores: ['node_modules', 'out', 'dist', 'test-output', 'coverage', 'test/fixtures'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.node } },
    plugins: { 'import-x': importX },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones: restrictedZones() }],
      'no-restricted-syntax': ['error', pathnames, capitals],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      eqeqeq: 'error',
      'no-console': 'off',
    },
  },
  {
    files: ['src-*/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts'],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { arguments: false } },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      globals: { ...globals.browser },
      parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'] },
    },
    rules: {
      'prefer-const': 'off',
      'svelte/prefer-const': 'error',
      'svelte/no-at-html-tags': 'error',
    },
  },
  {
    // A pattern that is slow on one string blocks everybody: the program has one thread for pages.
    files: ['src-*/**'],
    plugins: { regexp },
    rules: {
      'regexp/no-super-linear-backtracking': 'error',
      'regexp/no-super-linear-move': 'error',
    },
  },
  { files: ['src-renderer/**'], languageOptions: { globals: { ...globals.browser } } },
  {
    files: ['src-shared/**'],
    ignores: ['src-shared/sealed-page/**'],
    rules: sharedImports('zod$|zod/', 'zod and itself'),
  },
  {
    // The cipher of pages in files: the same code seals in the program and opens in the browser.
    files: ['src-shared/sealed-page/**'],
    rules: sharedImports('@noble/', '@noble/ciphers, @noble/hashes and itself'),
  },
  {
    files: ['src-renderer/**'],
    rules: packages(
      [...nodeModules, 'electron', 'better-sqlite3', 'koa', 'koa-router', '@koa/*'],
      'The renderer runs in a browser and talks to the contract only (docs/architecture.md).',
    ),
  },
  {
    files: ['src-viewer/**'],
    languageOptions: { globals: { ...globals.browser } },
    rules: packages(
      [...nodeModules, 'zod', 'koa', 'koa-router', 'better-sqlite3'],
      'The viewer runs in the client’s browser, where every kilobyte counts (docs/architecture.md).',
    ),
  },
  {
    files: ['src-server/**'],
    ignores: ['src-server/charts/**'],
    rules: packages(
      ['electron', 'better-sqlite3', '**/frappe-charts/**', 'frappe-charts'],
      'The portal reads through its PortalSource only; frappe-charts belongs to src-server/charts.',
    ),
  },
  {
    files: ['src-server/charts/**'],
    rules: packages(
      ['electron', 'better-sqlite3'],
      'The portal reads through its PortalSource only.',
    ),
  },
  {
    files: ['src-main/**'],
    ignores: ['src-main/electron/**', 'src-main/store/**'],
    rules: packages(
      ['electron', 'koa', 'koa-router', '@koa/*'],
      'Only src-main/electron imports electron; Koa belongs to src-server.',
    ),
  },
  {
    // SQL stands in the store only, where the plans of the hot queries are pinned.
    files: ['src-main/**'],
    ignores: ['src-main/store/**'],
    rules: { 'no-restricted-syntax': ['error', pathnames, capitals, ...sqlSyntax] },
  },
  {
    files: ['src-main/store/**'],
    rules: packages(
      ['electron', 'koa', 'koa-router', '@koa/*', '@e965/xlsx'],
      'The store knows SQL only.',
    ),
  },
  {
    // Types of rows are given to `prepare`, and of JSON to `parseJson`: a cast could say anything.
    files: ['src-main/store/**'],
    rules: { 'no-restricted-syntax': ['error', pathnames, capitals, ...casts] },
  },
  {
    files: ['test/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: 'vitest',
              importNames: ['test'],
              message: 'A test is written with `it`, in every file.',
            },
          ],
        },
      ],
    },
  },
);
