import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { contract, type Reply, type Request, type Topic } from '../../../../src-shared/contract.ts';
import { createBrowserHost } from '../../../../src-main/browser-host/server.ts';
import { findRunningProgram, startControl } from '../../../../src-main/program/control.ts';
import { createTestApp, type TestApp } from '../../../support/app.ts';
import { loadTexts } from '../../../support/texts.ts';

/** One side of Electron's messages in one process: values are copied as Electron copies them. */
const electron = vi.hoisted(() => {
  type Listener = (event: unknown, ...args: unknown[]) => unknown;
  const handlers = new Map<string, Listener>();
  const listeners = new Map<string, Listener[]>();
  const exposed: Record<string, unknown> = {};
  const mainFrame = { url: 'app://customer-portal/index.html' };
  const contents = {
    id: 1,
    mainFrame,
    send(channel: string, ...args: unknown[]) {
      const copy = structuredClone(args);
      for (const listener of listeners.get(channel) ?? []) listener({}, ...copy);
    },
  };
  return {
    exposed,
    BrowserWindow: { getAllWindows: () => [{ webContents: contents }] },
    ipcMain: { handle: (channel: string, handler: Listener) => handlers.set(channel, handler) },
    contextBridge: {
      exposeInMainWorld: (name: string, api: unknown) => void (exposed[name] = api),
    },
    ipcRenderer: {
      async invoke(channel: string, ...args: unknown[]) {
        const copy = structuredClone(args);
        const event = { sender: contents, senderFrame: mainFrame };
        return structuredClone(await handlers.get(channel)!(event, ...copy));
      },
      on: (channel: string, listener: Listener) =>
        listeners.set(channel, [...(listeners.get(channel) ?? []), listener]),
      removeListener: (channel: string, listener: Listener) =>
        listeners.set(
          channel,
          (listeners.get(channel) ?? []).filter((one) => one !== listener),
        ),
    },
  };
});
vi.mock('electron', () => electron);

interface Transport {
  invoke(request: Request): Promise<Reply>;
  /** Listens until the function is called. Null: this transport carries no news. */
  listen: ((listener: (topics: Topic[]) => void) => Promise<() => void>) | null;
  close(): Promise<void>;
}

async function overHttp({ app }: TestApp): Promise<Transport> {
  const rendererDir = mkdtempSync(join(tmpdir(), 'renderer-'));
  writeFileSync(join(rendererDir, 'index.html'), '');
  const host = await createBrowserHost({
    app,
    rendererDir,
    texts: loadTexts(),
    log: { info: () => undefined, error: () => undefined },
    clock: { now: () => new Date() },
    port: 0,
  });
  const opened = await fetch(host.oneTimeUrl(), { redirect: 'manual' });
  const Cookie = opened.headers.get('set-cookie')!.split(';')[0]!;
  return {
    async invoke(request) {
      const answer = await fetch(`${host.url}/api`, {
        method: 'POST',
        headers: {
          Cookie,
          Origin: host.url,
          'Content-Type': 'application/json',
          'X-Customer-Portal': '1',
        },
        body: JSON.stringify(request),
      });
      return (await answer.json()) as Reply;
    },
    async listen(listener) {
      const answer = await fetch(`${host.url}/api/events`, { headers: { Cookie } });
      const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
      void (async () => {
        for (let next = await reader.read(); !next.done; next = await reader.read()) {
          const data = /^data: (.*)$/m.exec(next.value)?.[1];
          if (data !== undefined) listener(JSON.parse(data) as Topic[]);
        }
      })();
      return () => void reader.cancel();
    },
    async close() {
      await host.stop();
      rmSync(rendererDir, { recursive: true });
    },
  };
}

async function overIpc({ app }: TestApp): Promise<Transport> {
  const { announce, connectIpc } = await import('../../../../src-main/electron/ipc.ts');
  await import('../../../../src-main/electron/preload.ts');
  connectIpc(Promise.resolve(app), {
    pageUrl: 'app://customer-portal/index.html',
    sessionOf: (contentsId) => `window-${contentsId}`,
  });
  app.onChanged(announce);
  const bridge = electron.exposed.customerPortal as {
    invoke(request: Request): Promise<Reply>;
    onChanged(listener: (topics: Topic[]) => void): () => void;
  };
  return {
    invoke: (request) => bridge.invoke(request),
    listen: (listener) => Promise.resolve(bridge.onChanged(listener)),
    close: () => Promise.resolve(),
  };
}

async function overControl({ app, dataDir }: TestApp): Promise<Transport> {
  const control = await startControl(dataDir, {
    version: '0.1.0',
    call: app.call,
    open: () => null,
  });
  const running = findRunningProgram(dataDir)!;
  return {
    invoke: (request) => running.call(request, 'test'),
    listen: null,
    close: () => control.stop(),
  };
}

describe.each([
  ['HTTP of the browser host', overHttp],
  ["Electron's messages", overIpc],
  ['the command line', overControl],
])('the contract over %s', (_name, open) => {
  let program: TestApp;
  let transport: Transport;
  beforeAll(async () => {
    program = await createTestApp();
    transport = await open(program);
  });
  afterAll(async () => {
    await transport.close();
    await program.close();
  });

  const invoke = (method: string, input?: unknown): Promise<Reply> =>
    transport.invoke({ method, input });

  it('a query answers what the program says', async () => {
    expect(await invoke('app.status', {})).toEqual({
      ok: true,
      value: await program.call('app.status'),
    });
  });

  it('a mutation is there afterwards', async () => {
    expect(await invoke('settings.set', { theme: 'dark' })).toMatchObject({ ok: true });
    expect((await program.call('app.status')).settings.theme).toBe('dark');
  });

  it('a whole import: parts of 1 MiB, names in any script', async () => {
    const rows = Array.from(
      { length: 24_000 },
      (_, i) =>
        `2026-11-${String((i % 28) + 1).padStart(2, '0')},1:00:00,"شركة 株式会社",Ü-${i % 9}`,
    );
    const bytes = Buffer.from(['Date,Duration,Customer,Project', ...rows].join('\n'));
    const value = async (method: string, input: unknown): Promise<Record<string, never>> => {
      const reply = await invoke(method, input);
      expect(reply).toMatchObject({ ok: true });
      return (reply as { value: Record<string, never> }).value;
    };
    const { uploadId } = await value('uploads.begin', {
      fileName: 'ü.csv',
      size: bytes.length,
    });
    for (let offset = 0; offset < bytes.length; offset += 2 ** 20) {
      const base64 = bytes.subarray(offset, offset + 2 ** 20).toString('base64');
      await value('uploads.append', { uploadId, offset, base64 });
    }
    const { jobId } = await value('imports.open', { uploadId });
    const job = await program.jobIn(jobId!, 'mapping', 'preview', 'failed');
    expect(await value('imports.job', { jobId })).toEqual(JSON.parse(JSON.stringify(job)));
    await value('imports.cancel', { jobId });
  });

  it.each<[string, string, unknown, object]>([
    ['no such method', 'no.such', {}, { code: 'unknown_method', params: {} }],
    ['a property of every object', 'toString', {}, { code: 'unknown_method', params: {} }],
    ['a wrong type', 'settings.set', { theme: 7 }, { code: 'invalid_input' }],
    ['a field that is not in the contract', 'app.status', { x: 1 }, { code: 'invalid_input' }],
    ['nothing at that id', 'shares.get', { id: 999 }, { code: 'not_found' }],
  ])('%s is an error with a code, never a throw', async (_case, method, input, error) => {
    expect(await invoke(method, input)).toMatchObject({ ok: false, error });
  });

  it('an input that is left out is an empty one', async () => {
    expect(await invoke('customers.list')).toEqual({ ok: true, value: [] });
  });

  it('news arrive as topics', async ({ skip }) => {
    if (transport.listen === null) return skip('commands end before there are any');
    const heard = Promise.withResolvers<Topic[]>();
    const stop = await transport.listen((topics) => {
      // News of the tests before may still be on their way.
      if (topics.includes('settings')) heard.resolve(topics);
    });
    await program.call('settings.set', { theme: 'light' });
    expect(await heard.promise).toEqual(['settings']);
    stop();
  });

  // Last, since from here on this window has to sign in.
  it('every method on shares asks who is there, and whether they may', async () => {
    const { id } = await program.call('profiles.create', {
      name: 'Helper',
      role: 'ROLE_ADMIN',
      password: null,
    });
    const methods = Object.keys(contract).filter((method) => method.startsWith('shares.'));
    const refusals = async (): Promise<unknown[]> => {
      const codes = methods.map(async (method) => {
        const reply = await invoke(method, { no_such_field: 1 });
        return reply.ok ? 'ok' : reply.error.code;
      });
      return [...new Set(await Promise.all(codes))];
    };
    expect(await refusals()).toEqual(['not_signed_in']);
    await invoke('session.signIn', { profileId: id, password: '' });
    expect(await refusals()).toEqual(['permission_denied']);
    const right = { role: 'ROLE_ADMIN', permission: 'customer_portal' } as const;
    await program.call('permissions.set', { ...right, granted: true });
    expect(await refusals()).toEqual(['invalid_input']);
    await invoke('session.lock');
    expect(await refusals()).toEqual(['locked']);
  });
});
