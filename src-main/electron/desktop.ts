import { app, dialog, Menu, net, shell, type BrowserWindow } from 'electron';
import { join } from 'node:path';
import type { Output, Topic } from '../../src-shared/contract.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { App, DesktopHost, News } from '../app.ts';
import type { KeptLog } from '../log.ts';
import { type ProgramArguments } from '../program/arguments.ts';
import type { BuiltFiles } from '../program/built-files.ts';
import { createClient } from '../program/client.ts';
import { openProgram, systemClock, type Program } from '../program/program.ts';
import { loadSampleData } from '../program/sample.ts';
import type { Texts } from '../program/texts.ts';
import { createBackground, isReachable } from './background.ts';
import { announce, connectIpc } from './ipc.ts';
import { createLoginItem, hiddenOption } from './login-item.ts';
import { menuTemplate } from './menu.ts';
import { newsText, notify } from './notifications.ts';
import type { OpenedFiles } from './open-files.ts';
import type { Owner } from './owner.ts';
import { servePage } from './page.ts';
import { createTrayIcon, type TrayLink } from './tray.ts';
import { hasTrayPlace } from './tray-place.ts';
import { checkEveryMs, findNewerVersion } from './updates.ts';
import { openVault } from './vault.ts';
import { createWindows, sessionOf } from './window.ts';

export interface DesktopOptions {
  files: BuiltFiles;
  args: ProgramArguments;
  texts: Texts;
  log: KeptLog;
  owner: Owner;
  opened: OpenedFiles;
  /** Where the shell keeps what is its own. */
  shellDir: string;
  /** Started by the system at login: no window, if there is another way to it. */
  isHidden: boolean;
  /** The window is there, or the program needs none. */
  onReady(): void;
  onProgram(program: Program): void;
}

export interface Desktop {
  showWindow(): void;
}

/** Topics after which the icon beside the clock says something else. */
const trayTopics: readonly Topic[] = ['publish', 'views', 'shares', 'session', 'settings'];

const trayPauseMs = 300;

/**
 * The program on the desktop, after `ready`: window, menus, tray, notifications. Resolves when all
 * is there. Throws `data_folder_in_use`, and what `openProgram` throws.
 */
export async function runDesktop(options: DesktopOptions): Promise<Desktop> {
  const { files, args, log, owner, opened, shellDir } = options;
  const { dataDir } = args;
  const { translate } = owner;
  const hasTray = await hasTrayPlace(process.platform, process.env);
  let running: App | null = null;
  let newerVersion: string | null = null;

  const background = createBackground({
    presence: () => running?.presence() ?? null,
    hasTray,
    toldFile: join(shellDir, 'told-about-tray'),
    translate,
    log,
  });
  const pageUrl = servePage(files.rendererDir);
  const windows = createWindows({
    pageUrl,
    preload: files.preload,
    icon: files.windowIcon,
    boundsFile: join(shellDir, 'window.json'),
    clock: systemClock,
    log,
    translate,
    background: owner.background,
    mayClose: background.mayClose,
    stayed: background.stayed,
    portalUrls: (contentsId) => portalUrls(sessionOf(contentsId)),
  });
  const loginItem = createLoginItem(commandFor(dataDir), process);
  const host: DesktopHost = {
    startsAtLogin: loginItem.isOn,
    setStartAtLogin: loginItem.set,
    hasTray: () => hasTray,
    newerVersion: () => newerVersion,
    updatesFrom: () => (files.releasesUrl === null ? null : new URL(files.releasesUrl).host),
    async chooseFolder() {
      const window = windows.show();
      const properties = ['openDirectory' as const];
      const { canceled, filePaths } = await dialog.showOpenDialog(window, { properties });
      return canceled ? null : (filePaths[0] ?? null);
    },
  };

  const program = Promise.withResolvers<App>();
  // The page's calls wait for it; its failure is told by whoever opened the program.
  program.promise.catch(() => undefined);
  connectIpc(program.promise, { pageUrl, sessionOf });
  const isHidden = options.isHidden && hasTray;
  const { start, app: portal } = await openProgram({
    host: 'electron',
    dataDir,
    files,
    log,
    texts: options.texts,
    desktop: host,
    // The system may ask its owner something first: they see the window meanwhile.
    async vault() {
      if (!isHidden) await shown(windows.show());
      options.onReady();
      return openVault();
    },
  }).then(
    (opened_) => {
      options.onProgram(opened_);
      return opened_;
    },
    (error: unknown) => {
      program.reject(error);
      throw error;
    },
  );
  running = portal;

  const call = async <M extends 'publish.status' | 'shares.list' | 'app.status'>(
    method: M,
    sessionId = windows.sessionId(),
  ): Promise<Output<M> | null> => {
    const reply = await portal.call({ method, input: {} }, { sessionId });
    return reply.ok ? (reply.value as Output<M>) : null;
  };
  async function portalUrls(sessionId: string): Promise<string[]> {
    return running === null ? [] : ((await call('publish.status', sessionId))?.urls ?? []);
  }

  const tray = createTrayIcon(files.trayIcon, {
    open: () => windows.show(),
    setPages(to) {
      const request =
        to === 'online'
          ? { method: 'publish.set', input: { enabled: true } }
          : { method: 'publish.pause', input: { paused: to === 'paused' } };
      void portal.call(request, { sessionId: windows.sessionId() }).then((reply) => {
        // Locked, the port is taken, or it is outside of the owner's hours: the app says so.
        const isDone = reply.ok && (portal.presence().portal === 'paused') === (to === 'paused');
        if (!isDone) windows.show('/publish');
      });
    },
    quit: () => app.quit(),
  });

  async function links(): Promise<TrayLink[]> {
    const [base] = await portalUrls(windows.sessionId());
    if (base === undefined) return [];
    const shares = (await call('shares.list')) ?? [];
    return shares
      .filter(({ state }) => state === 'active')
      .map(({ label, customerName, path }) => ({ label: label || customerName, url: base + path }));
  }

  async function showTray(): Promise<void> {
    const presence = portal.presence();
    // Without a window it is the way back.
    const isNeeded = isReachable(presence) || windows.current() === null;
    if (!hasTray || !isNeeded) return tray.hide();
    tray.show(translate(), presence, await links());
  }

  let isTrayDue = false;
  /** Many clients may look at once, and each of them is counted. */
  function showTraySoon(): void {
    if (isTrayDue) return;
    isTrayDue = true;
    setTimeout(() => {
      isTrayDue = false;
      attempt('the tray', showTray);
    }, trayPauseMs);
  }

  async function followSettings(): Promise<void> {
    const status = await call('app.status');
    if (status !== null) owner.follow(status.settings);
    const template = menuTemplate(translate(), process.platform, {
      showDataFolder: () => void shell.openPath(dataDir),
      showSettings: () => windows.show('/settings'),
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
    void lookForUpdate();
  }

  let lookedAt = -Infinity;
  async function lookForUpdate(): Promise<void> {
    const { checkForUpdates } = portal.presence().settings;
    const { releasesUrl, version } = files;
    if (!checkForUpdates) newerVersion = null;
    if (!checkForUpdates || releasesUrl === null) return;
    const now = systemClock.now().getTime();
    if (now - lookedAt < checkEveryMs) return;
    lookedAt = now;
    const fetchPage = (url: string, init: RequestInit) => net.fetch(url, init);
    newerVersion = await findNewerVersion(fetchPage, releasesUrl, version);
    if (newerVersion !== null) announce(['settings']);
  }

  async function tell(news: News): Promise<void> {
    const status = await call('app.status');
    const isLocked = status === null || status.session.profile === null;
    const text = newsText(translate(), news, portal.presence().settings, isLocked);
    if (text !== null) notify(text, windows.show);
  }

  /** None of this may end a program that runs. */
  const attempt = (what: string, job: () => Promise<void> | void): void => {
    Promise.resolve()
      .then(job)
      .catch((error: unknown) => log.error(`${what} failed`, error));
  };

  portal.onChanged((topics) => {
    announce(topics);
    if (topics.includes('settings')) attempt('the menu', followSettings);
    if (topics.some((topic) => trayTopics.includes(topic))) {
      showTraySoon();
      attempt('keeping the computer awake', background.follow);
    }
    if (topics.includes('jobs')) attempt('the progress', showProgress);
    if (topics.includes('session')) attempt('opening files', () => opened.next());
  });
  portal.onNews((news) => attempt('a notification', () => tell(news)));
  function showProgress(): void {
    windows.current()?.setProgressBar(portal.presence().importing ?? -1);
  }

  app.setAboutPanelOptions({
    applicationName: 'Customer Portal',
    applicationVersion: files.version,
    copyright: 'AGPL-3.0-or-later',
    ...(files.homepage === null ? {} : { credits: files.homepage, website: files.homepage }),
    iconPath: files.windowIcon,
  });
  program.resolve(portal);
  await start(() => {
    windows.show();
    return null;
  });
  if (args.sample) await loadSampleData(portal);
  attempt('the menu', followSettings);
  attempt('the tray', showTray);
  attempt('keeping the computer awake', background.follow);
  setInterval(() => attempt('the check for a newer version', lookForUpdate), checkEveryMs).unref();
  if (isHidden && !isReachable(portal.presence())) windows.show();

  // macOS keeps a program without windows; the dock brings the window back.
  app.on('activate', () => windows.show());
  app.on('window-all-closed', () => {
    if (!background.goesOn()) app.quit();
    else attempt('the tray', showTray);
  });
  app.on('browser-window-created', () => attempt('the tray', showTray));
  opened.begin({
    client: createClient((request) => portal.call(request, { sessionId: windows.sessionId() })),
    show: windows.show,
    onError(error) {
      log.error('a file could not be opened', error);
      const t = translate();
      const code = error instanceof AppError ? error.code : 'file_unreadable';
      const text = t(`error.${code}`, error instanceof AppError ? error.params : {});
      dialog.showErrorBox('Customer Portal', text);
    },
  });
  return { showWindow: () => windows.show() };
}

/** Resolves when the owner sees the window, or never will. */
function shown(window: BrowserWindow): Promise<void> {
  return new Promise((resolve) => {
    window.webContents.once('did-fail-load', () => resolve());
    window.once('show', () => resolve());
    window.once('closed', () => resolve());
  });
}

/** How a login has to start this program: an AppImage runs from a folder that is another one each time. */
function commandFor(dataDir: string): { executable: string; args: string[] } {
  const own = app.isPackaged ? [] : [app.getAppPath()];
  return {
    executable: process.env.APPIMAGE ?? process.execPath,
    args: [...own, hiddenOption, '--data', dataDir],
  };
}
