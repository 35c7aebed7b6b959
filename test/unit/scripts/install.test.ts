import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8'));

test('npm ci takes packages from the npm registry only, each by its digest', () => {
  const { packages } = read('package-lock.json') as {
    packages: Record<string, { resolved?: string; integrity?: string }>;
  };
  const installed = Object.entries(packages).filter(([path]) => path !== '');
  expect(installed.length).toBeGreaterThan(100);
  // Without an address npm asks its registry; git and file packages have one, and no digest.
  const others = installed.filter(
    ([, { resolved = 'https://registry.npmjs.org/', integrity }]) =>
      !resolved.startsWith('https://registry.npmjs.org/') || integrity === undefined,
  );
  expect(others.map(([path]) => path)).toEqual([]);
});

test('everything that runs makes sure first of the pinned Node 24', () => {
  const { dependencies, engines, scripts } = read('package.json') as {
    dependencies: Record<string, string>;
    engines: Record<string, string>;
    scripts: Record<string, string>;
  };
  expect(dependencies.node).toMatch(/^24\.\d+\.\d+$/);
  expect(engines.node).toBe('>=20');
  const check = 'node scripts/require-node.js';
  for (const name of ['start', 'cli', 'dev', 'build', 'bench', 'test', 'test:fidelity']) {
    const first = (scripts[`pre${name}`] ?? scripts[name])?.split(' && ')[0];
    expect(first, name).toBe(check);
  }
  expect(scripts.dist).toMatch(/^npm run build && /);
});

test('npm ci runs one install script, the pinned Node’s, so that none can fetch a browser', () => {
  const { packages } = read('package-lock.json') as {
    packages: Record<string, { hasInstallScript?: boolean }>;
  };
  const { allowScripts } = read('package.json') as { allowScripts: Record<string, boolean> };
  const allowed = Object.keys(allowScripts).filter((name) => allowScripts[name]);
  expect(allowed).toEqual(['node']);
  const scripted = Object.entries(packages)
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => path.split('node_modules/').at(-1)!);
  // One that is in no list would make npm ask or warn; optional ones of other systems are skipped.
  const listed = scripted.filter((name) => Object.hasOwn(allowScripts, name));
  expect(scripted.filter((name) => !listed.includes(name) && name !== 'fsevents')).toEqual([]);
});
