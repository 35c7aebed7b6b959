import { spawn, type ChildProcess } from 'node:child_process';

/** A script that was started as a person would, in a process of its own. */
export interface ScriptRun {
  /** Everything that it printed so far, both streams. */
  text(): string;
  /**
   * Resolves when it has printed something that matches, after the first `from` characters.
   * Throws with all that it printed if it ends without.
   */
  printed(pattern: RegExp, from?: number): Promise<RegExpExecArray>;
  /** Resolves, after its last output, with the exit code; null: a signal ended it. */
  stop(signal: NodeJS.Signals): Promise<number | null>;
  /** Sends a signal, and does not wait for anything. */
  send(signal: NodeJS.Signals): void;
  ended: Promise<number | null>;
}

/** The address that signs one browser in, as the program prints it. */
export const oneTimeAddress = /http:\/\/127\.0\.0\.1:\d+\/open\?token=[\w-]{43}/;

const running = new Set<ChildProcess>();

/** Ends at once whatever of `runScript` still runs; the end of the test's process does it too. */
export function killScripts(): void {
  for (const child of running) child.kill('SIGKILL');
}
process.once('exit', killScripts);

/** Runs Node with these arguments, in English and without a screen unless `env` says otherwise. */
export function runScript(args: string[], cwd: string, env: NodeJS.ProcessEnv = {}): ScriptRun {
  const child = spawn(process.execPath, args, {
    cwd,
    // LC_ALL is stronger than whatever else the machine has; every system knows this one.
    env: { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '', LC_ALL: 'C.UTF-8', ...env },
  });
  running.add(child);
  let text = '';
  const looks = new Set<() => void>();
  const add = (part: Buffer): void => {
    text += part.toString();
    for (const look of looks) look();
  };
  child.stdout.on('data', add);
  child.stderr.on('data', add);
  const ended = new Promise<number | null>((done) => child.once('close', done));
  void ended.then(() => running.delete(child));
  return {
    text: () => text,
    ended,
    printed: (pattern, from = 0) =>
      new Promise((found, failed) => {
        const look = (): void => {
          const match = pattern.exec(text.slice(from));
          if (match === null) return;
          looks.delete(look);
          found(match);
        };
        looks.add(look);
        look();
        void ended.then((code) => failed(new Error(`ended with ${code}: ${text}`)));
      }),
    send: (signal) => void child.kill(signal),
    stop: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}
