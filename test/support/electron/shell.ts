import { fork, spawn, type ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { _electron, chromium, type Browser, type Page } from 'playwright';
import { patienceMs } from '../patience.ts';
import type { Note } from './record.ts';

const root = resolve(import.meta.dirname, '../../..');

/** The desktop app of the built `out/`, on the stand-in or on real Electron. */
export interface Shell {
  /** The owner's page, once its heading is there; `before`: one that has closed, or is about to. */
  page(before?: Page): Promise<Page>;
  /** As the owner would: the menu's "quit". Resolves with the exit code. */
  quit(): Promise<number>;
}

/** What only the stand-in can tell and do. */
export interface StandInShell extends Shell {
  notes: Note[];
  /** Resolves with the value of the next (or an earlier) note of that type; throws if it ends. */
  noted(type: string, matches?: (value: unknown) => boolean): Promise<unknown>;
  command(command: string, ...args: unknown[]): void;
  exited: Promise<number>;
}

/** No desktop of the machine's own: where its settings lie, and whether it has room for an icon. */
const quietDesktop = (): NodeJS.ProcessEnv => ({
  XDG_CONFIG_HOME: noConfigDir,
  PATH: `${withoutTray}${delimiter}${process.env.PATH ?? ''}`,
});

const noConfigDir = join(tmpdir(), `stand-in-has-no-config-${process.pid}`);
/** Folders with a `gdbus` that answers for the desktop. */
export const withTray = join(import.meta.dirname, 'with-tray');
const withoutTray = join(import.meta.dirname, 'without-tray');

/**
 * Starts `out/main/electron.js` in a Node process whose `electron` is the stand-in. `program`: the
 * folder of a copy of the program.
 */
export function startStandIn(
  args: string[],
  env: NodeJS.ProcessEnv = {},
  program = root,
): StandInShell {
  const child = fork(join(program, 'out/main/electron.js'), args, {
    execArgv: ['--import', join(import.meta.dirname, 'register.mjs')],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // Electron's `process.argv` in development: binary, folder, arguments.
    execPath: process.execPath,
    env: { ...process.env, ...quietDesktop(), ...env },
  });
  const notes: Note[] = [];
  const waiting = new Set<() => void>();
  child.on('message', (message: Note) => {
    notes.push(message);
    for (const look of waiting) look();
  });
  const exited = exitOf(child);
  const noted = (type: string, matches: (value: unknown) => boolean = () => true) =>
    new Promise<unknown>((found, failed) => {
      void exited.then((code) =>
        failed(new Error(`the shell ended with ${code} before “${type}”`)),
      );
      const look = (): void => {
        const hit = notes.find((one) => one.type === type && matches(one.value));
        if (hit === undefined) return;
        waiting.delete(look);
        found(hit.value);
      };
      waiting.add(look);
      look();
    });
  let browser: Promise<Browser> | undefined;
  return {
    notes,
    noted,
    exited,
    command: (command, ...args) => void child.send({ command, args }),
    async page(before) {
      browser ??= noted('ready').then((port) =>
        chromium.connectOverCDP(`http://127.0.0.1:${port as number}`, { timeout: patienceMs }),
      );
      await noted('show');
      const page = await onlyPage(await browser, before);
      page.setDefaultTimeout(patienceMs);
      await page.waitForSelector('h1');
      return page;
    },
    async quit() {
      if (child.connected) child.send({ command: 'quit', args: [] });
      return exited;
    },
  };
}

/**
 * Waits while a crashed page is not closed yet, or its successor has no address yet. Throws if
 * Chromium ends.
 */
async function onlyPage(browser: Browser, before?: Page): Promise<Page> {
  for (;;) {
    if (!browser.isConnected()) throw new Error('the Chromium of the shell has ended');
    const pages = browser.contexts().flatMap((context) => context.pages());
    const [page, ...others] = pages.filter((one) => one !== before && one.url() !== 'about:blank');
    if (page?.url().startsWith('https://') && others.length === 0) return page;
    await setTimeout(50);
  }
}

/** Once its last notes have come, too: they may come after its end. */
const exitOf = (child: ChildProcess): Promise<number> =>
  new Promise((resolveExit) => child.once('close', (code) => resolveExit(code ?? -1)));

/** Starts the same file on real Electron. */
export async function startElectron(binary: string, args: string[]): Promise<Shell> {
  const electron = await _electron.launch({ executablePath: binary, args: [root, ...args] });
  const exited = exitOf(electron.process());
  return {
    async page() {
      const page = await electron.firstWindow();
      await page.waitForSelector('h1');
      return page;
    },
    async quit() {
      await electron.evaluate(({ app }) => app.quit());
      return exited;
    },
  };
}

/** Starts it once more on the same data, which ends at once. Resolves with its exit code. */
export const endOfSecondElectron = (binary: string, args: string[]): Promise<number> =>
  exitOf(spawn(binary, [root, ...args], { stdio: 'inherit' }));
