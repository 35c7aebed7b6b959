/** The workflow of a public forge, which nobody runs here: what it names is there. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Step {
  uses?: string;
  with?: Record<string, unknown>;
  if?: string;
  run?: string;
}
interface Job {
  needs?: string;
  strategy: { matrix: { os: string[] } };
  'runs-on': string;
  steps: Step[];
}
// electron-builder's own.
const { load } = createRequire(createRequire(import.meta.url).resolve('electron-builder'))(
  'js-yaml',
) as { load(text: string): unknown };
const workflow = load(read('.github/workflows/desktop.yml')) as {
  on: Record<string, unknown>;
  jobs: { shell: Job; installers: Job };
};
const { shell, installers } = workflow.jobs;
const systems = ['Linux', 'macOS', 'Windows'] as const;

/** The commands of a job on one system. */
const commandsOn = (job: Job, system: string): string[] =>
  job.steps
    .filter(({ if: condition = `runner.os == '${system}'` }) => {
      const [, operator, name] = /^runner\.os (==|!=) '(\w+)'$/.exec(condition)!;
      return (name === system) === (operator === '==');
    })
    .flatMap(({ run }) => run?.trim().split('\n') ?? []);

describe('the workflow of the desktop app', () => {
  it('runs for each change, on the three systems', () => {
    expect(Object.keys(workflow.on)).toEqual(expect.arrayContaining(['push', 'pull_request']));
    for (const { strategy, ...job } of [shell, installers]) {
      expect(job['runs-on']).toBe('${{ matrix.os }}');
      const names = strategy.matrix.os.map((os) => /^[a-z]+/.exec(os)![0]);
      expect(names.toSorted()).toEqual(['macos', 'ubuntu', 'windows']);
    }
  });

  it.each(systems)('runs the shell’s tests on a real Electron on %s', (system) => {
    const commands = commandsOn(shell, system);
    const places = [
      /^npm ci$/,
      /^node node_modules\/electron\/install\.js$/,
      /^npm run build$/,
      /npm run test:run -- test\/browser\/electron-shell\.test\.ts/,
    ].map((pattern) => commands.findIndex((command) => pattern.test(command)));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    const test = commands[places[3]!]!;
    // Without a screen they would be skipped.
    expect(test.startsWith('xvfb-run ')).toBe(system === 'Linux');
    const only = / -t (\S+)$/.exec(test)?.[1];
    if (only !== undefined) {
      expect(read('test/browser/electron-shell.test.ts')).toMatch(new RegExp(`kind: '${only}'`));
    }
  });

  it('builds every installer, after the tests, and fails without one', () => {
    expect(installers.needs).toBe('shell');
    for (const system of systems) {
      const commands = commandsOn(installers, system);
      expect(commands[0]).toBe('npm ci');
      expect(commands.at(-1)).toMatch(/^npm run dist -- /);
    }
    const { path, ...upload } = installers.steps.at(-1)!.with as { path: string };
    expect(upload).toMatchObject({ 'if-no-files-found': 'error' });
    const { linux, mac, win } = JSON.parse(read('electron-builder.json')) as Record<
      'linux' | 'mac' | 'win',
      { target: string[] }
    >;
    const files: Record<string, string> = { nsis: 'exe' };
    const targets = [linux, mac, win].flatMap(({ target }) => target);
    expect(path.trim().split(/\s+/)).toEqual(
      targets.map((target) => `dist/*.${files[target] ?? target}`),
    );
  });

  it('names scripts, files and settings that there are', () => {
    const { scripts, ...manifest } = JSON.parse(read('package.json')) as {
      scripts: Record<string, string>;
    };
    const commands = [shell, installers].flatMap((job) => job.steps.map(({ run = '' }) => run));
    const text = commands.join('\n');
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map((match) => match[1]!);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
    const paths = [...text.matchAll(/(?:node |-- )([\w./-]+\.[jt]s)/g)].map((match) => match[1]!);
    expect(paths.length).toBeGreaterThan(1);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const set = [...text.matchAll(/npm pkg set "(\w+)=/g)].map((match) => match[1]!);
    expect(set).toEqual(['homepage', 'releasesUrl']);
    // The one that is no field of npm's has its place already.
    expect(manifest).toHaveProperty('releasesUrl');
  });
});
