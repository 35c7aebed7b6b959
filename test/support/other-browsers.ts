/**
 * Browsers of other families than Chromium's, with no more than what a test needs of them. Firefox
 * speaks WebDriver BiDi by itself, WebKit's driver speaks classic WebDriver. Debian: `firefox-esr`,
 * `webkit2gtk-driver`, `xvfb`. Certificates that nobody vouches for are accepted.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findFreePort } from './free-port.ts';
import { findTool } from './tools.ts';

export interface OtherBrowser {
  goto(url: string): Promise<void>;
  /** The value of an expression in the page, as JSON. */
  evaluate<T>(expression: string): Promise<T>;
  close(): Promise<void>;
}

const miniBrowser = ['x86_64-linux-gnu', 'aarch64-linux-gnu']
  .flatMap((machine) =>
    ['4.1', '4.0'].map((v) => `/usr/lib/${machine}/webkit2gtk-${v}/MiniBrowser`),
  )
  .find((path) => existsSync(path));

/** Name → how to start it; null: it is not on this computer. */
export const otherBrowsers: Record<string, (() => Promise<OtherBrowser>) | null> = {
  Firefox: (findTool('firefox-esr') ?? findTool('firefox')) ? startFirefox : null,
  WebKit:
    miniBrowser !== undefined && findTool('WebKitWebDriver') !== null && findTool('Xvfb') !== null
      ? startWebKit
      : null,
};

function start(name: string, args: string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  const child = spawn(findTool(name)!, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  process.once('exit', () => child.kill('SIGKILL'));
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** What the first line says that fits. Rejects if the program ends before. */
function said(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    for (const stream of [child.stdout!, child.stderr!]) {
      createInterface({ input: stream }).on('line', (line) => {
        output += `${line}\n`;
        const found = pattern.exec(line);
        if (found) resolve(found[1] ?? '');
      });
    }
    child.once('exit', () => reject(new Error(`${child.spawnfile} ended: ${output}`)));
  });
}

async function startFirefox(): Promise<OtherBrowser> {
  const profile = mkdtempSync(join(tmpdir(), 'firefox-'));
  const child = start(
    findTool('firefox-esr') ? 'firefox-esr' : 'firefox',
    ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'],
    { HOME: profile },
  );
  const address = await said(child, /WebDriver BiDi listening on (ws:\S+)/);
  const socket = new WebSocket(`${address}/session`);
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error('no session with Firefox')));
  });
  const waiting = new Map<number, (message: Record<string, unknown>) => void>();
  socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
    const message = JSON.parse(data) as { id?: number };
    waiting.get(message.id ?? -1)?.(message);
  });
  let lastId = 0;
  async function send<T>(method: string, params: object): Promise<T> {
    const id = ++lastId;
    const answered = new Promise<Record<string, unknown>>((done) => waiting.set(id, done));
    socket.send(JSON.stringify({ id, method, params }));
    const { type, result, message } = await answered;
    waiting.delete(id);
    if (type !== 'success') throw new Error(`${method}: ${String(message)}`);
    return result as T;
  }
  await send('session.new', { capabilities: { alwaysMatch: { acceptInsecureCerts: true } } });
  const { contexts } = await send<{ contexts: { context: string }[] }>(
    'browsingContext.getTree',
    {},
  );
  const { context } = contexts[0]!;
  return {
    goto: (url) => send('browsingContext.navigate', { context, url, wait: 'complete' }),
    async evaluate<T>(expression: string) {
      const { result, exceptionDetails } = await send<{
        result?: { value?: string };
        exceptionDetails?: { text: string };
      }>('script.evaluate', {
        expression: `JSON.stringify(${expression} ?? null)`,
        ...{ target: { context }, awaitPromise: false },
      });
      if (exceptionDetails) throw new Error(exceptionDetails.text);
      return JSON.parse(result!.value!) as T;
    },
    async close() {
      socket.close();
      await end(child);
      rmSync(profile, { recursive: true, maxRetries: 5 });
    },
  };
}

async function startWebKit(): Promise<OtherBrowser> {
  const home = mkdtempSync(join(tmpdir(), 'webkit-'));
  const screen = start('Xvfb', [
    '-displayfd',
    '1',
    '-screen',
    '0',
    '1280x900x24',
    '-nolisten',
    'tcp',
  ]);
  const display = await said(screen, /^(\d+)$/);
  const port = await findFreePort();
  const driver = start('WebKitWebDriver', [`--port=${port}`], {
    ...{ DISPLAY: `:${display}`, HOME: home, XDG_RUNTIME_DIR: home, GDK_BACKEND: 'x11' },
    // No processor for graphics, and no sandbox inside of another one.
    ...{ LIBGL_ALWAYS_SOFTWARE: '1', WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' },
    ...{ WEBKIT_DISABLE_COMPOSITING_MODE: '1', NO_AT_BRIDGE: '1' },
  });
  const base = `http://127.0.0.1:${port}`;
  async function send<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(base + path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const { value } = (await response.json()) as { value: T };
    if (!response.ok) throw new Error(`${path}: ${JSON.stringify(value)}`);
    return value;
  }
  // It listens when it answers.
  while (
    !(await fetch(`${base}/status`).then(
      () => true,
      () => false,
    ))
  ) {
    if (driver.exitCode !== null) throw new Error('WebKitWebDriver ended');
  }
  const options = { binary: miniBrowser, args: ['--automation'] };
  const { sessionId } = await send<{ sessionId: string }>('POST', '/session', {
    capabilities: {
      alwaysMatch: { acceptInsecureCerts: true, 'webkitgtk:browserOptions': options },
    },
  });
  const session = `/session/${sessionId}`;
  return {
    async goto(url) {
      await send('POST', `${session}/url`, { url });
    },
    async evaluate<T>(expression: string) {
      const script = `return JSON.stringify((${expression}) ?? null)`;
      return JSON.parse(
        await send<string>('POST', `${session}/execute/sync`, { script, args: [] }),
      ) as T;
    },
    async close() {
      await send('DELETE', session);
      await end(driver);
      await end(screen);
      rmSync(home, { recursive: true, maxRetries: 5 });
    },
  };
}
