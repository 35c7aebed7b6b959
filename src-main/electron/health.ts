import { app, dialog, type BrowserWindow } from 'electron';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Translate } from '../program/texts.ts';

/** So many crashes one after the other are mended by loading the page anew, without a question. */
export const maxCrashes = 3;
/** A page that lived so long was well: the crashes before it do not count any more. */
export const healthyMs = 60_000;

/** Counts the crashes of a page that never got well between them. */
export function createCrashBudget({ now }: Clock): { mayReload(): boolean } {
  let crashes = 0;
  let lastAt = -Infinity;
  return {
    mayReload() {
      const at = now().getTime();
      if (at - lastAt >= healthyMs) crashes = 0;
      lastAt = at;
      return ++crashes <= maxCrashes;
    },
  };
}

interface Options {
  clock: Clock;
  log: Log;
  translate(): Translate;
}

/**
 * A page that crashed is loaded anew, and a page that hangs may be. What the owner had not saved is
 * lost, but the program goes on and the portal stays online.
 */
export function keepAlive(window: BrowserWindow, { clock, log, translate }: Options): void {
  const budget = createCrashBudget(clock);
  const contents = window.webContents;
  let isAsking = false;

  /** `reload`, `quit`, or what the third button says. */
  async function ask(kind: 'crashed' | 'hangs', buttons: string[]): Promise<number> {
    const t = translate();
    const { response } = await dialog.showMessageBox(window, {
      type: 'warning',
      noLink: true,
      message: t(`app.trouble.${kind}.title`),
      detail: t(`app.trouble.${kind}.text`),
      buttons: buttons.map((name) => t(`app.trouble.${name}`)),
      defaultId: 0,
      cancelId: 0,
    });
    return response;
  }

  const cannotAsk = (error: unknown): void => log.error('the question could not be shown', error);

  contents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    log.error(`the owner's page ended: ${reason}`);
    if (budget.mayReload()) {
      contents.reload();
      return;
    }
    ask('crashed', ['reload', 'quit'])
      .then((answer) => {
        if (answer === 1) app.quit();
        else if (!window.isDestroyed()) contents.reload();
      })
      .catch(cannotAsk);
  });
  window.on('unresponsive', () => {
    if (isAsking) return;
    isAsking = true;
    log.error("the owner's page does not answer");
    ask('hangs', ['wait', 'reload', 'quit'])
      .then((answer) => {
        if (answer === 2) app.quit();
        // A page that hangs cannot be asked to go: its process is ended, and loaded anew above.
        else if (answer === 1 && !window.isDestroyed()) contents.forcefullyCrashRenderer();
      })
      .catch(cannotAsk)
      .finally(() => (isAsking = false));
  });
}
