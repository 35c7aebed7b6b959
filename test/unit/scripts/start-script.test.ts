import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  killScripts,
  oneTimeAddress,
  runScript,
  type ScriptRun,
} from '../../support/run-script.ts';
// @ts-expect-error: a script without types
import { isBuildOutdated as outdated } from '../../../scripts/start/build.js';
// @ts-expect-error: a script without types
import { electronBinary, hasScreen } from '../../../scripts/start/electron.js';

const root = resolve(import.meta.dirname, '../../..');
const isBuildOutdated = outdated as (root: string) => boolean;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'start-'));
});
afterEach(() => {
  // A failed test leaves some.
  killScripts();
  rmSync(dir, { recursive: true });
});

/**
 * The built program without its sources, so that nothing is outdated. `installer`: instead of
 * Electron there is only this script where its installer would be.
 */
function copyBuilt(name: string, installer?: string): string {
  const copy = join(copies, name);
  for (const part of ['scripts', 'locales', 'resources', 'out', 'package.json']) {
    cpSync(join(root, part), join(copy, part), { recursive: true });
  }
  const modules = join(copy, 'node_modules');
  mkdirSync(modules);
  for (const module of readdirSync(join(root, 'node_modules'))) {
    if (module !== 'electron')
      symlinkSync(join(root, 'node_modules', module), join(modules, module));
  }
  if (installer !== undefined) {
    mkdirSync(join(modules, 'electron'));
    writeFileSync(join(modules, 'electron/install.js'), installer);
  }
  return copy;
}

let copies: string;
let built: string;
beforeAll(() => {
  copies = mkdtempSync(join(tmpdir(), 'built-'));
  built = copyBuilt('built');
});
afterAll(() => rmSync(copies, { recursive: true }));

/** Several programs are started one after the other; the limit only ends a hang. */
const startsMs = 300_000;

const oneTime = oneTimeAddress;
const run = (args: string[], cwd = built, env: NodeJS.ProcessEnv = {}): ScriptRun =>
  runScript(args, cwd, env);

describe('npm start on the built program', { timeout: startsMs }, () => {
  test('prints an address that opens the app once, shares its folder, and stops cleanly', async () => {
    const args = ['scripts/start.js', '--browser', '--no-open', '--data', join(dir, 'data')];
    const first = run(args);
    const [url] = await first.printed(oneTime);
    const opened = await fetch(url, { redirect: 'manual' });
    expect(opened.status).toBe(303);
    const Cookie = opened.headers.get('set-cookie')!.split(';')[0]!;
    const page = await fetch(new URL('/', url), { headers: { Cookie } });
    expect(await page.text()).toContain('<script type="module"');

    // A second start prints a fresh address of the running program, and ends.
    const second = run(args);
    const [again] = await second.printed(oneTime);
    expect(await second.ended).toBe(0);
    expect(new URL(again).origin).toBe(new URL(url).origin);
    expect((await fetch(again, { redirect: 'manual' })).status).toBe(303);

    // The command line goes through the running program.
    const cli = run(['scripts/cli.js', 'app.status', '--data', join(dir, 'data')]);
    expect(await cli.ended).toBe(0);
    expect(JSON.parse(cli.text())).toMatchObject({ host: 'browser', dataDir: join(dir, 'data') });

    expect(await first.stop('SIGTERM')).toBe(0);
    expect(first.text()).not.toMatch(/error/);
    const alone = run(['scripts/cli.js', 'app.status', '--data', join(dir, 'data')]);
    expect(await alone.ended).toBe(0);
    expect(JSON.parse(alone.text())).toMatchObject({ host: 'cli' });
  });

  test('--sample shows a page of made-up data; a second time it leaves the data alone', async () => {
    const args = ['scripts/start.js', '--no-open', '--sample', '--data', join(dir, 'data')];
    const first = run(args);
    const [share] = await first.printed(/http:\/\/localhost:\d+\/\S+\/customer-portal\/\S+/);
    const answer = await fetch(share);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('data-page="customer"');
    await first.stop('SIGINT');

    const second = run(args);
    await second.printed(oneTime);
    expect(second.text()).toContain('already holds data');
    // The address survived.
    expect((await fetch(share)).status).toBe(200);

    // With a lock password nobody is signed in when the program starts.
    const owner = '{"id":1,"password":"anchor chain, 7 links"}';
    const lock = run(['scripts/cli.js', 'profiles.update', owner, '--data', join(dir, 'data')]);
    expect(await lock.ended).toBe(0);
    expect(await second.stop('SIGTERM')).toBe(0);
    const third = run(args);
    await third.printed(oneTime);
    expect(third.text()).toContain('already holds data');
    expect(await third.stop('SIGTERM')).toBe(0);
  });

  test.each([
    [['--nonsense'], /--nonsense/],
    [['--port', '99999'], /--port/],
  ])('%o is told in one line', async (args, line) => {
    const wrong = run(['scripts/start.js', '--browser', '--no-open', ...args]);
    expect(await wrong.ended).toBe(1);
    expect(wrong.text()).toMatch(line);
    expect(wrong.text().trim().split('\n')).toHaveLength(1);
  });

  test.runIf(process.platform === 'linux')('without a screen one line says why', async () => {
    const started = run(['scripts/start.js', '--data', join(dir, 'data')]);
    await started.printed(oneTime);
    expect(started.text()).toContain('There is no screen here');
    expect(await started.stop('SIGTERM')).toBe(0);
  });
});

describe.runIf(process.platform === 'linux')('the default browser', { timeout: startsMs }, () => {
  test.each(['DISPLAY', 'WAYLAND_DISPLAY'])(
    'is opened at the printed address on a %s',
    async (screen) => {
      const opened = join(dir, 'opened');
      const script = `#!/bin/sh\nprintf %s "$1" > '${opened}.part' && mv '${opened}.part' '${opened}'\n`;
      writeFileSync(join(dir, 'xdg-open'), script, { mode: 0o755 });
      const env = { [screen]: ':99', PATH: `${dir}:${process.env.PATH}` };
      const started = run(
        ['scripts/start.js', '--browser', '--data', join(dir, 'data')],
        built,
        env,
      );
      const [url] = await started.printed(oneTime);
      while (!existsSync(opened)) await wait(20);
      expect(readFileSync(opened, 'utf8')).toBe(url);
      expect(await started.stop('SIGTERM')).toBe(0);
    },
  );
});

describe.runIf(process.platform !== 'win32')('with Electron', { timeout: startsMs }, () => {
  const env = { DISPLAY: ':99' };

  /** A script in place of the binary. */
  function copyWithElectron(name: string, script: string): string {
    const copy = copyBuilt(name);
    const folder = join(copy, 'node_modules/electron');
    mkdirSync(join(folder, 'dist'), { recursive: true });
    writeFileSync(join(folder, 'path.txt'), 'electron');
    writeFileSync(join(folder, 'dist/electron'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return copy;
  }

  test('npm start is the desktop app, and ends as it ends', async () => {
    const copy = copyWithElectron('with-electron', 'echo "app: $@"; exit 3');
    const started = run(['scripts/start.js', '--sample', '--data', 'there'], copy, env);
    expect(await started.ended).toBe(3);
    expect(started.text()).toBe(`app: ${copy}/ --sample --data there\n`);
  });

  test('that cannot run here, one line says so and the browser host runs', async () => {
    const copy = copyWithElectron('broken-electron', 'kill -TRAP $$');
    const started = run(['scripts/start.js', '--data', join(dir, 'data')], copy, env);
    await started.printed(oneTime);
    expect(started.text()).toMatch(/^Electron cannot run on this computer.*$/m);
    expect(await started.stop('SIGTERM')).toBe(0);
  });
});

describe('without Electron', { timeout: startsMs }, () => {
  // A screen, and a mirror that nobody answers at.
  const env = { DISPLAY: ':99', ELECTRON_MIRROR: 'http://127.0.0.1:9/' };
  let copy: string;
  beforeAll(() => {
    copy = copyBuilt('without-electron', 'process.exit(1)');
  });

  test('that cannot be fetched, one line says so and the browser host runs', async () => {
    const args = ['scripts/start.js', '--data', join(dir, 'data')];
    const started = run(args, copy, env);
    await started.printed(oneTime);
    expect(started.text()).toContain('Electron is not installed and cannot be fetched');
    expect(await started.stop('SIGTERM')).toBe(0);
  });

  test('nothing can be packaged, which one line says', async () => {
    const dist = run(['scripts/dist.js'], copy, env);
    expect(await dist.ended).toBe(1);
    expect(dist.text()).toMatch(/^Electron is not installed .* cannot be packaged here\.\n$/);
  });

  test('the binary is found where the installer puts it', () => {
    const folder = join(dir, 'node_modules/electron');
    mkdirSync(join(folder, 'dist'), { recursive: true });
    const find = electronBinary as (root: string) => string | null;
    expect(find(dir)).toBeNull();
    writeFileSync(join(folder, 'path.txt'), 'electron');
    expect(find(dir)).toBeNull();
    writeFileSync(join(folder, 'dist/electron'), '');
    expect(find(dir)).toBe(join(folder, 'dist/electron'));
  });

  test('a screen is only asked for on Linux', () => {
    const screen = hasScreen as (platform: string, env: object) => boolean;
    expect(screen('linux', {})).toBe(false);
    expect(screen('linux', { DISPLAY: ':0' })).toBe(true);
    expect(screen('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true);
    expect(screen('darwin', {})).toBe(true);
    expect(screen('win32', {})).toBe(true);
  });
});

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

  test('not if nothing changed since', () => {
    expect(isBuildOutdated(dir)).toBe(false);
  });

  test.each(['src-main/app.ts', 'src-shared/deep/money.ts', 'package-lock.json'])(
    'if %s changed',
    (path) => {
      file(path, new Date('2026-03-01'));
      expect(isBuildOutdated(dir)).toBe(true);
    },
  );

  test('if a file was removed', () => {
    rmSync(join(dir, 'src-shared/deep/money.ts'));
    expect(isBuildOutdated(dir)).toBe(true);
  });

  test('if a part of the build is missing', () => {
    rmSync(join(dir, 'out/preload/preload.cjs'));
    expect(isBuildOutdated(dir)).toBe(true);
  });
});

test("the README's two commands are what package.json has", () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  for (const [, name] of readme.matchAll(
    /npm (?:run (?:--silent )?)?(start|test|cli|dev|build|bench|dist|test:fidelity)\b/g,
  )) {
    expect(scripts).toHaveProperty([name!]);
  }
  expect(readme).toContain('\nnpm ci && npm start\n');
  expect(readme).toContain('\nnpm ci && npm test\n');
  const ci = readFileSync(join(root, '.ci/run'), 'utf8');
  expect(ci.trimEnd()).toMatch(/\nnpm ci && npm test$/);
});

test.each(['dev', 'build', 'bench', 'dist', 'test:fidelity'])(
  'npm run %s is there, and the README says what it does',
  (name) => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    expect(scripts[name]).toBeTruthy();
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toMatch(
      new RegExp(`\\| \`npm run ${name}\` +\\| \\w`),
    );
  },
);
