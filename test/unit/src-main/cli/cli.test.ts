import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
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
let isRunning: boolean;
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
  isRunning = true;
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
    connect: () =>
      Promise.resolve({ isRunning, call, close: () => Promise.resolve(void closed++) }),
    ...more,
  });
}

const made = (): string[] => calls.map(({ method }) => method);

describe('a call', () => {
  it('prints the answer as JSON and lets the folder go', async () => {
    answers['records.list'] = (input) => ({ total: 1, input });
    expect(await run(['records.list', '{"limit":5}'])).toBe(0);
    expect(JSON.parse(out.join(''))).toEqual({ total: 1, input: { limit: 5 } });
    expect(err).toEqual([]);
    expect(closed).toBe(1);
  });

  it('takes its input from standard input', async () => {
    answers['records.list'] = (input) => input;
    await run(['records.list', '-'], { stdin: Readable.from(['{"lim', 'it":7}']) });
    expect(JSON.parse(out.join(''))).toEqual({ limit: 7 });
  });

  it('passes on whatever JSON it got: the contract judges it', async () => {
    answers['records.list'] = (input) => ({ input });
    await run(['records.list', '[1]']);
    expect(JSON.parse(out.join(''))).toEqual({ input: [1] });
  });

  it('uploads a file in parts and names it in the input', async () => {
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

  it('that is refused: one translated line, code 1', async () => {
    expect(await run(['customers.list'])).toBe(1);
    expect(out).toEqual([]);
    expect(err).toHaveLength(1);
    expect(err[0]).not.toContain('not_found');
    expect(closed).toBe(1);
  });
});

describe('wrong usage says so in one line before a data folder is touched', () => {
  it.each<[string, string[], number, RegExp]>([
    ['nothing', [], 2, /--help/],
    ['no such method', ['customer.list'], 2, /“customer\.list”.* “customers\.list”/],
    ['a word that is nearly import', ['Improt', 'x.csv'], 2, /Did you mean “import”/],
    ['help on no such method', ['--help', 'shares.craete'], 2, /“shares\.create”/],
    ['a property of every object', ['constructor'], 2, /“constructor”/],
    ['an option without its value', ['customers.list', '--data'], 2, /--data needs a value/],
    ['an option in place of a value', ['customers.list', '--data', '--yes'], 2, /--data needs/],
    ['no JSON', ['customers.list', '{'], 2, /JSON/],
    ['too many words', ['customers.list', '{}', 'x'], 2, /x/],
    ['an unknown option', ['customers.list', '--nope'], 2, /--nope/],
    ['no such file', ['imports.open', '--file', '/no/such'], 2, /\/no\/such/],
    ['nothing to import', ['import'], 2, /./],
    ['a second file that is not there', ['import', exportFile, 'b.csv'], 2, /b\.csv/],
  ])('%s', async (_name, argv, code, line) => {
    const connect = () => Promise.reject(new Error('touched'));
    expect(await run(argv, { connect })).toBe(code);
    expect(err).toHaveLength(1);
    expect(err[0]).toMatch(line);
  });
});

describe('import', () => {
  const counts = { inserted: 2, updated: 0, unchanged: 0, removed: 0, problems: 1 };
  const preview = { digest: 'd1', counts };
  beforeEach(() => {
    const states = ['reading', 'planning', 'preview'];
    answers['uploads.begin'] = () => ({ uploadId: 'u1' });
    answers['uploads.append'] = () => ({});
    answers['imports.open'] = () => ({ jobId: 'j1' });
    answers['imports.job'] = () => ({
      ...{ jobId: 'j1', state: states.shift() },
      ...{ preview, error: null, files: [] },
    });
    answers['imports.commit'] = (input) => ({ importId: 1, input });
    answers['imports.cancel'] = () => ({});
  });

  it('shows what would change and applies nothing', async () => {
    expect(await run(['import', exportFile])).toBe(0);
    expect(JSON.parse(out.join(''))).toEqual(preview);
    expect(err).toHaveLength(1);
    expect(made()).toContain('imports.cancel');
    expect(made()).not.toContain('imports.commit');
  });

  it('applies exactly the preview with --yes', async () => {
    expect(await run(['import', exportFile, '--yes'])).toBe(0);
    expect(JSON.parse(out.join(''))).toEqual({
      importId: 1,
      input: { jobId: 'j1', digest: 'd1' },
    });
  });

  it.each([[['--yes']], [[]]])('of which every row was refused fails, with %o', async (more) => {
    const none = { ...preview, counts: { ...counts, inserted: 0, problems: 3 } };
    answers['imports.job'] = () => ({
      ...{ jobId: 'j1', state: 'preview' },
      ...{ preview: none, error: null, files: [] },
    });
    expect(await run(['import', exportFile, ...more])).toBe(1);
    expect(err).toEqual(['None of the 3 rows could be read, so nothing has been imported.']);
    expect(JSON.parse(out.join(''))).toEqual(none);
    expect(made()).toContain('imports.cancel');
    expect(made()).not.toContain('imports.commit');
  });

  it('applies nothing that the owner must have seen first, and says what', async () => {
    const doubtful = { ...preview, mustSee: ['timesContradict', 'corrected'] };
    answers['imports.job'] = () => ({
      ...{ jobId: 'j1', state: 'preview' },
      ...{ preview: doubtful, error: null, files: [] },
    });
    expect(await run(['import', exportFile, '--yes'])).toBe(1);
    expect(err).toEqual([expect.stringMatching(/Look at the file in the app first: Durations/)]);
    expect(err[0]).toContain('no longer has');
    expect(made()).toContain('imports.cancel');
    expect(made()).not.toContain('imports.commit');
  });

  it('explains how a file is read, and why, and imports nothing', async () => {
    const samples = ['11-05-2025 → 2025-11-05'];
    const choice = { about: 'dateOrder', chosen: 'mdy', because: 'wholeFile' };
    const reading = {
      ...{ format: 'csv', encoding: 'utf-8', delimiter: ';', sheet: null, skippedRows: 1 },
      columns: [{ index: 0, header: 'Datum', column: 'date' }],
      ...{ samples: [['not shown']], missing: [], resolutionS: 60, doubts: [] },
      choices: [{ ...choice, options: [{ value: 'mdy', samples }] }],
    };
    answers['imports.job'] = () => ({
      ...{ jobId: 'j1', state: 'preview', kind: 'timesheet', error: null, files: [], reading },
      preview: { ...preview, notices: ['noSeconds'] },
    });
    expect(await run(['import', exportFile, '--explain'])).toBe(0);
    expect(JSON.parse(out.join(''))).toEqual({
      ...{ state: 'preview', kind: 'timesheet', error: null, format: 'csv' },
      ...{ missing: [], resolutionS: 60, counts },
      columns: ['Datum → date'],
      decisions: [
        { about: 'encoding', chosen: 'utf-8', because: 'All of it is Unicode.' },
        {
          ...{ about: 'separator', chosen: ';' },
          because: 'It parts the header into 1 column, 1 of them known.',
        },
        { about: 'headerRow', chosen: 2, because: 'It is the first row with known headers.' },
        { about: 'columns', chosen: 1, because: expect.stringContaining('Kimai’s') },
        {
          ...{ about: 'dateOrder', chosen: 'mdy', options: { mdy: samples } },
          because: 'All dates of the file are days in this order only.',
        },
        { about: 'durationUnit', chosen: null, because: expect.stringContaining('no durations') },
      ],
      notices: [expect.stringContaining('durations to the minute')],
    });
    expect(made()).toContain('imports.cancel');
    expect(made()).not.toContain('imports.commit');
  });

  it('takes several files as one import, and names the one that cannot be read', async () => {
    let uploaded = 0;
    answers['uploads.begin'] = () => ({ uploadId: `u${++uploaded}` });
    answers['imports.open'] = (input) => {
      expect(input).toEqual({ uploadId: 'u1', others: ['u2', 'u3'] });
      return { jobId: 'j1' };
    };
    const files = [exportFile, exportFile, exportFile];
    expect(await run(['import', ...files, '--yes'])).toBe(0);
    expect(made().filter((method) => method === 'imports.commit')).toHaveLength(1);
    const failed = {
      fileName: 'b.csv',
      kind: null,
      error: { code: 'file_binary', params: { line: 1 } },
    };
    answers['imports.job'] = () => ({
      ...{ jobId: 'j1', state: 'preview' },
      ...{ preview, error: null, files: [failed] },
    });
    uploaded = 0;
    expect(await run(['import', ...files, '--yes'])).toBe(1);
    expect(err).toEqual([expect.stringMatching(/^b\.csv: /)]);
    expect(made().filter((method) => method === 'imports.commit')).toHaveLength(1);
  });

  it('tells the error of the file', async () => {
    answers['imports.job'] = () => ({
      state: 'failed',
      error: { code: 'disk_full', params: {} },
    });
    expect(await run(['import', exportFile, '--yes'])).toBe(1);
    expect(err[0]).toMatch(/disk is full/);
  });

  it('gives a file up whose columns a person has to name', async () => {
    answers['imports.job'] = () => ({ state: 'mapping', error: null });
    expect(await run(['import', exportFile, '--yes'])).toBe(1);
    expect(made()).toContain('imports.cancel');
  });
});

it.each([
  [true, []],
  [false, ['Customer Portal is not running on this folder: this takes effect at the next start.']],
])('publish.set says when it takes effect (running: %s)', async (running, said) => {
  isRunning = running;
  answers['publish.set'] = () => ({});
  expect(await run(['publish.set', '{"enabled":true}'])).toBe(0);
  expect(err).toEqual(said);
});

describe('a locked folder', () => {
  beforeEach(() => {
    answers['app.status'] = () => ({ session: asks });
    answers['session.signIn'] = () => ({});
    answers['customers.list'] = () => [];
  });
  const env = { CUSTOMER_PORTAL_PASSWORD: 'hunter2' };

  it('is opened with a profile and the password of the environment', async () => {
    expect(await run(['customers.list', '--profile', 'Bob'], { env })).toBe(0);
    expect(calls[1]).toEqual({
      method: 'session.signIn',
      input: { profileId: 2, password: 'hunter2' },
    });
  });

  it.each<[string, string[], NodeJS.ProcessEnv]>([
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
  it('lists every method of the contract with its inputs', async () => {
    expect(await run(['--help'])).toBe(0);
    const lines = out.join('').split('\n');
    for (const name of Object.keys(contract)) {
      expect(lines.some((line) => line.trimStart().split(' ')[0] === name)).toBe(true);
    }
    expect(out.join('')).toMatch(/shares\.create +label\?, customerId, projectId\?/);
  });

  it.each(Object.keys(contract))('of %s describes input and output', async (name) => {
    expect(await run(['--help', name])).toBe(0);
    expect(out.join('')).not.toMatch(/undefined|anything|,|\[object/);
  });

  it('is readable', async () => {
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
        '  order?: "day" | "user" | "project" | "duration" | "amount" = "day"',
        '  descending?: boolean = true',
        '  offset?: integer ≥ 0 = 0',
        '  limit?: integer 1–500 = 100',
        '}',
      ].join('\n'),
    );
  });
});
