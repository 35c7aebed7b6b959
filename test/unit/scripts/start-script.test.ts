import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { argumentSources, copyBuilt } from '../../support/built-program.ts';
import { openToOthers } from '../../support/open-files.ts';
import {
  killScripts,
  oneTimeAddress,
  runScript,
  type ScriptRun,
} from '../../support/run-script.ts';

const root = resolve(import.meta.dirname, '../../..');

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
let built: string;
beforeAll(() => {
  copies = mkdtempSync(join(tmpdir(), 'built-'));
  built = copyBuilt(join(copies, 'built'));
});
afterAll(() => rmSync(copies, { recursive: true }));

/** Several programs are started one after the other; the limit only ends a hang. */
const startsMs = 300_000;

const oneTime = oneTimeAddress;
const run = (args: string[], cwd = built, env: NodeJS.ProcessEnv = {}): ScriptRun =>
  runScript(args, cwd, env);

describe('npm start on the built program', { timeout: startsMs }, () => {
  it('prints an address that opens the app once, shares its folder, and stops cleanly', async () => {
    // A folder that was there before, where all may read what is put into it.
    mkdirSync(join(dir, 'data'));
    chmodSync(join(dir, 'data'), 0o755);
    process.umask(0o022);
    const args = ['scripts/start.js', '--browser', '--no-open', '--data', join(dir, 'data')];
    const first = run(args);
    const [url] = await first.printed(oneTime);
    expect(readdirSync(join(dir, 'data'))).toContain('runtime.json');
    expect(openToOthers(join(dir, 'data'))).toEqual([]);
    const opened = await fetch(url, { redirect: 'manual' });
    expect(opened.status).toBe(303);
    const Cookie = opened.headers.get('set-cookie')!.split(';')[0]!;
    const page = await fetch(new URL('/', url), { headers: { Cookie } });
    expect(await page.text()).toContain('<script type="module"');

    // A second start prints a fresh address of the running program, and ends.
    const second = run(args);
    const [again] = await second.printed(oneTime);
    expect(await second.ended).toBe(0);
    expect(second.text()).toContain(`is running already on the folder ${join(dir, 'data')}.`);
    expect(new URL(again).origin).toBe(new URL(url).origin);
    expect((await fetch(again, { redirect: 'manual' })).status).toBe(303);

    // The command line goes through the running program.
    const cli = run(['scripts/cli.js', 'app.status', '--data', join(dir, 'data')]);
    expect(await cli.ended).toBe(0);
    expect(JSON.parse(cli.text())).toMatchObject({ host: 'browser', dataDir: join(dir, 'data') });

    expect(await first.stop('SIGTERM')).toBe(0);
    // Log lines are in the log, with their time in front.
    expect(first.text()).not.toMatch(/error|^\d{4}-/m);
    // By itself it makes its files as the program does.
    rmSync(join(dir, 'data'), { recursive: true });
    mkdirSync(join(dir, 'data'));
    chmodSync(join(dir, 'data'), 0o755);
    const alone = run(['scripts/cli.js', 'app.status', '--data', join(dir, 'data')]);
    expect(await alone.ended).toBe(0);
    expect(JSON.parse(alone.text())).toMatchObject({ host: 'cli' });
    expect(readdirSync(join(dir, 'data'))).toContain('portal.sqlite');
    expect(openToOthers(join(dir, 'data'))).toEqual([]);
  });

  it('--sample shows a page of made-up data; a second time it leaves the data alone', async () => {
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

  it.each([
    [['--smaple'], /^Unknown option: --smaple/],
    [['--data'], /^The option --data needs a value/],
    [['--port', '99999'], /^“99999” is not a right value for the option --port/],
  ])('%o is told in one line before anything starts', async (args, line) => {
    // Of the whole program only the script is there.
    const bare = join(copies, 'bare');
    for (const part of ['scripts', 'locales', ...argumentSources]) {
      cpSync(join(root, part), join(bare, part), { recursive: true });
    }
    const wrong = run(['scripts/start.js', ...args], bare);
    expect(await wrong.ended).toBe(2);
    expect(wrong.text()).toMatch(line);
    expect(wrong.text().trim().split('\n')).toHaveLength(1);
    const dev = run(['scripts/dev.js', ...args], bare);
    expect(await dev.ended).toBe(2);
    expect(dev.text()).toBe(wrong.text());
  });

  it('--help lists every option', async () => {
    const help = run(['scripts/start.js', '--help']);
    expect(await help.ended).toBe(0);
    for (const option of ['--data DIR', '--sample', '--browser', '--no-open', '--port N']) {
      expect(help.text()).toContain(`\n  ${option} `);
    }
  });

  it.each(['start', 'cli', 'dev', 'dist'])('%s without npm ci says one sentence', async (name) => {
    const bare = join(copies, 'not-installed');
    for (const part of ['scripts', 'locales', 'package.json', ...argumentSources]) {
      cpSync(join(root, part), join(bare, part), { recursive: true });
    }
    const started = run([`scripts/${name}.js`], bare);
    expect(await started.ended).toBe(1);
    expect(started.text()).toMatch(/^Customer Portal is not installed yet: run “npm ci”.*\n$/);
  });

  it.each(['start', 'cli', 'dev'])('%s after an update without npm ci says one', async (name) => {
    const bare = join(copies, 'not-updated');
    for (const part of ['scripts', 'locales', 'package.json', ...argumentSources]) {
      cpSync(join(root, part), join(bare, part), { recursive: true });
    }
    mkdirSync(join(bare, 'node_modules/better-sqlite3'), { recursive: true });
    const packages = (version: string): string =>
      JSON.stringify({ packages: { 'node_modules/koa': { version } } });
    writeFileSync(join(bare, 'package-lock.json'), packages('3.1.0'));
    writeFileSync(join(bare, 'node_modules/.package-lock.json'), packages('3.0.0'));
    const started = run([`scripts/${name}.js`], bare);
    expect(await started.ended).toBe(1);
    expect(started.text()).toMatch(/^The installed packages are those of another version: .*\n$/);
  });

  it('npm run dev hands its options to the app, not to the build tool', async () => {
    // What stands for Electron is only looked for, and what stands for electron-vite prints.
    const bare = join(copies, 'dev');
    for (const part of ['scripts', 'locales', 'package.json', ...argumentSources]) {
      cpSync(join(root, part), join(bare, part), { recursive: true });
    }
    const modules = join(bare, 'node_modules');
    for (const folder of ['better-sqlite3', 'electron-vite/bin', 'electron/dist']) {
      mkdirSync(join(modules, folder), { recursive: true });
    }
    writeFileSync(join(modules, 'electron/path.txt'), 'electron');
    writeFileSync(join(modules, 'electron/dist/electron'), '');
    const print = 'console.log(JSON.stringify(process.argv.slice(2)));';
    writeFileSync(join(modules, 'electron-vite/bin/electron-vite.js'), print);
    const args = ['--sample', '--data', join(dir, 'data')];
    const dev = run(['scripts/dev.js', ...args], bare, { DISPLAY: ':99' });
    expect(await dev.ended).toBe(0);
    expect(JSON.parse(dev.text())).toEqual(['dev', '--watch', '--', ...args]);
  });

  it.runIf(process.platform !== 'win32')('SIGTERM ends the build too', async () => {
    // Nothing is built, and what stands for the build does not end by itself.
    const bare = join(copies, 'building');
    for (const part of ['scripts', 'locales', 'package.json', ...argumentSources]) {
      cpSync(join(root, part), join(bare, part), { recursive: true });
    }
    const modules = join(bare, 'node_modules');
    for (const folder of ['better-sqlite3', 'electron-vite/bin']) {
      mkdirSync(join(modules, folder), { recursive: true });
    }
    const endless = "console.log('build begins'); setInterval(() => undefined, 1000);";
    writeFileSync(join(modules, 'electron-vite/bin/electron-vite.js'), endless);
    const started = run(['scripts/start.js', '--no-open', '--data', join(dir, 'data')], bare);
    await started.printed(/build begins/);
    // Resolves when the last one that holds its output has ended: the build.
    expect(await started.stop('SIGTERM')).toBe(143);
    expect(existsSync(join(dir, 'data'))).toBe(false);
  });

  it('a port that is taken is named, in one sentence, and so is a folder that cannot be', async () => {
    const holder = createServer();
    await new Promise<void>((done) => holder.listen(0, '127.0.0.1', done));
    const { port } = holder.address() as AddressInfo;
    const data = ['--no-open', '--data', join(dir, 'data')];
    const taken = run(['scripts/start.js', '--port', String(port), ...data]);
    expect(await taken.ended).toBe(1);
    expect(taken.text()).toBe(
      `Port ${port} is used by another program. Choose another port, or stop that program.\n`,
    );

    // The port of the client's pages: the owner's app starts all the same, and says so.
    const set = `{"enabled":true,"port":${port}}`;
    const stored = run(['scripts/cli.js', 'publish.set', set, '--data', join(dir, 'data')]);
    expect(await stored.ended).toBe(0);
    expect(stored.text()).toContain('takes effect at the next start');
    const started = run(['scripts/start.js', ...data]);
    await started.printed(oneTime);
    expect(started.text()).toContain(`at the moment. Port ${port} is used by another program.`);
    expect(started.text()).not.toMatch(/^\s+at /m);
    await started.stop('SIGTERM');
    holder.close();

    writeFileSync(join(dir, 'file'), '');
    const folder = join(dir, 'file', 'data');
    const nowhere = run(['scripts/start.js', '--no-open', '--data', folder]);
    expect(await nowhere.ended).toBe(1);
    expect(nowhere.text()).toContain(`The folder is ${folder}.`);
    expect(nowhere.text().trim().split('\n')).toHaveLength(1);
  });

  it('a command that fails says one sentence, without a stack, and ends with 1 or 2', async () => {
    const command = async (...args: string[]): Promise<[number | null, string]> => {
      const cli = run(['scripts/cli.js', ...args, '--data', join(dir, 'data')]);
      return [await cli.ended, cli.text()];
    };
    expect(await command('customer.list')).toEqual([
      2,
      expect.stringMatching(/^[^\n]*“customer\.list”[^\n]*“customers\.list”[^\n]*\n$/),
    ]);
    expect(existsSync(join(dir, 'data'))).toBe(false);

    const file = join(dir, 'no export.xlsx');
    writeFileSync(file, 'PK\u0003\u0004 but nothing more');
    const [code, said] = await command('import', file, '--yes');
    expect(code).toBe(1);
    expect(said).not.toMatch(/^\s+at |Error:|^\d{4}-/m);
    expect(said.trim().split('\n')).toHaveLength(1);

    // What nobody expected: the program's own part is damaged, which is no fault of the command.
    const broken = copyBuilt(join(copies, 'damaged'));
    writeFileSync(join(broken, 'out/main/import-reader.js'), 'throw new Error("damaged");');
    const csv = join(dir, 'times.csv');
    writeFileSync(csv, 'Date,Customer\n');
    const damaged = run(['scripts/cli.js', 'import', csv, '--data', join(dir, 'data')], broken);
    expect(await damaged.ended).toBe(1);
    expect(damaged.text()).not.toMatch(/^\s+at /m);
    expect(damaged.text().trim().split('\n')).toHaveLength(1);

    // What is no error of ours at all: Node itself fails.
    const breaks = `
      import crypto from 'node:crypto';
      import { syncBuiltinESMExports } from 'node:module';
      crypto.randomUUID = () => { throw new TypeError('nobody expected this'); };
      syncBuiltinESMExports();`;
    const preload = `data:text/javascript,${encodeURIComponent(breaks)}`;
    const status = ['out/main/cli.js', 'app.status', '--data', join(dir, 'data')];
    const unexpected = run(['--import', preload, ...status]);
    expect(await unexpected.ended).toBe(1);
    const log = join(dir, 'data/customer-portal.log');
    expect(unexpected.text()).toMatch(/^Something unexpected [^\n]*\n$/);
    expect(unexpected.text()).toContain(log);
    expect(readFileSync(log, 'utf8')).toMatch(/ the command failed: TypeError\n\s+at /);
  });

  it.runIf(process.platform === 'linux')('without a screen one line says why', async () => {
    const started = run(['scripts/start.js', '--data', join(dir, 'data')]);
    await started.printed(oneTime);
    expect(started.text()).toContain('There is no screen here');
    expect(await started.stop('SIGTERM')).toBe(0);
  });
});

describe.runIf(process.platform === 'linux')('the default browser', { timeout: startsMs }, () => {
  it.each(['DISPLAY', 'WAYLAND_DISPLAY'])(
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
      // Arguments can be read by all users: the browser gets a page that leads to the address.
      const page = readFileSync(opened, 'utf8');
      expect(page).toBe(join(dir, 'data', 'open.html'));
      expect(readFileSync(page, 'utf8')).toContain(`url=${url}"`);
      expect(await started.stop('SIGTERM')).toBe(0);
    },
  );
});

/** SIGTERM to npm ends the shell that npm put between, and nobody tells the program. */
describe.runIf(process.platform !== 'win32')('npm', { timeout: startsMs }, () => {
  it('that is ended takes the program with it', async () => {
    const data = join(dir, 'data');
    // As npm does: a shell between, and its name in the environment.
    const code = `
      const { spawn } = require('node:child_process');
      const command = 'node scripts/start.js --no-open --data "$1"; exit';
      const shell = spawn('sh', ['-c', command, 'sh', process.argv[1]], { stdio: 'inherit' });
      process.on('SIGTERM', () => { shell.kill('SIGTERM'); process.exit(143); });`;
    const npm = run(['-e', code, data], built, {
      npm_lifecycle_event: 'start',
      PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
    });
    await npm.printed(oneTime);
    // Resolves when the last one that holds its output has ended: the program.
    expect(await npm.stop('SIGTERM')).toBe(143);
    expect(existsSync(join(data, 'runtime.json'))).toBe(false);
    const next = run(['scripts/start.js', '--no-open', '--data', data]);
    await next.printed(oneTime);
    expect(next.text()).not.toContain('already');
    expect(await next.stop('SIGTERM')).toBe(0);
  });
});

it("the README's two commands are what package.json has", () => {
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

it.each(['dev', 'build', 'bench', 'screenshots', 'dist', 'test:fidelity', 'test:fuzz'])(
  'npm run %s is there, and CONTRIBUTING.md says what it does',
  (name) => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    expect(scripts[name]).toBeTruthy();
    expect(readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')).toMatch(
      new RegExp(`\\| \`npm run ${name}\` +\\| \\w`),
    );
  },
);
