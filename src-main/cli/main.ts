import { builtFiles } from '../program/built-files.ts';
import { createLog } from '../program/log.ts';
import { systemClock } from '../program/program.ts';
import { loadTexts, systemLocale, translatorFor } from '../program/texts.ts';
import { connect } from './connection.ts';
import { runCli } from './run.ts';

const files = builtFiles(import.meta.dirname);
const t = translatorFor(loadTexts(files.localesDir), systemLocale());
const log = createLog((line) => process.stderr.write(line), systemClock);
/** Notes of a running program ("portal online") are none of a script's business. */
const errorsOnly = { ...log, info: () => undefined };

runCli(process.argv.slice(2), {
  t,
  env: process.env,
  stdin: process.stdin,
  out: (line) => console.log(line),
  err: (line) => console.error(line),
  connect: (dataDir) => connect(dataDir, { files, log: errorsOnly }),
}).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    log.error('the command failed', error);
    console.error(t('cli.error.internal'));
    process.exitCode = 1;
  },
);
