import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
// @ts-expect-error: a script without types
import { isBuildOutdated as outdated } from '../../../scripts/start/build.js';

const isBuildOutdated = outdated as (root: string) => boolean;

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
