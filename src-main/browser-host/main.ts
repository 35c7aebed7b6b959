import { AppError } from '../../src-shared/errors.ts';
import { parseProgramArguments, type ProgramArguments } from '../program/arguments.ts';
import { builtFiles } from '../program/built-files.ts';
import { findRunningProgram } from '../program/control.ts';
import { createLog } from '../program/log.ts';
import { openProgram, systemClock, type Program } from '../program/program.ts';
import { localDay } from '../../src-shared/domain/day.ts';
import { loadSampleData } from '../program/sample.ts';
import { loadTexts, systemLocale, translatorFor } from '../program/texts.ts';
import { openBrowser } from './open-browser.ts';
import { createBrowserHost, type BrowserHost } from './server.ts';

const files = builtFiles(import.meta.dirname);
const texts = loadTexts(files.localesDir);
const t = translatorFor(texts, systemLocale());
const log = createLog((line) => process.stderr.write(line), systemClock);

function show(url: string, { dataDir, open }: ProgramArguments): void {
  console.log(t('cli.browser.address', { url }));
  if (open) openBrowser(url, dataDir, process);
}

/** The folder is taken: the program that has it shows itself instead. */
async function showRunning(args: ProgramArguments): Promise<void> {
  const running = findRunningProgram(args.dataDir);
  if (running === null) throw new AppError('data_folder_in_use');
  const url = await running.open();
  if (url === null) console.log(t('cli.browser.alreadyOpen'));
  else show(url, args);
}

async function run(): Promise<void> {
  const args = parseProgramArguments(process.argv.slice(2));
  const { dataDir, port } = args;
  let program: Program;
  try {
    program = openProgram({ host: 'browser', dataDir, files, log, vault: null, texts });
  } catch (error) {
    if (error instanceof AppError && error.code === 'data_folder_in_use') return showRunning(args);
    throw error;
  }
  const host = await createBrowserHost({
    app: program.app,
    rendererDir: files.rendererDir,
    texts,
    log,
    clock: systemClock,
    port,
  });
  await program.start(() => host.oneTimeUrl());
  stopOnSignal(program, host);
  if (args.sample) {
    const loaded = await loadSampleData(program.app, files.sampleDir, localDay(new Date()));
    console.log(loaded === null ? t('cli.sample.kept') : t('cli.sample.loaded', { url: loaded }));
  }
  console.log(t('cli.browser.data', { dataDir }));
  show(host.oneTimeUrl(), args);
}

function stopOnSignal(program: Program, host: BrowserHost): void {
  let stopping = false;
  const stop = (): void => {
    // Asked twice: somebody is in a hurry.
    if (stopping) process.exit(1);
    stopping = true;
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

run().catch((error: unknown) => {
  if (error instanceof AppError && error.code === 'invalid_input') {
    console.error(t('cli.error.unknownOption', { option: error.params.field ?? '' }));
  } else if (error instanceof AppError) console.error(t(`error.${error.code}`, error.params));
  else log.error('the program could not start', error);
  process.exit(1);
});
