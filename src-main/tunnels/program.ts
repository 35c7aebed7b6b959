import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { AppError } from '../../src-shared/errors.ts';
import type { Connect } from './tunnel.ts';

/** Where installers put programs that are not in the PATH of a program started from the desktop. */
const usualFolders: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ['/usr/local/bin', '/usr/bin', '/snap/bin'],
  darwin: ['/opt/homebrew/bin', '/usr/local/bin', '/Applications/Tailscale.app/Contents/MacOS'],
  win32: [
    'C:\\Program Files\\cloudflared',
    'C:\\Program Files (x86)\\cloudflared',
    'C:\\Program Files\\Tailscale',
  ],
};

/** The file of a program of this computer; null: it is not there. */
export function findProgram(name: string, env: NodeJS.ProcessEnv = process.env): string | null {
  const names =
    process.platform === 'win32' ? [`${name}.exe`] : [name, name[0]!.toUpperCase() + name.slice(1)];
  const folders = [...(env.PATH ?? '').split(delimiter), ...(usualFolders[process.platform] ?? [])];
  for (const folder of folders.filter((path) => path !== '')) {
    for (const file of names) {
      try {
        accessSync(join(folder, file), constants.X_OK);
        return join(folder, file);
      } catch {
        // Not in this folder.
      }
    }
  }
  return null;
}

export interface ProgramOptions {
  name: string;
  /** Where it is; null: nowhere. Asked for each attempt. */
  find?: () => string | null;
  args: readonly string[];
  /** Secrets go here: arguments can be read by everybody on the computer. */
  secretEnv?: Record<string, string>;
  /** What a line of its output says: the address, that it is up, or why it cannot be. */
  read(line: string): { url: string } | { isUp: true } | { error: AppError } | null;
  /** Of a tunnel whose address the program does not tell. */
  publicUrl: string;
}

const upTimeoutMs = 60_000;
const killAfterMs = 3_000;

/** A tunnel that another program makes; it ends with ours. */
export function connectProgram({
  name,
  find = () => findProgram(name),
  args,
  secretEnv,
  read,
  publicUrl,
}: ProgramOptions): Connect {
  return (say, signal) =>
    new Promise((resolve, reject) => {
      const file = find();
      if (file === null) {
        reject(new AppError('tunnel_program_missing', { program: name }));
        return;
      }
      const child = spawn(file, args, {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, ...secretEnv },
        windowsHide: true,
      });
      const killWithUs = (): boolean => child.kill('SIGKILL');
      process.once('exit', killWithUs);
      let failure: AppError | null = null;
      let url = publicUrl;
      let isUp = false;
      const outputs = [child.stdout, child.stderr].map((input) => createInterface({ input }));
      // Its last line says why it ends, and may be read after the end itself is known.
      const isRead = Promise.all(
        outputs.map((output) => new Promise<void>((done) => output.once('close', () => done()))),
      );
      const gone = new Promise<void>((done) => {
        child.once('error', () => done());
        child.once('close', () => void isRead.then(() => done()));
      });
      const ended = gone.then(() => {
        process.off('exit', killWithUs);
        return failure ?? new AppError('tunnel_program_ended', { program: name });
      });
      const close = async (): Promise<void> => {
        child.kill('SIGTERM');
        const timer = setTimeout(killWithUs, killAfterMs);
        await gone;
        clearTimeout(timer);
      };
      const fail = (error: AppError): void => {
        clearTimeout(timer);
        void close().then(() => reject(error));
      };
      const timer = setTimeout(() => fail(new AppError('tunnel_no_address')), upTimeoutMs);
      signal.addEventListener('abort', () => fail(new AppError('tunnel_lost', { host: name })), {
        once: true,
      });
      void ended.then((error) => {
        clearTimeout(timer);
        reject(error);
      });
      const onLine = (line: string): void => {
        say(line);
        const found = read(line);
        if (found === null) return;
        if ('error' in found) {
          failure ??= found.error;
          if (!isUp) fail(found.error);
          return;
        }
        if ('url' in found) ({ url } = found);
        if ('isUp' in found) isUp = true;
        if (url === '' || !isUp) return;
        clearTimeout(timer);
        resolve({ url, ended, close });
      };
      for (const output of outputs) output.on('line', onLine);
    });
}
