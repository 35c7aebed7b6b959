import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { contract, type Reply, type Request } from '../../../../src-shared/contract.ts';
import { runCli, type CliWorld } from '../../../../src-main/cli/run.ts';
import { loadTexts, translatorFor } from '../../../../src-main/program/texts.ts';

const texts = loadTexts(join(import.meta.dirname, '../../../../locales'));
const dir = mkdtempSync(join(tmpdir(), 'cli-'));
const exportFile = join(dir, 'export.csv');
afterAll(() => rmSync(dir, { recursive: true }));

/** The program behind the command line: answers from a table, remembers calls. */
let answers: Record<string, (input: never) => unknown>;
let calls: Request[];
let closed: number;
let out: string[];
let err: string[];

const signedIn = { profile: { id: 1, name: '', role: 'ROLE_SUPER_ADMIN', hasPassword: false } };
const asks = {
  profile: null,
  profiles: [
    { id: 1, name: 'Ada', hasPassword: true },
    { id: 2, name: 'Bob', hasPassword: true },
  ],
};

beforeEach(() => {
  writeFileSync(exportFile, 'Date,Name\n'.repeat(200_000));
  answers = { 'app.status': () => ({ session: signedIn }) };
  calls = [];
  closed = 0;
  out = [];
  err = [];
});

function call(request: Request): Promise<Reply> {
  calls.push(request);
  const answer = answers[request.method];
  if (answer === undefined) {
    return Promise.resolve({ ok: false, error: { code: 'not_found', params: {} } });
  }
  return Promise.resolve({ ok: true, value: answer(request.input as never) });
}

function run(argv: string[], more: Partial<CliWorld> = {}): Promise<number> {
  return runCli(argv, {
    t: translatorFor(texts, 'en'),
    env: {},
    stdin: Readable.from([]),
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    connect: () => Promise.resolve({ call, close: () => Promise.resolve(void closed++) }),
    ...more,
  });
}

const made = (): string[] => calls.map(({ method }) => method);

describe('a call', () => {
  test('prints the answer as JSON and lets the folder go', async () => {
    answers['records.list'] = (input) => ({ total: 1, input });
    expect(await run(['records.list', '{"limit":5}'])).toBe(0);
    expect(JSON.parse(out.join(''))).toEqual({ total: 1, input: { limit: 5 } });
    expect(err).toEqual([]);
    expect(closed).toBe(1);
  });

  test('takes its input from standard input', async () => {
    answers['records.list'] = (input) => input;
    await run(['records.list', '-'], { stdin: Readable.from(['{"lim', 'it":7}']) });
    expect(JSON.parse(out.join(''))).toEqual({ limit: 7 });
  });

  test('passes on whatever JSON it got: the contract judges it', async () => {
    answers['records.list'] = (input) => ({ input });
    await run(['records.list', '[1]']);
    expect(JSON.parse(out.join(''))).toEqual({ input: [1] });
  });

  test('uploads a file in parts and names it in the input', async () => {
    const parts: { offset: number; base64: string }[] = [];
    answers['uploads.begin'] = () => ({ uploadId: 'u1' });
    answers['uploads.append'] = (part) => parts.push(part);
    answers['imports.open'] = (input) => ({ jobId: 'j1', input });
    expect(await run(['imports.open', '--file', exportFile])).toBe(0);
    expect(calls[1]?.input).toEqual({ fileName: 'export.csv', size: 2_000_000 });
    expect(parts.map(({ offset }) => offset)).toEqual([0, 1_048_576]);
    const bytes = Buffer.concat(parts.map(({ base64 }) => Buffer.from(base64, 'base64')));
    expect(bytes.toString()).toBe('Date,Name\n'.repeat(200_000));
    expect(JSON.parse(out.join(''))).toEqual({ jobId: 'j1', input: { uploadId: 'u1' } });
  });

  test('that is refused: one translated line, code 1', async () => {
    expect(await run(['customers.list'])).toBe(1);
    expect(out).toEqual([]);
    expect(err).toHaveLength(1);
    expect(err[0]).not.toContain('not_found');
    expect(closed).toBe(1);
  });
});

describe('wrong usage says so in one line before a data folder is touched', () => {
  test.each<[string, string[], number, RegExp]>([
    ['nothing', [], 2, /--help/],
    ['no such method', ['no.such'], 1, /./],
    ['a property of every object', ['constructor'], 1, /./],
    ['no JSON', ['customers.list', '{'], 2, /JSON/],
    ['too many words', ['customers.list', '{}', 'x'], 2, /x/],
    ['an unknown option', ['customers.list', '--nope'], 2, /--nope/],
    ['no such file', ['imports.open', '--file', '/no/such'], 2, /\/no\/such/],
    ['nothing to import', ['import'], 2, /./],
    ['two files', ['import', exportFile, 'b.csv'], 2, /b\.csv/],
  ])('%s', async (_name, argv, code, line) => {
    const connect = () => Promise.reject(new Error('touched'));
    expect(await run(argv, { connect })).toBe(code);
    expect(err).toHaveLength(1);
    expect(err[0]).toMatch(line);
  });
});

describe('import', () => {
  const preview = { digest: 'd1', counts: { inserted: 2 } };
  beforeEach(() => {
    const states = ['reading', 'planning', 'preview'];
    answers['uploads.begin'] = () => ({ uploadId: 'u1' });
    answers['uploads.append'] = () => ({});
    answers['imports.open'] = () => ({ jobId: 'j1' });
    answers['imports.job'] = () => ({ jobId: 'j1', state: states.shift(), preview, error: null });
    answers['imports.commit'] = (input) => ({ importId: 1, input });
    answers['imports.cancel'] = () => ({});
  });

  test('shows what would change and applies nothing', async () => {
    expect(await run(['import', exportFile])).toBe(0);
    expect(JSON.parse(out.join(''))).toEqual(preview);
    expect(err).toHaveLength(1);
    expect(made()).toContain('imports.cancel');
    expect(made()).not.toContain('imports.commit');
  });

  test('applies exactly the preview with --yes', async () => {
    expect(await run(['import', exportFile, '--yes'])).toBe(0);
    expect(JSON.parse(out.join(''))).toEqual({
      importId: 1,
      input: { jobId: 'j1', digest: 'd1' },
    });
  });

  test('tells the error of the file', async () => {
    answers['imports.job'] = () => ({
      state: 'failed',
      error: { code: 'disk_full', params: {} },
    });
    expect(await run(['import', exportFile, '--yes'])).toBe(1);
    expect(err[0]).toMatch(/disk is full/);
  });

  test('gives a file up whose columns a person has to name', async () => {
    answers['imports.job'] = () => ({ state: 'mapping', error: null });
    expect(await run(['import', exportFile, '--yes'])).toBe(1);
    expect(made()).toContain('imports.cancel');
  });
});

describe('a locked folder', () => {
  beforeEach(() => {
    answers['app.status'] = () => ({ session: asks });
    answers['session.signIn'] = () => ({});
    answers['customers.list'] = () => [];
  });
  const env = { CUSTOMER_PORTAL_PASSWORD: 'hunter2' };

  test('is opened with a profile and the password of the environment', async () => {
    expect(await run(['customers.list', '--profile', 'Bob'], { env })).toBe(0);
    expect(calls[1]).toEqual({
      method: 'session.signIn',
      input: { profileId: 2, password: 'hunter2' },
    });
  });

  test.each<[string, string[], NodeJS.ProcessEnv]>([
    ['no password', ['--profile', 'Bob'], {}],
    ['no profile among several', [], env],
    ['no such profile', ['--profile', 'Eve'], env],
  ])('%s', async (_name, options, given) => {
    expect(await run(['customers.list', ...options], { env: given })).toBe(2);
    expect(made()).toEqual(['app.status']);
    expect(err.join('')).not.toContain('hunter2');
  });
});

describe('help', () => {
  test('lists every method of the contract with its inputs', async () => {
    expect(await run(['--help'])).toBe(0);
    const lines = out.join('').split('\n');
    for (const name of Object.keys(contract)) {
      expect(lines.some((line) => line.trimStart().split(' ')[0] === name)).toBe(true);
    }
    expect(out.join('')).toMatch(/shares\.create +label\?, customerId, projectId\?/);
  });

  test.each(Object.keys(contract))('of %s describes input and output', async (name) => {
    expect(await run(['--help', name])).toBe(0);
    expect(out.join('')).not.toMatch(/undefined|anything|,|\[object/);
  });

  test('is readable', async () => {
    await run(['--help', 'records.list']);
    expect(out.join('')).toContain(
      [
        'records.list (query)',
        'Permission: view_customer',
        'Input: {',
        '  customerId?: integer ≥ 1',
        '  projectId?: integer ≥ 1',
        '  firstDay?: YYYY-MM-DD',
        '  lastDay?: YYYY-MM-DD',
        '  search?: text (at most 200)',
        '  state?: "all" | "hidden" | "running" | "edited" = "all"',
        '  offset?: integer ≥ 0 = 0',
        '  limit?: integer 1–500 = 100',
        '}',
      ].join('\n'),
    );
  });
});
