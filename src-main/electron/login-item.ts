import { app } from 'electron';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { AppError } from '../../src-shared/errors.ts';

/** Starts the program in the background, where it can live without a window. */
export const hiddenOption = '--hidden';

export interface LoginItem {
  isOn(): boolean;
  /** Throws `start_at_login_refused`. */
  set(on: boolean): void;
}

/** The program and its arguments, as the next login has to start it. */
export interface Command {
  executable: string;
  args: string[];
}

/** Starting at login, as each system keeps it: what its owner changes there counts too. */
export function createLoginItem(
  command: Command,
  { platform, env }: Pick<NodeJS.Process, 'platform' | 'env'>,
): LoginItem {
  if (platform === 'linux') return createAutostartFile(command, env);
  // macOS starts the app itself, and says afterwards that it did.
  const options =
    platform === 'win32'
      ? { path: command.executable, args: command.args.map(quoteForWindows) }
      : {};
  return {
    isOn: () => app.getLoginItemSettings(options).openAtLogin,
    set: (on) => app.setLoginItemSettings({ ...options, openAtLogin: on }),
  };
}

const quoteForWindows = (word: string): string => (/\s/.test(word) ? `"${word}"` : word);

/** A file of the XDG autostart specification, version 0.5. */
function createAutostartFile(command: Command, env: NodeJS.ProcessEnv): LoginItem {
  const base = env.XDG_CONFIG_HOME?.startsWith('/')
    ? env.XDG_CONFIG_HOME
    : join(homedir(), '.config');
  const file = join(base, 'autostart', 'org.customerportal.app.desktop');
  return {
    isOn() {
      try {
        // Desktops switch an entry off by these lines instead of removing it.
        return !/^(?:Hidden=true|X-GNOME-Autostart-enabled=false)\s*$/m.test(
          readFileSync(file, 'utf8'),
        );
      } catch {
        // No file: it does not start.
        return false;
      }
    },
    set(on) {
      try {
        rmSync(file, { force: true });
        if (!on) return;
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, autostartEntry(command));
      } catch (error) {
        throw new AppError('start_at_login_refused', {}, { cause: error });
      }
    },
  };
}

export const autostartEntry = ({ executable, args }: Command): string =>
  [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Customer Portal',
    `Exec=${[executable, ...args].map(quoteForExec).join(' ')}`,
    'Icon=customer-portal',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');

/** An argument of `Exec` in the Desktop Entry Specification: quoted, and `%` doubled. */
const quoteForExec = (word: string): string =>
  `"${word
    .replaceAll(/["`$\\]/g, String.raw`\$&`)
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%')}"`;
