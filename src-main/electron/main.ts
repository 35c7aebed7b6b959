import { app, BrowserWindow, dialog, Menu, shell } from 'electron';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Output } from '../../src-shared/contract.ts';
import { AppError } from '../../src-shared/errors.ts';
import { parseProgramArguments } from '../program/arguments.ts';
import { builtFiles } from '../program/built-files.ts';
import { keepFilesPrivate } from '../program/data-dir.ts';
import { createFileLog } from '../program/log.ts';
import { openProgram, systemClock, type Program } from '../program/program.ts';
import { localDay } from '../../src-shared/domain/day.ts';
import { showRunningProgram } from '../program/running.ts';
import { loadSampleData } from '../program/sample.ts';
import { loadTexts, systemLocale, translatorFor, type Translate } from '../program/texts.ts';
import { connectIpc } from './ipc.ts';
import { menuTemplate } from './menu.ts';
import { registerPageScheme, servePage } from './page.ts';
import { createVault } from './vault.ts';
import { openWindow, type WindowOptions } from './window.ts';

keepFilesPrivate();

const args = parseProgramArguments(process.argv.slice(app.isPackaged ? 1 : 2), { strict: false });
const { dataDir } = args;
const files = builtFiles(import.meta.dirname);
const texts = loadTexts(files.localesDir);

// Electron keeps its own things (and the single-instance lock) per data folder.
const shellDir = join(dataDir, 'electron');
mkdirSync(shellDir, { recursive: true, mode: 0o700 });
app.setPath('userData', shellDir);
const log = createFileLog(join(shellDir, 'customer-portal.log'), systemClock);

/** For windows, menus and boxes; the system's language until the owner's choice is known. */
let t: Translate = translatorFor(texts, systemLocale());

registerPageScheme();
if (app.requestSingleInstanceLock()) {
  app.on('second-instance', focusWindow);
  app.whenReady().then(start).catch(fail);
} else {
  // The first start shows its window; this one only says so on its terminal.
  void showRunningProgram(t, dataDir, files.version)
    .then(({ text }) => console.log(text))
    .catch((error: unknown) => log.error('the running program does not answer', error))
    .finally(() => app.quit());
}

async function start(): Promise<void> {
  const program = openProgram({
    host: 'electron',
    dataDir,
    files,
    log,
    vault: createVault(),
    texts,
  });
  closeBeforeQuit(program);
  const pageUrl = servePage(files.rendererDir);
  connectIpc(program.app, pageUrl);
  await program.start(() => {
    focusWindow();
    return null;
  });
  if (args.sample) await loadSampleData(program.app, files.sampleDir, localDay(new Date()));
  await showMenu(program);
  program.app.onChanged((topics) => {
    if (topics.includes('settings')) showMenu(program).catch(fail);
  });

  const windowOptions: WindowOptions = {
    pageUrl,
    preload: files.preload,
    boundsFile: join(shellDir, 'window.json'),
    log,
    translate: () => t,
    portalUrls: (contentsId) => portalUrls(program, contentsId),
  };
  openWindow(windowOptions);
  // The start script asks: an end before this line means that Electron cannot run here.
  process.send?.({ ready: true });
  // macOS keeps a program without windows, and so the portal online; the dock brings it back.
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) openWindow(windowOptions);
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
}

/** Whenever the settings change: the language may be another one. */
async function showMenu({ app: { call } }: Program): Promise<void> {
  const reply = await call({ method: 'app.status', input: {} }, { sessionId: 'menu' });
  const chosen = reply.ok ? (reply.value as Output<'app.status'>).settings.locale : 'auto';
  t = translatorFor(texts, chosen === 'auto' ? app.getLocale() : chosen);
  const template = menuTemplate(t, process.platform, () => void shell.openPath(dataDir));
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

async function portalUrls({ app: { call } }: Program, contentsId: number): Promise<string[]> {
  const caller = { sessionId: `window-${contentsId}` };
  const reply = await call({ method: 'publish.status', input: {} }, caller);
  return reply.ok ? (reply.value as Output<'publish.status'>).urls : [];
}

function focusWindow(): void {
  const [window] = BrowserWindow.getAllWindows();
  if (window === undefined) return;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

/** Quitting waits until the portal is offline and the last write is done. */
function closeBeforeQuit(program: Program): void {
  let closing: Promise<void> | null = null;
  app.on('will-quit', (event) => {
    event.preventDefault();
    closing ??= program.close().then(
      () => app.exit(0),
      (error: unknown) => {
        log.error('could not stop cleanly', error);
        app.exit(1);
      },
    );
  });
}

/** The program cannot run: says why where the owner sees it. */
function fail(error: unknown): void {
  log.error('the program could not start', error);
  const known = error instanceof AppError;
  const text = known ? t(`error.${error.code}`, error.params) : t('error.internal');
  dialog.showErrorBox('Customer Portal', text);
  app.exit(1);
}
