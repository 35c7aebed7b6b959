import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultDataDir } from '../../../../src-main/program/data-dir.ts';
import { lockDataFolder, protectDataFolder } from '../../../../src-main/store/data-folder.ts';
import { createTestApp } from '../../../support/app.ts';

const lockSource = join(import.meta.dirname, '../../../../src-main/store/data-folder.ts');

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'folder-'));
});
afterEach(() => {
  rmSync(parent, { recursive: true });
});

describe('default data folder', () => {
  it.each<[NodeJS.Platform, NodeJS.ProcessEnv, string]>([
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

  it('sample data has a folder of its own', () => {
    expect(defaultDataDir('sample', 'linux', {}, '/home/ada')).toBe(
      '/home/ada/.local/share/customer-portal-sample',
    );
    expect(defaultDataDir('sample', 'darwin', {}, '/h')).toMatch(/\/Customer Portal Sample$/);
  });
});

describe('lock', () => {
  it('makes the folder, for its owner only, and takes it once', () => {
    const dataDir = join(parent, 'deep/folder');
    const unlock = lockDataFolder(dataDir);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(() => lockDataFolder(dataDir)).toThrow(
      expect.objectContaining({ code: 'data_folder_in_use' }) as Error,
    );
    unlock();
    lockDataFolder(dataDir)();
  });

  it('ends with the process that held it, however that ended', async () => {
    const script = `import { lockDataFolder } from ${JSON.stringify(lockSource)};
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

  const hasCompiler = spawnSync('cc', ['--version']).status === 0;
  it.runIf(process.platform === 'linux' && hasCompiler)(
    'a drive without locks is refused, and says so',
    () => {
      // As NFS answers whose lock service does not run: ENOLCK.
      const source = join(parent, 'no-locks.c');
      writeFileSync(
        source,
        `#include <errno.h>
         int fcntl(int fd, int command, ...);
         static int refuse(void) { errno = ENOLCK; return -1; }
         #define _GNU_SOURCE
         #include <dlfcn.h>
         #include <stdarg.h>
         static int pass(const char *name, int fd, int command, void *argument) {
           if (command == 6 || command == 37) return refuse();
           int (*real)(int, int, ...) = (int (*)(int, int, ...)) dlsym((void *) -1l, name);
           return real(fd, command, argument);
         }
         #define PASS(name) int name(int fd, int command, ...) { \
           va_list list; va_start(list, command); void *argument = va_arg(list, void *); \
           va_end(list); return pass(#name, fd, command, argument); }
         PASS(fcntl)
         PASS(fcntl64)`,
      );
      const library = join(parent, 'no-locks.so');
      execFileSync('cc', ['-shared', '-fPIC', '-w', '-o', library, source, '-ldl']);
      const script = `import { lockDataFolder } from ${JSON.stringify(lockSource)};
        try { lockDataFolder(${JSON.stringify(join(parent, 'data'))}); console.log('locked'); }
        catch (error) { console.log(error.code); }`;
      const said = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
        encoding: 'utf8',
        // A path with a blank in it would be two libraries.
        cwd: parent,
        env: { ...process.env, LD_PRELOAD: './no-locks.so' },
      });
      expect(said).toBe('data_folder_no_locks\n');
    },
  );

  it('a file where the folder should be', () => {
    const dataDir = join(parent, 'file');
    writeFileSync(dataDir, '');
    expect(() => lockDataFolder(dataDir)).toThrow('data_folder_unwritable');
  });

  it.runIf(process.platform === 'linux')('a folder in which nobody can write', () => {
    expect(() => lockDataFolder('/proc/self')).toThrow('data_folder_unwritable');
  });
});

describe.skipIf(process.platform === 'win32')('files that others could read', () => {
  const modeOf = (...path: string[]): number => statSync(join(parent, ...path)).mode & 0o777;

  function writeOpen(name: string): void {
    writeFileSync(join(parent, name), 'x');
    chmodSync(join(parent, name), 0o644);
  }

  it.each([
    'portal.sqlite',
    'portal.sqlite-wal',
    'portal.sqlite-shm',
    'portal-before-10.sqlite',
    'secrets.json',
    'secrets-damaged.json',
    'runtime.json',
    'holder.json',
    'lock.sqlite',
  ])('are closed at the start: %s', (name) => {
    chmodSync(parent, 0o755);
    writeOpen(name);
    expect(protectDataFolder(parent)).toEqual({ othersMayWrite: false });
    expect(modeOf(name)).toBe(0o600);
  });

  it('are closed with their folders', () => {
    for (const name of ['uploads', 'electron']) mkdirSync(join(parent, name), { mode: 0o755 });
    protectDataFolder(parent);
    expect([modeOf('uploads'), modeOf('electron')]).toEqual([0o700, 0o700]);
  });

  it("that are none of the program's stay as they are", () => {
    for (const name of ['notes.txt', 'portal.sqlite.txt', '.bashrc']) writeOpen(name);
    symlinkSync(join(parent, 'notes.txt'), join(parent, 'secrets.json'));
    protectDataFolder(parent);
    expect(modeOf('notes.txt')).toBe(0o644);
    expect(modeOf('portal.sqlite.txt')).toBe(0o644);
    expect(modeOf('.bashrc')).toBe(0o644);
  });

  it.each([
    [0o700, false],
    [0o755, false],
    [0o775, true],
    [0o707, true],
    [0o1777, true],
  ])('a folder of mode %o that others may write to is told: %s', (mode, othersMayWrite) => {
    chmodSync(parent, mode);
    expect(protectDataFolder(parent)).toEqual({ othersMayWrite });
  });

  it('the owner is told, and the log; nobody who is locked out', async () => {
    const dataDir = join(parent, 'data');
    mkdirSync(dataDir);
    chmodSync(dataDir, 0o777);
    const open = await createTestApp({ dataDir });
    expect((await open.call('app.status')).othersMayWrite).toBe(true);
    expect(open.logged.join('\n')).toContain('others on this computer may write');
    await open.call('profiles.update', { id: 1, password: 'anchor chain, 7 links' });
    const stranger = await open.app.call(
      { method: 'app.status', input: {} },
      { sessionId: 'stranger' },
    );
    expect(stranger).toMatchObject({ ok: true, value: { othersMayWrite: false, dataDir: '' } });
    await open.close();

    chmodSync(dataDir, 0o755);
    const closed = await createTestApp({ dataDir });
    expect((await closed.call('app.status')).othersMayWrite).toBe(false);
    await closed.close();
  });

  it('are never made by a host', () => {
    const source = join(import.meta.dirname, '../../../../src-main');
    const script = `import { keepFilesPrivate } from ${JSON.stringify(join(source, 'program/data-dir.ts'))};
      import { openStore } from ${JSON.stringify(join(source, 'store/open.ts'))};
      keepFilesPrivate();
      openStore(${JSON.stringify(parent)});`;
    chmodSync(parent, 0o755);
    execFileSync(process.execPath, ['--input-type=module', '--eval', script]);
    expect(modeOf('portal.sqlite')).toBe(0o600);
    // The hosts themselves: before anything else.
    for (const host of ['electron', 'browser-host', 'cli']) {
      const main = readFileSync(join(source, host, 'main.ts'), 'utf8');
      expect(main.slice(main.indexOf('\n\n')).trimStart().split('\n')[0]).toBe(
        'keepFilesPrivate();',
      );
    }
  });
});
