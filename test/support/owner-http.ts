/** The admin API as a browser calls it: over real HTTP, signed in. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Input, MethodName, Output, Reply } from '../../src-shared/contract.ts';
import { AppError } from '../../src-shared/errors.ts';
import { createBrowserHost } from '../../src-main/browser-host/server.ts';
import type { TestApp } from './app.ts';
import { loadTexts } from './texts.ts';

export interface OwnerHttp {
  call<M extends MethodName>(method: M, input?: Input<M>): Promise<Output<M>>;
  close(): Promise<void>;
}

export async function connectOwner({ app }: TestApp): Promise<OwnerHttp> {
  const rendererDir = mkdtempSync(join(tmpdir(), 'renderer-'));
  writeFileSync(join(rendererDir, 'index.html'), '');
  const log = { info: () => undefined, error: () => undefined };
  const clock = { now: () => new Date() };
  const host = await createBrowserHost({
    app,
    rendererDir,
    texts: loadTexts(),
    log,
    clock,
    port: 0,
  });
  const opened = await fetch(host.oneTimeUrl(), { redirect: 'manual' });
  const headers = {
    Cookie: opened.headers.get('set-cookie')!.split(';')[0]!,
    Origin: host.url,
    'Content-Type': 'application/json',
    'X-Customer-Portal': '1',
  };
  return {
    async call<M extends MethodName>(method: M, input?: Input<M>) {
      const body = JSON.stringify({ method, input: input ?? {} });
      const answer = await fetch(`${host.url}/api`, { method: 'POST', headers, body });
      const reply = (await answer.json()) as Reply;
      if (!reply.ok) throw new AppError(reply.error.code, reply.error.params);
      return reply.value as Output<M>;
    },
    async close() {
      await host.stop();
      rmSync(rendererDir, { recursive: true });
    },
  };
}
