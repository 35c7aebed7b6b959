import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Reply, Request, Topic } from '../../src-shared/contract.ts';
import type { Caller } from '../../src-main/sign-in/caller.ts';
import { createBrowserHost, type BrowserHost } from '../../src-main/browser-host/server.ts';
import { loadTexts } from '../../src-main/program/texts.ts';

/** Stands in for the program: remembers who called what, and announces changes on demand. */
export class RecordingApp {
  readonly calls: { request: Request; caller: Caller }[] = [];
  readonly #listeners = new Set<(topics: Topic[]) => void>();

  readonly call = (request: Request, caller: Caller): Promise<Reply> => {
    this.calls.push({ request, caller });
    return Promise.resolve({ ok: true, value: { echo: request.input } });
  };

  readonly onChanged = (listener: (topics: Topic[]) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  announce(...topics: Topic[]): void {
    for (const listener of this.#listeners) listener(topics);
  }
}

export interface TestHost extends BrowserHost {
  app: RecordingApp;
  logged: string[];
  /** Redeems a one-time address; the `Cookie` header from then on. */
  signIn(): Promise<string>;
}

/** A real browser host on a free port, with a page and a script as renderer. */
export async function startTestHost(): Promise<TestHost> {
  const rendererDir = mkdtempSync(join(tmpdir(), 'renderer-'));
  mkdirSync(join(rendererDir, 'assets'));
  writeFileSync(join(rendererDir, 'index.html'), '<!doctype html><title>Owner</title><h1>Owner');
  writeFileSync(join(rendererDir, 'assets/app-1a2b.js'), 'export {};');
  const app = new RecordingApp();
  const logged: string[] = [];
  const host = await createBrowserHost({
    clock: { now: () => new Date() },
    app,
    rendererDir,
    texts: loadTexts(join(import.meta.dirname, '../../locales')),
    log: { info: (line) => logged.push(line), error: (line) => logged.push(line) },
    port: 0,
  });
  return {
    ...host,
    app,
    logged,
    async signIn() {
      const response = await fetch(host.oneTimeUrl(), { redirect: 'manual' });
      return response.headers.get('set-cookie')?.split(';')[0] ?? '';
    },
    async stop() {
      await host.stop();
      rmSync(rendererDir, { recursive: true });
    },
  };
}
