import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Ctrl+C comes twice where npm passes on what the terminal has sent already. */
const sameSignalMs = 1_000;
/** How often to look whether npm is still there. */
const lookEveryMs = 500;

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a command to its end and passes signals on to it, each once. Resolves with its exit status
 * (128 and more: a signal ended it), the signal, the error if it could not be started, and whether
 * somebody asked it to end. `onStart` gets the child as soon as there is one.
 */
export function runForwarding(command, args, options, onStart = () => undefined) {
  return new Promise((resolve) => {
    // Of a group of its own, or Ctrl+C would reach it twice: from the terminal and from here.
    const detached = process.platform !== 'win32';
    const last = new Map();
    const waiting = [];
    let child = null;
    const forward = (signal) => {
      const now = Date.now();
      if (now - (last.get(signal) || 0) < sameSignalMs) return;
      last.set(signal, now);
      if (child === null) waiting.push(signal);
      else child.kill(signal);
    };
    // Before there is a child: a signal in between would end this process and leave the child.
    for (const signal of signals) process.on(signal, forward);
    child = spawn(command, args, { stdio: 'inherit', detached, ...options });
    for (const signal of waiting) child.kill(signal);
    const stopWatching = onParentGone(() => forward('SIGTERM'));
    const end = (status, signal, error) => {
      stopWatching();
      for (const name of signals) process.off(name, forward);
      resolve({ status, signal, error, isAsked: last.size > 0 });
    };
    child.on('error', (error) => end(127, null, error));
    // Not `close`: a browser that it opened may hold its output for hours.
    child.on('exit', (status, signal) => {
      end(status === null ? 128 + (constants.signals[signal] || 0) : status, signal, null);
    });
    onStart(child);
  });
}

/**
 * Calls back when the npm that started this process has gone. SIGTERM to npm ends the shell that
 * npm put between, and nobody tells us. Returns what ends the watch.
 */
export function onParentGone(callback) {
  if (process.platform === 'win32' || process.env.npm_lifecycle_event === undefined) {
    return () => undefined;
  }
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    callback();
  }, lookEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * Runs a command, given as its words, with this Node as `node` and with the commands of
 * `node_modules/.bin`.
 */
export function runCommand([command, ...args], options, onStart) {
  const bin = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url));
  const env = withPath([dirname(process.execPath), bin]);
  // On Windows the commands of npm are batch files, which only a shell runs.
  const shell = process.platform === 'win32';
  return runForwarding(command, args, { env, shell, ...options }, onStart);
}

/** This process's environment with these folders first on the PATH. */
export function withPath(folders) {
  // Windows calls it `Path`.
  const name = Object.keys(process.env).find((key) => key.toUpperCase() === 'PATH') || 'PATH';
  const path = [...folders, process.env[name]].filter(Boolean).join(delimiter);
  return { ...process.env, [name]: path };
}
