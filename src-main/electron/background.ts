import { app, dialog, powerSaveBlocker, type BrowserWindow } from 'electron';
import { existsSync, writeFileSync } from 'node:fs';
import type { Presence } from '../app.ts';
import type { Log } from '../log.ts';
import type { Translate } from '../program/texts.ts';

interface Options {
  /** Null: the program is not there yet. */
  presence(): Presence | null;
  hasTray: boolean;
  /** Exists once the owner was told where the program goes when its window closes. */
  toldFile: string;
  translate(): Translate;
  log: Log;
}

export interface Background {
  /** Whether the window may close now; where the owner has to be asked first, not yet. */
  mayClose(window: BrowserWindow): boolean;
  /** After the last window: whether the program goes on. */
  goesOn(): boolean;
  /** Whatever is true of the portal now: the computer stays awake for it, or need not. */
  follow(): void;
  /** The owner did not want to quit after all. */
  stayed(): void;
}

/** Whether clients are answered: paused pages tell when they are back, and come back by themselves. */
export const isReachable = ({ portal }: Presence): boolean =>
  portal === 'online' || portal === 'paused';

/** What happens to the program, and to the clients' pages with it, while there is no window. */
export function createBackground(options: Options): Background {
  const { presence, hasTray, toldFile, translate, log } = options;
  let isQuitting = false;
  let mayCloseNow = false;
  let isAsking = false;
  let blocker: number | null = null;
  app.on('before-quit', () => (isQuitting = true));

  const staysOnline = (): boolean => {
    const now = presence();
    return now !== null && isReachable(now) && now.settings.stayOnline;
  };

  async function ask(window: BrowserWindow): Promise<void> {
    isAsking = true;
    const t = translate();
    const { response } = await dialog.showMessageBox(window, {
      type: hasTray ? 'info' : 'question',
      noLink: true,
      message: t('app.background.title'),
      detail: t(hasTray ? 'app.background.tray' : 'app.background.noTray'),
      buttons: ['close', 'quit', 'cancel'].map((name) => t(`app.background.${name}`)),
      defaultId: 0,
      cancelId: 2,
    });
    if (response === 1) app.quit();
    if (response !== 0) return;
    if (hasTray) writeFileSync(toldFile, '');
    mayCloseNow = true;
    if (!window.isDestroyed()) window.close();
  }

  return {
    mayClose(window) {
      // On macOS every program goes on in the dock.
      if (isQuitting || mayCloseNow || process.platform === 'darwin' || !staysOnline()) return true;
      if (hasTray && existsSync(toldFile)) return true;
      if (!isAsking) {
        ask(window)
          .catch((error: unknown) => log.error('the question could not be shown', error))
          .finally(() => (isAsking = false));
      }
      return false;
    },
    goesOn() {
      mayCloseNow = false;
      return !isQuitting && (process.platform === 'darwin' || staysOnline());
    },
    follow() {
      const now = presence();
      const isWanted = now !== null && isReachable(now) && now.settings.keepAwake;
      if (isWanted && blocker === null) blocker = powerSaveBlocker.start('prevent-app-suspension');
      if (!isWanted && blocker !== null) {
        powerSaveBlocker.stop(blocker);
        blocker = null;
      }
    },
    stayed() {
      isQuitting = false;
      mayCloseNow = false;
    },
  };
}
