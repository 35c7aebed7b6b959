import js from '@eslint/js';
import importX from 'eslint-plugin-import-x';
import regexp from 'eslint-plugin-regexp';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

/** The import table of docs/architecture.md: folder of src-main → folders beside it that it may not import. */
const hosts = ['electron', 'browser-host', 'cli'];
const forbiddenInMain = {
  store: ['import', 'publish', 'passwords', 'api', 'program', ...hosts],
  passwords: ['store', 'import', 'publish', 'api', 'program', ...hosts],
  import: ['publish', 'passwords', 'api', 'program', ...hosts],
  publish: ['import', 'passwords', 'api', 'program', ...hosts],
  api: ['program', ...hosts],
  program: ['import', 'publish', 'passwords', ...hosts],
  electron: ['browser-host', 'cli', 'store', 'import', 'publish', 'passwords'],
  'browser-host': ['electron', 'cli', 'store', 'import', 'publish', 'passwords'],
  cli: ['electron', 'browser-host', 'store', 'import', 'publish', 'passwords'],
};

const forbidden = [
  { target: './src-shared', from: ['./src-main', './src-server', './src-renderer'] },
  { target: './src-server', from: ['./src-main', './src-renderer'] },
  { target: './src-renderer', from: ['./src-main', './src-server'] },
  { target: './src-main', from: ['./src-renderer'] },
  ...Object.entries(forbiddenInMain).map(([folder, others]) => ({
    target: `./src-main/${folder}`,
    from: others.map((other) => `./src-main/${other}`),
  })),
  // The portal's world: the store and publishing know its types, the import nothing of it.
  { target: './src-main/import', from: ['./src-server'] },
];

const packages = (group, message) => ({
  'no-restricted-imports': ['error', { patterns: [{ group, message }] }],
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

export default ts.config(
  { ignores: ['node_modules', 'out', 'dist', 'test-output', 'coverage', 'test/fixtures'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.node } },
    plugins: { 'import-x': importX },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones: forbidden }],
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
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^(?!\\.{1,2}/|zod$|zod/)',
              message:
                'src-shared imports zod and itself only: no Node, no DOM (docs/architecture.md).',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['src-renderer/**'],
    rules: packages(
      [...nodeModules, 'electron', 'better-sqlite3', 'koa', 'koa-router', '@koa/*'],
      'The renderer runs in a browser and talks to the contract only (docs/architecture.md).',
    ),
  },
  {
    files: ['src-server/**'],
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
    files: ['src-main/store/**'],
    rules: packages(
      ['electron', 'koa', 'koa-router', '@koa/*', '@e965/xlsx'],
      'The store knows SQL only.',
    ),
  },
);
