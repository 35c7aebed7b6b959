import { AppError } from '../../src-shared/errors.ts';
import type { Log } from '../log.ts';
import { parseProgramArguments, type ProgramArguments } from '../program/arguments.ts';
import { builtFiles } from '../program/built-files.ts';
import { keepFilesPrivate } from '../program/data-dir.ts';
import { errorText, exitCode } from '../program/error-text.ts';
import { createFileLog, createLog, logFile } from '../program/log.ts';
import { openProgram, systemClock, type Program } from '../program/program.ts';
import { showRunningProgram } from '../program/running.ts';
import { loadSampleData } from '../program/sample.ts';
import { loadTexts, systemLocale, translatorFor } from '../program/texts.ts';
import { openBrowser } from './open-browser.ts';
import { createBrowserHost, type BrowserHost } from './server.ts';

keepFilesPrivate();

const files = builtFiles(import.meta.dirname);
const texts = loadTexts(files.localesDir);
const t = translatorFor(texts, systemLocale());
let log: Log = createLog((line) => process.stderr.write(line), systemClock);

function show(url: string, { dataDir, open }: ProgramArguments): void {
  console.log(t('cli.browser.address', { url }));
  if (open) openBrowser(url, dataDir, process);
}

/** The folder is taken: the program that has it shows itself instead. */
async function showRunning(args: ProgramArguments): Promise<void> {
  const { text, url } = await showRunningProgram(t, args.dataDir, files.version);
  console.log(text);
  if (url !== null) show(url, args);
}

async function run(args: ProgramArguments): Promise<void> {
  const { dataDir, port } = args;
  const kept = createFileLog(logFile(dataDir), systemClock);
  log = kept;
  let program: Program;
  try {
    program = await openProgram({ host: 'browser', dataDir, files, log: kept, texts });
  } catch (error) {
    if (error instanceof AppError && error.code === 'data_folder_in_use') return showRunning(args);
    throw error;
  }
  goOnAfterErrors(program.app);
  const host = await createBrowserHost({
    app: program.app,
    rendererDir: files.rendererDir,
    texts,
    log,
    clock: systemClock,
    port,
  });
  stopOnSignal(program, host);
  const offline = await program.start(() => host.oneTimeUrl());
  if (offline !== null) {
    const why = t(`error.${offline.code}`, offline.params);
    console.error(t('cli.browser.offline', { why }));
  }
  if (args.sample) {
    const loaded = await loadSampleData(program.app);
    console.log(loaded === null ? t('cli.sample.kept') : t('cli.sample.loaded', { url: loaded }));
  }
  console.log(t('cli.browser.data', { dataDir }));
  show(host.oneTimeUrl(), args);
}

/** An error that nobody caught ends no program in which somebody works. */
function goOnAfterErrors({ noteUnexpected }: Program['app']): void {
  process.on('uncaughtException', noteUnexpected);
  process.on('unhandledRejection', noteUnexpected);
}

/** Ctrl+C comes twice where npm passes on what the terminal has sent already. */
const sameSignalMs = 1_000;

function stopOnSignal(program: Program, host: BrowserHost): void {
  let stoppingSince: number | null = null;
  const stop = (): void => {
    const now = performance.now();
    if (stoppingSince !== null) {
      // Asked once more: somebody is in a hurry.
      if (now - stoppingSince > sameSignalMs) process.exit(1);
      return;
    }
    stoppingSince = now;
    host
      .stop()
      .then(() => program.close())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          log.error('could not stop cleanly', error);
          process.exit(1);
        },
      );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
}

let dataDir: string | null = null;
try {
  const args = parseProgramArguments(process.argv.slice(2));
  ({ dataDir } = args);
  await run(args);
} catch (error) {
  const text = errorText(t, error, dataDir);
  if (text === null) log.error('the program could not start', error);
  const inLog = t('cli.error.internal', { file: dataDir === null ? '' : logFile(dataDir) });
  console.error(text ?? inLog);
  process.exit(exitCode(error));
}
