import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { copyBuilt } from '../../support/built-program.ts';
import {
  killScripts,
  oneTimeAddress,
  runScript,
  type ScriptRun,
} from '../../support/run-script.ts';
// @ts-expect-error: a script without types
import { electronBinary, hasScreen, isCached } from '../../../scripts/start/electron.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'start-'));
});
afterEach(() => {
  // A failed test leaves some.
  killScripts();
  rmSync(dir, { recursive: true });
});

let copies: string;
beforeAll(() => {
  copies = mkdtempSync(join(tmpdir(), 'built-'));
});
afterAll(() => rmSync(copies, { recursive: true }));

/** Several programs are started one after the other; the limit only ends a hang. */
const startsMs = 300_000;

const oneTime = oneTimeAddress;
const run = (args: string[], cwd: string, env: NodeJS.ProcessEnv): ScriptRun =>
  runScript(args, cwd, env);

describe.runIf(process.platform !== 'win32')('with Electron', { timeout: startsMs }, () => {
  const env = { DISPLAY: ':99' };

  /** A script in place of the binary. */
  function copyWithElectron(name: string, script: string): string {
    const copy = copyBuilt(join(copies, name));
    const folder = join(copy, 'node_modules/electron');
    mkdirSync(join(folder, 'dist'), { recursive: true });
    writeFileSync(join(folder, 'path.txt'), 'electron');
    writeFileSync(join(folder, 'dist/electron'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return copy;
  }

  /** What src-main/electron/main.ts sends once its window is open. */
  const ready = `printf '{"ready":true}\\n' >&$NODE_CHANNEL_FD`;

  it('npm start is the desktop app, and ends as it ends', async () => {
    const copy = copyWithElectron(
      'with-electron',
      `${ready}; echo "app: $@ <$ELECTRON_RUN_AS_NODE$ELECTRON_RENDERER_URL>"; exit 3`,
    );
    const started = run(['scripts/start.js', '--sample', '--data', 'there'], copy, {
      ...env,
      ELECTRON_RUN_AS_NODE: '1',
      ELECTRON_RENDERER_URL: 'http://127.0.0.1:1/',
    });
    expect(await started.ended).toBe(3);
    expect(started.text()).toBe(`app: ${copy}/ --sample --data there <>\n`);
  });

  it('npm run dist names the clone’s origin and who packs, without which there is no deb', async () => {
    const copy = copyWithElectron('packs', 'true');
    // What stands for electron-builder prints, and what stands for git knows what the test says.
    const modules = join(copy, 'node_modules');
    rmSync(join(modules, 'electron-builder'));
    mkdirSync(join(modules, 'electron-builder'));
    const print = 'console.log(JSON.stringify(process.argv.slice(2)));';
    writeFileSync(join(modules, 'electron-builder/cli.js'), print);
    const git = `#!/bin/sh
      case "$*" in
        "remote get-url origin") echo "$ORIGIN" ;;
        "config user.name") echo Me ;;
        "config user.email") echo me@forge.example ;;
      esac\n`;
    mkdirSync(join(dir, 'bin'));
    writeFileSync(join(dir, 'bin/git'), git, { mode: 0o755 });
    const PATH = `${join(dir, 'bin')}:${process.env.PATH}`;
    const dist = async (ORIGIN: string): Promise<[number | null, string]> => {
      const packing = run(['scripts/dist.js', '--dir'], copy, { ...env, PATH, ORIGIN });
      return [await packing.ended, packing.text()];
    };
    const [status, said] = await dist('git@forge.example:me/it.git');
    expect([status, JSON.parse(said)]).toEqual([
      0,
      [
        '-c.extraMetadata.homepage=https://forge.example/me/it',
        '-c.linux.maintainer=Me <me@forge.example>',
        '--dir',
      ],
    ]);
    const nowhere = await dist('');
    if (process.platform !== 'linux') return;
    expect(nowhere).toEqual([
      1,
      expect.stringMatching(/^A package for Linux names where its source is and who .*\n$/),
    ]);
  });

  // What an Electron does where it cannot run.
  it.each([
    [
      'no sandbox',
      'echo "FATAL: no usable sandbox" >&2; kill -TRAP $$',
      'FATAL: no usable sandbox',
    ],
    ['no server behind DISPLAY', 'kill -SEGV $$', 'SIGSEGV'],
    ['a missing library', 'echo "libgtk-3.so.0: cannot open" >&2; exit 127', 'libgtk-3.so.0: .*'],
    ['an end with a status', 'exit 1', 'exit 1'],
  ])('%s: one line says so, and the browser host runs', async (name, script, reason) => {
    const copy = copyWithElectron(name, script);
    const started = run(['scripts/start.js', '--data', join(dir, 'data')], copy, env);
    await started.printed(oneTime);
    expect(started.text()).toMatch(
      new RegExp(`^Electron ended before its window was open \\(${reason}\\), so`, 'm'),
    );
    // Two ways out, where there are some; none of them is to run without a sandbox.
    expect(started.text().includes('dist/chrome-sandbox')).toBe(name === 'no sandbox');
    expect(started.text().includes('AppArmor')).toBe(name === 'no sandbox');
    expect(started.text()).not.toContain('--no-sandbox');
    expect(await started.stop('SIGTERM')).toBe(0);
  });

  it('a binary that does not start: one line says so, and the browser host runs', async () => {
    const copy = copyWithElectron('not-executable', 'true');
    chmodSync(join(copy, 'node_modules/electron/dist/electron'), 0o644);
    const started = run(['scripts/start.js', '--data', join(dir, 'data')], copy, env);
    await started.printed(oneTime);
    expect(started.text()).toMatch(/^Electron ended before .*EACCES/m);
    expect(await started.stop('SIGTERM')).toBe(0);
  });

  it.each([
    ['a crash hours later', `${ready}; kill -SEGV $$`, 139],
    ['an abort while quitting', `${ready}; kill -ABRT $$`, 134],
    ['a second start, which hands over and ends', 'exit 0', 0],
  ])('%s starts no second program', async (name, script, status) => {
    const copy = copyWithElectron(name, script);
    const started = run(['scripts/start.js', '--data', join(dir, 'data')], copy, env);
    expect(await started.ended).toBe(status);
    expect(started.text()).toBe('');
    expect(existsSync(join(dir, 'data'))).toBe(false);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    '%s is passed on, before its window too',
    async (name) => {
      const trap = `trap 'echo "got ${name}"; exit 4' ${name.slice(3)}; echo waiting; while :; do sleep 0.05; done`;
      const copy = copyWithElectron(`waits-for-${name}`, trap);
      const started = run(['scripts/start.js', '--data', join(dir, 'data')], copy, env);
      await started.printed(/waiting/);
      expect(await started.stop(name)).toBe(4);
      expect(started.text()).toBe(`waiting\ngot ${name}\n`);
    },
  );
});

describe('without Electron', { timeout: startsMs }, () => {
  // A screen, and a mirror that nobody answers at.
  const env = { DISPLAY: ':99', ELECTRON_MIRROR: 'http://127.0.0.1:9/' };
  let copy: string;
  beforeAll(() => {
    copy = copyBuilt(join(copies, 'without-electron'), 'process.exit(1)');
  });

  it('that cannot be fetched, one line says so and the browser host runs', async () => {
    const args = ['scripts/start.js', '--data', join(dir, 'data')];
    const started = run(args, copy, env);
    await started.printed(oneTime);
    expect(started.text()).toContain('Electron is not installed and cannot be fetched');
    // Nothing could be reached, so nothing was tried.
    expect(started.text()).not.toContain('Fetching');
    expect(await started.stop('SIGTERM')).toBe(0);
  });

  it('of which the installer fails, its last line says why', async () => {
    const installer = `
      console.error('RequestError: no route to the mirror\\n    at somewhere');
      process.exit(1);`;
    const failing = copyBuilt(join(copies, 'failing-installer'), installer);
    const started = run(['scripts/start.js', '--data', join(dir, 'data')], failing, {
      ...env,
      ELECTRON_GET_USE_PROXY: '1',
    });
    await started.printed(oneTime);
    expect(started.text()).toMatch(/^Fetching Electron \(once, about 110 MB\)/);
    expect(started.text()).toMatch(/^Electron could not be fetched: RequestError: no route.*$/m);
    expect(await started.stop('SIGTERM')).toBe(0);
  });

  it('what its installer has in its cache is available, without any network', () => {
    const cached = isCached as (root: string, env: NodeJS.ProcessEnv) => boolean;
    mkdirSync(join(dir, 'node_modules/electron'), { recursive: true });
    writeFileSync(join(dir, 'node_modules/electron/package.json'), '{"version":"45.0.0"}');
    const cache = { electron_config_cache: join(dir, 'cache') };
    expect(cached(dir, cache)).toBe(false);
    mkdirSync(join(dir, 'cache/abc'), { recursive: true });
    writeFileSync(join(dir, 'cache/abc/electron-v44.0.0-linux-x64.zip'), '');
    expect(cached(dir, cache)).toBe(false);
    const name = `electron-v45.0.0-${process.platform}-${process.arch}.zip`;
    writeFileSync(join(dir, 'cache/abc', name), '');
    expect(cached(dir, cache)).toBe(true);
  });

  it('one of the system, at ELECTRON_OVERRIDE_DIST_PATH, is available', () => {
    const find = electronBinary as (root: string, env: NodeJS.ProcessEnv) => string | null;
    const system = { ELECTRON_OVERRIDE_DIST_PATH: join(dir, 'system') };
    expect(find(dir, system)).toBeNull();
    mkdirSync(join(dir, 'system'));
    const names: Record<string, string> = { win32: 'electron.exe' };
    const binary = join(dir, 'system', names[process.platform] ?? 'electron');
    writeFileSync(binary, '');
    if (process.platform !== 'darwin') expect(find(dir, system)).toBe(binary);
  });

  it('nothing can be packaged, which one line says', async () => {
    const dist = run(['scripts/dist.js'], copy, env);
    expect(await dist.ended).toBe(1);
    expect(dist.text()).toMatch(/^Electron is not installed .* cannot be packaged here\.\n$/);
  });

  it('the binary is found where the installer puts it', () => {
    const folder = join(dir, 'node_modules/electron');
    mkdirSync(join(folder, 'dist'), { recursive: true });
    const find = electronBinary as (root: string) => string | null;
    expect(find(dir)).toBeNull();
    writeFileSync(join(folder, 'path.txt'), 'electron');
    expect(find(dir)).toBeNull();
    writeFileSync(join(folder, 'dist/electron'), '');
    expect(find(dir)).toBe(join(folder, 'dist/electron'));
  });

  it('a screen is only asked for on Linux', () => {
    const screen = hasScreen as (platform: string, env: object) => boolean;
    expect(screen('linux', {})).toBe(false);
    expect(screen('linux', { DISPLAY: ':0' })).toBe(true);
    expect(screen('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true);
    expect(screen('darwin', {})).toBe(true);
    expect(screen('win32', {})).toBe(true);
  });
});
