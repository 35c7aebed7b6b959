import { cliText } from './texts.js';

/**
 * What was typed after `npm start --`. Whatever is wrong with it is told in one sentence before
 * anything is built, started or written, and ends the process with 2; `--help` ends it with 0.
 */
export async function readArguments(argv) {
  const { parseProgramArguments } = await import('../../src-main/program/arguments.ts');
  const { defaultDataDir } = await import('../../src-main/program/data-dir.ts');
  try {
    const args = parseProgramArguments(argv);
    if (!args.help) return args;
    console.log(cliText('start.help', { dataDir: defaultDataDir() }));
    return process.exit(0);
  } catch (error) {
    if (error.name !== 'ArgumentError') throw error;
    console.error(cliText(`error.${error.kind}`, error.params));
    return process.exit(2);
  }
}
