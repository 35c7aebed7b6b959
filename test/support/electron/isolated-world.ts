/**
 * Two scripts that every new document of a stand-in window runs: one in the page's own world,
 * one in the preload's. Neither can touch the other's objects; what crosses is copied, as
 * Electron's contextBridge does it: plain data by value (Chromium clones an event's `detail`
 * between worlds), functions as callbacks, anything else is refused.
 */
export const isolatedWorld = 'Electron Isolated Context';

/** What both worlds do with a value on its way out and in. Source text: it runs in the page. */
const crossing = `
  const functions = new Map();
  let lastId = 0;
  function outward(value, depth = 0) {
    if (depth > 1000) throw new TypeError('An object is nested too deeply to cross');
    if (typeof value === 'function') {
      const id = side + '-' + ++lastId;
      functions.set(id, value);
      return { kind: 'function', id };
    }
    if (typeof value === 'symbol') throw new TypeError('A symbol cannot cross');
    if (value instanceof Promise) {
      const id = side + '-' + ++lastId;
      value.then(
        (result) => send('settle', { id, ok: true, value: outward(result) }),
        (error) => send('settle', { id, ok: false, message: String(error && error.message) }),
      );
      return { kind: 'promise', id };
    }
    if (Array.isArray(value)) {
      return { kind: 'array', items: value.map((item) => outward(item, depth + 1)) };
    }
    if (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
      const entries = Object.entries(value).map(([key, item]) => [key, outward(item, depth + 1)]);
      return { kind: 'object', entries };
    }
    return { kind: 'value', value: structuredClone(value) };
  }
  const waiting = new Map();
  function inward(sent) {
    if (sent.kind === 'function') return (...args) => callOther(sent.id, args);
    if (sent.kind === 'promise') {
      return new Promise((resolve, reject) => waiting.set(sent.id, { resolve, reject }));
    }
    if (sent.kind === 'array') return sent.items.map(inward);
    if (sent.kind === 'object') {
      return Object.fromEntries(sent.entries.map(([key, item]) => [key, inward(item)]));
    }
    return sent.value;
  }
  const send = (type, detail) =>
    document.dispatchEvent(new CustomEvent('bridge:' + other + ':' + type, { detail }));
  const receive = (type, handle) =>
    document.addEventListener('bridge:' + side + ':' + type, (event) => handle(event.detail));
  let answer;
  function callOther(id, args) {
    // Electron copies each argument: for a proxy, and whatever else has no copy, it throws.
    const copies = args.map((arg) => (typeof arg === 'function' ? arg : structuredClone(arg)));
    send('call', { id, args: copies.map((arg) => outward(arg)) });
    const given = answer;
    if (!given.ok) throw new Error(given.message);
    return inward(given.value);
  }
  receive('answer', (given) => (answer = given));
  receive('call', ({ id, args }) => {
    try {
      send('answer', { ok: true, value: outward(functions.get(id)(...args.map(inward))) });
    } catch (error) {
      send('answer', { ok: false, message: String(error && error.message) });
    }
  });
  receive('settle', ({ id, ok, value, message }) => {
    const promise = waiting.get(id);
    if (ok) promise.resolve(inward(value));
    else promise.reject(new Error(message));
  });
`;

/** For the page's world: waits for what the preload exposes. */
export const pageScript = `(() => {
  if (window !== window.top) return;
  const side = 'page', other = 'preload';
  ${crossing}
  receive('expose', ({ name, api }) => {
    Object.defineProperty(window, name, { value: Object.freeze(inward(api)), enumerable: true });
  });
})();`;

/**
 * For the preload's world: the preload itself, with the only two modules' parts that a sandboxed
 * one may use. Electron runs a preload in the main frame only.
 */
export const preloadScript = (preloadSource: string): string => `(() => {
  if (window !== window.top) return;
  const side = 'preload', other = 'page';
  ${crossing}
  const contextBridge = {
    exposeInMainWorld: (name, api) => send('expose', { name, api: outward(api) }),
  };
  const calls = new Map();
  const listeners = new Map();
  let lastCall = 0;
  const ipcRenderer = {
    invoke(channel, ...args) {
      const id = ++lastCall;
      // Throws for what structured clone cannot copy, as Electron does.
      const copy = structuredClone(args);
      return new Promise((resolve, reject) => {
        calls.set(id, { resolve, reject });
        electronStandInInvoke(JSON.stringify({ id, channel, args: copy }));
      });
    },
    on(channel, listener) {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
    },
    removeListener(channel, listener) {
      listeners.set(channel, (listeners.get(channel) ?? []).filter((one) => one !== listener));
    },
  };
  globalThis.electronStandInDeliver = (message) => {
    if (message.channel !== undefined) {
      for (const listener of listeners.get(message.channel) ?? []) listener({}, ...message.args);
      return;
    }
    const call = calls.get(message.id);
    calls.delete(message.id);
    if (message.ok) call.resolve(message.value);
    else call.reject(new Error(message.message));
  };
  const modules = { electron: { contextBridge, ipcRenderer } };
  const require = (name) => {
    if (!Object.hasOwn(modules, name)) throw new Error('module not found: ' + name);
    return modules[name];
  };
  const module = { exports: {} };
  ((require, module, exports) => { ${preloadSource}
  })(require, module, module.exports);
})();`;
