import { app, dialog, shell } from 'electron';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AppError } from '../../src-shared/errors.ts';
import type { Log } from '../log.ts';
import { parseProgramArguments } from '../program/arguments.ts';
import { builtFiles } from '../program/built-files.ts';
import { keepFilesPrivate } from '../program/data-dir.ts';
import { errorText } from '../program/error-text.ts';
import { createFileLog, createLog } from '../program/log.ts';
import { writeOpenPage } from '../program/open-page.ts';
import { systemClock, type Program } from '../program/program.ts';
import { showRunningProgram } from '../program/running.ts';
import { loadTexts, type Translate } from '../program/texts.ts';
import { runDesktop, type Desktop } from './desktop.ts';
import { hiddenOption } from './login-item.ts';
import { exportsIn, OpenedFiles } from './open-files.ts';
import { createOwner } from './owner.ts';
import { registerPageScheme } from './page.ts';

keepFilesPrivate();

/** As `appId` of electron-builder.json: what Windows groups windows and notifications by. */
const appId = 'org.customerportal.app';

let log: Log = createLog((line) => process.stderr.write(line), systemClock);
let translate: (() => Translate) | null = null;
let logFile = '';
let dataDir: string | null = null;
let program: Program | null = null;
let isFailing = false;

process.on('uncaughtException', noteUnexpected);
process.on('unhandledRejection', noteUnexpected);
main().catch(fail);

async function main(): Promise<void> {
  // Before anything that waits: Electron wants these before it is ready.
  registerPageScheme();
  if (process.platform === 'win32') app.setAppUserModelId(appId);
  const files = builtFiles(import.meta.dirname);
  const words = process.argv.slice(app.isPackaged ? 1 : 2);
  const args = parseProgramArguments(words, { strict: false });
  ({ dataDir } = args);
  const texts = loadTexts(files.localesDir);
  const owner = createOwner(texts, join(dataDir, 'electron/theme'));
  ({ translate } = owner);
  // Electron keeps its own things (and the single-instance lock) per data folder.
  const shellDir = makeShellDir(dataDir);
  app.setPath('userData', shellDir);
  logFile = join(shellDir, 'customer-portal.log');
  const kept = createFileLog(logFile, systemClock);
  log = kept;
  const opened = new OpenedFiles();
  app.on('open-file', (event, path) => {
    event.preventDefault();
    opened.add(exportsIn([path], '/'));
  });
  const given = exportsIn(words, process.cwd());
  if (!app.requestSingleInstanceLock({ files: given })) return sayThatItRuns(files.version);
  opened.add(given);

  let desktop: Desktop | null = null;
  app.on('second-instance', (_event, _words, folder, data) => {
    // Chromium changes the order of the words, so that they come a second way.
    const { files: more } = (data ?? {}) as { files?: string[] };
    opened.add(exportsIn(more ?? [], folder));
    desktop?.showWindow();
  });
  closeBeforeQuit();
  await app.whenReady();
  owner.begin();
  try {
    desktop = await runDesktop({
      files,
      args,
      texts,
      log: kept,
      owner,
      opened,
      shellDir,
      isHidden: words.includes(hiddenOption) || app.getLoginItemSettings().wasOpenedAtLogin,
      onReady: sayReady,
      onProgram: (it) => (program = it),
    });
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'data_folder_in_use')) throw error;
    await openTheOther(owner.translate(), dataDir, files.version);
  }
}

function makeShellDir(folder: string): string {
  try {
    const shellDir = join(folder, 'electron');
    mkdirSync(shellDir, { recursive: true, mode: 0o700 });
    return shellDir;
  } catch (error) {
    throw new AppError('data_folder_unwritable', {}, { cause: error });
  }
}

/** The first start shows its window; this one only says so on its terminal. */
async function sayThatItRuns(version: string): Promise<void> {
  try {
    const { text } = await showRunningProgram(translate!(), dataDir!, version);
    console.log(text);
  } catch (error) {
    // It is starting itself, and will show its window.
    log.error('the running program does not answer', error);
  }
  app.quit();
}

/** The folder is held by a program that is none of Electron: its address is opened instead. */
async function openTheOther(t: Translate, folder: string, version: string): Promise<void> {
  const { url } = await showRunningProgram(t, folder, version);
  // By way of a file: arguments of a program can be read by everybody on this computer.
  if (url !== null) await shell.openExternal(pathToFileURL(writeOpenPage(folder, url)).href);
  sayReady();
  app.quit();
}

/** The start script asks: an end before this means that Electron cannot run here. */
function sayReady(): void {
  process.send?.({ ready: true });
}

/** Quitting waits until the portal is offline and the last write is done. */
function closeBeforeQuit(): void {
  app.on('will-quit', (event) => {
    event.preventDefault();
    void end(0);
  });
}

let ending: Promise<void> | null = null;

function end(status: number): Promise<void> {
  ending ??= (program?.close() ?? Promise.resolve()).then(
    () => app.exit(status),
    (error: unknown) => {
      log.error('could not stop cleanly', error);
      app.exit(1);
    },
  );
  return ending;
}

/**
 * An error that nobody caught ends no program in which somebody works. Before there is one, and
 * while it ends, nothing is left that could go on.
 */
function noteUnexpected(error: unknown): void {
  if (program === null || isFailing || ending !== null) void fail(error);
  else program.app.noteUnexpected(error);
}

/** The program cannot go on: says why where the owner sees it, and ends in order. */
function fail(error: unknown): Promise<void> {
  log.error('the program has to end', error);
  // Whatever fails after that is part of the end.
  if (isFailing || ending !== null) return ending ?? Promise.resolve();
  isFailing = true;
  sayReady();
  const t = translate?.();
  const text = t && (errorText(t, error, dataDir) ?? t('cli.error.internal', { file: logFile }));
  dialog.showErrorBox('Customer Portal', text ?? String((error as Error | null)?.message));
  return end(1);
}
