import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { defaultDataDir } from '../../../../src-main/program/data-dir.ts';
import { lockDataFolder } from '../../../../src-main/store/data-folder.ts';

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'folder-'));
});
afterEach(() => {
  rmSync(parent, { recursive: true });
});

describe('default data folder', () => {
  test.each<[NodeJS.Platform, NodeJS.ProcessEnv, string]>([
    [
      'win32',
      { APPDATA: 'C:\\Users\\Ada\\AppData\\Roaming' },
      'C:\\Users\\Ada\\AppData\\Roaming\\Customer Portal',
    ],
    ['darwin', {}, '/home/ada/Library/Application Support/Customer Portal'],
    ['linux', {}, '/home/ada/.local/share/customer-portal'],
    ['linux', { XDG_DATA_HOME: '/data' }, '/data/customer-portal'],
    ['linux', { XDG_DATA_HOME: 'relative' }, '/home/ada/.local/share/customer-portal'],
  ])('%s %o', (platform, env, expected) => {
    expect(defaultDataDir('own', platform, env, '/home/ada')).toBe(expected);
  });

  test('sample data has a folder of its own', () => {
    expect(defaultDataDir('sample', 'linux', {}, '/home/ada')).toBe(
      '/home/ada/.local/share/customer-portal-sample',
    );
    expect(defaultDataDir('sample', 'darwin', {}, '/h')).toMatch(/\/Customer Portal Sample$/);
  });
});

describe('lock', () => {
  test('makes the folder, for its owner only, and takes it once', () => {
    const dataDir = join(parent, 'deep/folder');
    const unlock = lockDataFolder(dataDir);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(() => lockDataFolder(dataDir)).toThrow(
      expect.objectContaining({ code: 'data_folder_in_use' }) as Error,
    );
    unlock();
    lockDataFolder(dataDir)();
  });

  test('ends with the process that held it, however that ended', async () => {
    const source = join(import.meta.dirname, '../../../../src-main/store/data-folder.ts');
    const script = `import { lockDataFolder } from ${JSON.stringify(source)};
      lockDataFolder(${JSON.stringify(parent)});
      gc(); // the lock outlives its function, also where nobody keeps that
      await new Promise((resolve) => setTimeout(resolve, 10));
      gc();
      console.log('locked');
      setInterval(() => undefined, 1000);`;
    const child = spawn(
      process.execPath,
      ['--expose-gc', '--input-type=module', '--eval', script],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const ended = new Promise((resolve) => child.once('exit', resolve));
    try {
      const first = await Promise.race([once(child.stdout, 'data').then(String), ended]);
      expect(first).toBe('locked\n');
      expect(() => lockDataFolder(parent)).toThrow('data_folder_in_use');
    } finally {
      child.kill('SIGKILL');
      await ended;
    }
    lockDataFolder(parent)();
    expect(existsSync(join(parent, 'lock.sqlite'))).toBe(true);
  });

  test('a file where the folder should be', () => {
    const dataDir = join(parent, 'file');
    writeFileSync(dataDir, '');
    expect(() => lockDataFolder(dataDir)).toThrow('data_folder_unwritable');
  });

  test.runIf(process.platform === 'linux')('a folder in which nobody can write', () => {
    expect(() => lockDataFolder('/proc/self')).toThrow('data_folder_unwritable');
  });
});
