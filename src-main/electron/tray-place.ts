import { execFile } from 'node:child_process';

/** A desktop that hangs must not hold up the start. */
const answerMs = 3_000;

/**
 * Whether the desktop has a place for icons beside its clock. Windows and macOS have one; on Linux
 * it is there if a program on the session bus has taken the name of its watcher, which GNOME
 * without an extension does not. Electron says nothing of it.
 */
export function hasTrayPlace(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): Promise<boolean> {
  if (platform !== 'linux') return Promise.resolve(true);
  const args = [
    ...['call', '--session', '--dest', 'org.freedesktop.DBus'],
    ...['--object-path', '/org/freedesktop/DBus'],
    ...['--method', 'org.freedesktop.DBus.NameHasOwner', 'org.kde.StatusNotifierWatcher'],
  ];
  return new Promise((resolve) => {
    execFile('gdbus', args, { env, timeout: answerMs }, (error, answer) =>
      // Nobody to ask: the owner is asked when the window closes instead.
      resolve(error === null && answer.includes('true')),
    );
  });
}
