import {
  topics,
  type MethodName,
  type Reply,
  type Request,
  type Topic,
} from '../src-shared/contract.ts';

/** Carries calls to the main side and news back; knows nothing of what they mean. */
export interface Transport {
  /** Rejects only if the main side cannot be reached. */
  invoke(method: MethodName, input: unknown): Promise<Reply>;
  /** Calls the listener with topics to fetch again. Returns the function that ends it. */
  onChanged(listener: (topics: Topic[]) => void): () => void;
}

type Bridge = NonNullable<Window['customerPortal']>;

/**
 * The desktop app: through the two functions of the preload. What goes over is what JSON keeps, as
 * over HTTP: Electron's bridge refuses proxies, and a `$state` of a form is one.
 */
export function createElectronTransport(bridge: Bridge): Transport {
  return {
    invoke: async (method, input) =>
      bridge.invoke(JSON.parse(JSON.stringify({ method, input })) as Request),
    onChanged: (listener) => bridge.onChanged(listener) ?? (() => undefined),
  };
}

/**
 * The browser host: JSON over `POST /api`, news over server-sent events. The session is a cookie
 * that the one-time address of the start set; the header proves that the page itself asks, since
 * a foreign page cannot send it without a permission that the host never gives.
 */
export function createBrowserTransport(): Transport {
  return {
    async invoke(method, input) {
      const response = await fetch('/api', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-Customer-Portal': '1' },
        body: JSON.stringify({ method, input }),
        credentials: 'same-origin',
      });
      return (await response.json()) as Reply;
    },
    onChanged(listener) {
      const events = new EventSource('/api/events');
      let wasLost = false;
      events.addEventListener('error', () => (wasLost = true));
      events.addEventListener('open', () => {
        // The browser reconnects by itself; what was said in between is lost.
        if (wasLost) listener([...topics]);
        wasLost = false;
      });
      events.addEventListener('message', (event: MessageEvent<string>) => {
        listener(JSON.parse(event.data) as Topic[]);
      });
      return () => events.close();
    },
  };
}

/** The transport of the host that this page runs in. */
export function createTransport(): Transport {
  return window.customerPortal
    ? createElectronTransport(window.customerPortal)
    : createBrowserTransport();
}
