import { afterEach, describe, expect, it, vi } from 'vitest';
import { topics, type Reply } from '../../../src-shared/contract.ts';
import {
  createBrowserTransport,
  createElectronTransport,
} from '../../../src-renderer/transport.ts';

/** The browser's stream of events, played by hand. */
class Stream extends EventTarget {
  static last: Stream;
  closed = false;
  readonly url: string;

  constructor(url: string) {
    super();
    this.url = url;
    Stream.last = this;
  }

  close(): void {
    this.closed = true;
  }

  say(data: string): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data }));
  }
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('the transport of the browser host', () => {
  it('posts the call as JSON with the header that no foreign page can send', async () => {
    const fetched = vi.fn().mockResolvedValue({ json: () => ({ ok: true, value: 1 }) });
    vi.stubGlobal('fetch', fetched);
    const reply = await createBrowserTransport().invoke('imports.job', { jobId: 'x' });
    expect(reply).toEqual({ ok: true, value: 1 });
    const [address, request] = fetched.mock.calls[0] as [string, RequestInit];
    expect(address).toBe('/api');
    expect(request.headers).toMatchObject({ 'X-Customer-Portal': '1' });
    expect(JSON.parse(request.body as string)).toEqual({
      method: 'imports.job',
      input: { jobId: 'x' },
    });
  });

  it('passes on news, and asks for everything again after a gap', () => {
    vi.stubGlobal('EventSource', Stream);
    const heard = vi.fn();
    const stop = createBrowserTransport().onChanged(heard);
    expect(Stream.last.url).toBe('/api/events');
    Stream.last.dispatchEvent(new Event('open'));
    expect(heard).not.toHaveBeenCalled();
    Stream.last.say('["catalog"]');
    expect(heard).toHaveBeenLastCalledWith(['catalog']);
    Stream.last.dispatchEvent(new Event('error'));
    Stream.last.dispatchEvent(new Event('open'));
    expect(heard).toHaveBeenLastCalledWith([...topics]);
    stop();
    expect(Stream.last.closed).toBe(true);
  });
});

describe('the transport of the desktop app', () => {
  it('hands over plain values only, as HTTP does: the bridge refuses proxies', async () => {
    // As the bridge does: throws for what cannot be cloned.
    const invoke = vi.fn((request: object) =>
      Promise.resolve({ ok: true, value: structuredClone(request) } as Reply),
    );
    const transport = createElectronTransport({ invoke, onChanged: () => undefined });
    const columns = new Proxy({ 0: 'date', 1: undefined }, {});
    expect(await transport.invoke('imports.map', { jobId: 'x', columns })).toEqual({
      ok: true,
      value: { method: 'imports.map', input: { jobId: 'x', columns: { 0: 'date' } } },
    });
  });

  it('hands the call to the preload', async () => {
    const invoke = vi.fn().mockResolvedValue({ ok: true, value: null });
    const transport = createElectronTransport({ invoke, onChanged: () => undefined });
    await transport.invoke('customers.list', {});
    expect(invoke).toHaveBeenCalledWith({ method: 'customers.list', input: {} });
    expect(transport.onChanged(() => undefined)).toBeTypeOf('function');
  });
});
