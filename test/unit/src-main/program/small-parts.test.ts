import { mkdtempSync, readFileSync, rmSync, writeFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-shared/errors.ts';
import { isReachable, readBounds, writeBounds } from '../../../../src-main/electron/bounds.ts';
import { parseProgramArguments } from '../../../../src-main/program/arguments.ts';
import { createDeliveryErrors } from '../../../../src-shared/client-resets.ts';
import { errorText, exitCode } from '../../../../src-main/program/error-text.ts';
import { parseLog } from '../../../../src-main/log.ts';
import { createFileLog, createLog } from '../../../../src-main/program/log.ts';
import { loadTexts, translatorFor } from '../../../../src-main/program/texts.ts';

const clock = { now: () => new Date('2026-11-24T12:00:00Z') };
const texts = loadTexts(join(import.meta.dirname, '../../../../locales'));

describe('log', () => {
  const lines: string[] = [];
  const log = createLog((line) => lines.push(line), clock);

  it('one line with time and level', () => {
    log.info('portal online, port 8723');
    expect(lines.pop()).toBe('2026-11-24T12:00:00.000Z info portal online, port 8723\n');
  });

  it('keys, tokens and e-mails do not get through', () => {
    log.info(
      'GET /en/auth/customer-portal/SECRETKEY/p/3?x=1 from ada@example.com, /open?token=abc',
    );
    expect(lines.pop()).toContain(
      'GET /en/auth/customer-portal/[key]/p/3?x=1 from [e-mail], /open?token=[token]',
    );
  });

  it('of an error: name, code, stack and causes, never the message', () => {
    const cause = Object.assign(new Error('password hunter2\nsecond line'), { code: 'ECODE' });
    log.error('failed', new AppError('disk_full', {}, { cause }));
    const line = lines.pop()!;
    expect(line).toMatch(/error failed: AppError disk_full\n\s+at /);
    expect(line).toMatch(/caused by Error ECODE\n\s+at /);
    expect(line).not.toMatch(/hunter2|second line/);
  });

  it('whatever else was thrown is only named', () => {
    log.error('failed', 'hunter2');
    expect(lines.pop()).toMatch(/failed: a thrown string\n$/);
  });

  it('a full file is put aside', () => {
    const dir = mkdtempSync(join(tmpdir(), 'log-'));
    const file = join(dir, 'app.log');
    writeFileSync(file, 'x'.repeat(1024 * 1024 + 1));
    createFileLog(file, clock).info('new');
    expect(readFileSync(file, 'utf8')).toMatch(/info new\n$/);
    expect(readFileSync(`${file}.old`, 'utf8')).toHaveLength(1024 * 1024 + 1);
    rmSync(dir, { recursive: true });
  });

  it('a file is put aside while the program runs, too', () => {
    const dir = mkdtempSync(join(tmpdir(), 'log-'));
    const file = join(dir, 'app.log');
    const fileLog = createFileLog(file, clock);
    for (let n = 0; n < 2500; n++) fileLog.info('x'.repeat(1000));
    for (const name of [file, `${file}.old`]) {
      expect(statSync(name).size).toBeLessThanOrEqual(1024 * 1024);
      expect(statSync(name).mode & 0o777).toBe(0o600);
    }
    rmSync(dir, { recursive: true });
  });

  it('is read again, over the file that was put aside, with the stack of each error', () => {
    const dir = mkdtempSync(join(tmpdir(), 'log-'));
    const file = join(dir, 'app.log');
    const fileLog = createFileLog(file, clock);
    expect(fileLog.read(1000)).toBe('');
    for (let n = 0; n < 1100; n++) fileLog.info(`${n} ${'x'.repeat(1000)}`);
    fileLog.error('failed', new Error('never'));
    const entries = parseLog(fileLog.read(500_000));
    // The new file has a hundred of them.
    expect(entries.length).toBeGreaterThan(300);
    expect(entries.at(-2)).toEqual({
      at: clock.now().getTime(),
      level: 'info',
      text: `1099 ${'x'.repeat(1000)}`,
    });
    expect(entries.at(-1)).toMatchObject({ level: 'error' });
    expect(entries.at(-1)!.text).toMatch(/^failed: Error\n\s+at /);
    rmSync(dir, { recursive: true });
  });

  it('clients that hang up are counted once an hour, other errors are all logged', () => {
    let time = 0;
    const notDelivered = createDeliveryErrors(
      { log, clock: { now: () => new Date(time) } },
      'not delivered',
    );
    const reset = Object.assign(new Error('read'), { code: 'ECONNRESET' });
    for (let n = 0; n < 1000; n++) notDelivered(reset);
    expect(lines.splice(0)).toHaveLength(1);
    time = 3_600_000;
    notDelivered(reset);
    notDelivered(new Error('ours'));
    const [resets, ours] = lines.splice(0);
    expect(resets).toMatch(/ info .*: 1000\n$/);
    expect(ours).toMatch(/ error not delivered: Error/);
  });
});

describe('arguments', () => {
  it('all of them', () => {
    const argv = ['--data', '/x', '--port=81', '--no-open', '--browser', '--sample', '--help'];
    expect(parseProgramArguments(argv)).toEqual({
      dataDir: '/x',
      port: 81,
      open: false,
      sample: true,
      browser: true,
      help: true,
    });
  });

  it('none', () => {
    expect(parseProgramArguments([])).toMatchObject({
      port: 0,
      open: true,
      sample: false,
      browser: false,
      help: false,
    });
  });

  it.each([['--browser'], ['--no-open'], ['--port=0']])('%s asks for the browser', (option) => {
    expect(parseProgramArguments([option]).browser).toBe(true);
  });

  const wrong: [string[], string, string][] = [
    [['--nonsense'], 'unknownOption', 'Unknown option: --nonsense. --help lists all options.'],
    [['--smaple'], 'unknownOption', 'Unknown option: --smaple. --help lists all options.'],
    [['word'], 'unknownOption', 'Unknown option: word. --help lists all options.'],
    [['--data'], 'missingValue', 'The option --data needs a value after it.'],
    [['--data='], 'missingValue', 'The option --data needs a value after it.'],
    [['--data', '--sample'], 'missingValue', 'The option --data needs a value after it.'],
    [['--port', '70000'], 'wrongValue', '“70000” is not a right value for the option --port.'],
    [['--port', 'x'], 'wrongValue', '“x” is not a right value for the option --port.'],
    [['--port', '1e3'], 'wrongValue', '“1e3” is not a right value for the option --port.'],
    [['--sample=no'], 'wrongValue', '“no” is not a right value for the option --sample.'],
  ];
  it.each(wrong)('%o is a %s, told in one sentence', (argv, kind, text) => {
    const error = thrownBy(() => parseProgramArguments(argv));
    expect(error).toMatchObject({ name: 'ArgumentError', kind });
    expect(errorText(translatorFor(texts, 'en'), error, null)).toContain(text);
    expect(exitCode(error)).toBe(2);
  });

  it("Electron's own switches pass, but never a folder that is not named", () => {
    const argv = ['--inspect=9229', '.', '--data', '/x', '--no-sandbox'];
    expect(parseProgramArguments(argv, { strict: false }).dataDir).toBe('/x');
    expect(() => parseProgramArguments(['--data'], { strict: false })).toThrow('missingValue');
  });
});

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('what a terminal says of an error', () => {
  const t = translatorFor(texts, 'en');

  it('names the folder where the folder is what is wrong', () => {
    const codes = [
      'data_folder_in_use',
      'data_folder_unwritable',
      'data_folder_gone',
      'database_locked',
      'database_newer',
      'database_damaged',
      'disk_full',
    ] as const;
    for (const code of codes) {
      const params = code === 'database_newer' ? { found: 90, known: 80 } : {};
      expect(errorText(t, new AppError(code, params), '/srv/portal')).toContain('/srv/portal');
    }
    expect(errorText(t, new AppError('port_in_use', { port: 81 }), '/srv/portal')).toBe(
      'Port 81 is used by another program. Choose another port, or stop that program.',
    );
  });

  it('and nothing of one that nobody expected, which belongs in the log', () => {
    expect(errorText(t, new Error('hunter2'), '/x')).toBeNull();
    expect(errorText(t, new AppError('internal'), '/x')).toBeNull();
    expect(exitCode(new Error())).toBe(1);
  });
});

describe('window bounds', () => {
  const screenArea = { x: 0, y: 25, width: 1440, height: 875 };
  const at = (x: number, y: number) => ({ x, y, width: 800, height: 600 });

  it.each([
    ['inside', at(100, 100), true],
    ['half outside', at(1000, 400), true],
    ['on a display that is gone', at(2000, 100), false],
    ['with its title above the screen', at(100, -50), false],
    ['below the screen', at(100, 890), false],
    ['left of the screen', at(-790, 100), false],
  ])('%s', (_name, bounds, reachable) => {
    expect(isReachable(bounds, [screenArea])).toBe(reachable);
  });

  it('are kept; nonsense is not', () => {
    const dir = mkdtempSync(join(tmpdir(), 'bounds-'));
    const file = join(dir, 'window.json');
    expect(readBounds(file)).toBeNull();
    writeBounds(file, { ...at(1, 2), maximised: true });
    expect(readBounds(file)).toEqual({ ...at(1, 2), maximised: true });
    writeFileSync(file, '{"x":1}');
    expect(readBounds(file)).toBeNull();
    rmSync(dir, { recursive: true });
  });
});

it('a language falls back to its main language, then to English', () => {
  expect(translatorFor(texts, 'de-AT')('cli.signIn.retry')).toBe('Erneut versuchen');
  expect(translatorFor(texts, 'xx')('cli.signIn.retry')).toBe('Try again');
  expect(translatorFor(texts, 'en-US')('error.port_in_use', { port: 8723 })).toContain(
    'Port 8723 ',
  );
});
