import type { Log } from '../log.ts';
import { builtFiles } from '../program/built-files.ts';
import { keepFilesPrivate } from '../program/data-dir.ts';
import { createFileLog, createLog, logFile } from '../program/log.ts';
import { systemClock } from '../program/program.ts';
import { loadTexts, systemLocale, translatorFor } from '../program/texts.ts';
import { connect } from './connection.ts';
import { runCli } from './run.ts';

keepFilesPrivate();

const files = builtFiles(import.meta.dirname);
const t = translatorFor(loadTexts(files.localesDir), systemLocale());

/** Of the data folder, once one is open; scripts read sentences on the error output, not log lines. */
let file = '';
let log: Log = createLog((line) => process.stderr.write(line), systemClock);

function connectTo(dataDir: string): ReturnType<typeof connect> {
  file = logFile(dataDir);
  const kept = createFileLog(file, systemClock);
  log = kept;
  return connect(dataDir, { files, log: kept });
}

try {
  process.exitCode = await runCli(process.argv.slice(2), {
    t,
    env: process.env,
    stdin: process.stdin,
    out: (line) => console.log(line),
    err: (line) => console.error(line),
    connect: connectTo,
  });
} catch (error) {
  console.error(t('cli.error.internal', { file }));
  log.error('the command failed', error);
  process.exitCode = 1;
}
