/**
 * Stands in for the Electron calls that src-main/electron uses, with windows of a real Chromium.
 * Strict where Electron is: wrong order, unknown channels and values that cannot be copied throw.
 * Its parts are typed by Electron's own declarations. README.md lists what it does not do.
 */
import Database from 'better-sqlite3';
import type { Rectangle } from 'electron';
import { app } from './app.ts';
import { BrowserWindow } from './browser-window.ts';
import { handleInvoke } from './ipc-main.ts';
import { Menu, Notification } from './menus.ts';
import { note } from './record.ts';
import { answerBox } from './system.ts';

export { app, BrowserWindow, Menu, Notification };
export { ipcMain } from './ipc-main.ts';
export { clipboard, nativeImage, Tray } from './menus.ts';
export { protocol } from './protocol.ts';
export {
  dialog,
  nativeTheme,
  net,
  powerSaveBlocker,
  safeStorage,
  screen,
  shell,
} from './system.ts';

// As another system would see the shell. What is really of this system is loaded before: the tools
// of the stand-in itself, and the binary of SQLite.
const platform = process.env.STAND_IN_PLATFORM;
if (platform !== undefined) {
  new Database(':memory:').close();
  Object.defineProperty(process, 'platform', { value: platform });
}

// A test that failed or was ended leaves nothing behind.
process.once('disconnect', () => app.exit(1));

const window = (): BrowserWindow | undefined => BrowserWindow.getAllWindows()[0];

/** What the test that started this process does in the owner's or the system's place. */
const commands: Record<string, (...args: never[]) => void> = {
  quit: () => app.quit(),
  close: () => window()?.close(),
  activate: () => app.emit('activate', {}, BrowserWindow.getAllWindows().length > 0),
  minimize: () => window()?.minimize(),
  setBounds: (bounds: Rectangle) => window()?.setBounds(bounds),
  look: (isFocused: boolean) => void (BrowserWindow.isFocused = isFocused),
  answer: (answer: unknown) => answerBox(answer),
  choose: (place: string, label: string) =>
    note('chosen', Menu.shown.get(place)?.click(label) ?? false),
  rightClick: (params: object) => window()?.webContents.emit('context-menu', {}, params),
  clickNotification: () => Notification.last?.emit('click', {}),
  openFile: (path: string) => app.emit('open-file', { preventDefault: () => undefined }, path),
  hang: () => window()?.emit('unresponsive'),
  crash: () => window()?.webContents.emit('render-process-gone', {}, { reason: 'crashed' }),
  permission: (name: string) => note('permission', window()?.webContents.session.ask(name)),
  throwLater: () =>
    void setImmediate(() => {
      throw new Error('nobody caught this');
    }),
  rejectLater: () => void Promise.reject(new Error('nobody caught this')),
  invokeAs(channel: string, url: string, request: unknown) {
    const sender = window()?.webContents;
    const event = { sender, senderFrame: url === '' ? null : { url } };
    Promise.resolve()
      .then(() => handleInvoke(channel, event, [request]))
      .then(
        () => note('invokedAs', 'answered'),
        (error: Error) => note('invokedAs', error.message),
      );
  },
};

process.on('message', (message: { command: string; args: never[] }) => {
  commands[message.command]!(...message.args);
});
