/** What the router needs of a browser's address, so that tests can be one. */
export interface AddressBar {
  read(): string;
  /** Adds an entry to the history. */
  push(hash: string): void;
  /** Changes the address without an entry and without an event. */
  replace(hash: string): void;
  /** Calls back when the address changed for whatever reason. */
  listen(onChange: () => void): void;
}

export interface Router {
  /** The parts of the address: `#/imports/job/x` is `['imports', 'job', 'x']`. */
  readonly segments: readonly string[];
  /** The part after `?`: `#/records?customer=1`. */
  readonly query: URLSearchParams;
  /** Where the owner wants to go although something is unsaved; null while nobody asked. */
  readonly pending: string | null;
  /** Goes to an address such as `/customers/1`; asks first if something is unsaved. */
  go(path: string): void;
  /** Changes the address in place, for filters: no entry in the history, no question. */
  refine(path: string): void;
  /** Answers the question of `pending`: leave and lose the changes. */
  leave(): void;
  /** Answers the question of `pending`: stay here. */
  stay(): void;
  /**
   * While `isUnsaved` says true, leaving asks. One form at a time. Returns the function that
   * lifts the guard.
   */
  guard(isUnsaved: () => boolean): () => void;
  /** Whether something would be lost now. */
  unsaved(): boolean;
}

/** Splits `#/a/b%20c?d=e` into decoded segments and a query. Broken escapes stay as they are. */
export function parseHash(hash: string): { segments: string[]; query: URLSearchParams } {
  const [path = '', search = ''] = hash.replace(/^#/, '').split('?', 2);
  const segments = path.split('/').filter((segment) => segment !== '');
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- replaced as a whole, never changed
  return { segments: segments.map(decode), query: new URLSearchParams(search) };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // Not ours: the page of that address will not be found, which is the right answer.
    return segment;
  }
}

export function createRouter(bar: AddressBar): Router {
  let hash = $state(bar.read());
  let pending = $state<string | null>(null);
  let isUnsaved: (() => boolean) | undefined;
  const parsed = $derived(parseHash(hash));

  function follow(): void {
    const next = bar.read();
    if (next === hash) return;
    if (isUnsaved?.()) {
      bar.replace(hash);
      pending = next;
      return;
    }
    isUnsaved = undefined;
    hash = next;
  }
  bar.listen(follow);

  return {
    get segments() {
      return parsed.segments;
    },
    get query() {
      return parsed.query;
    },
    get pending() {
      return pending;
    },
    go(path) {
      bar.push(`#${path}`);
      follow();
    },
    refine(path) {
      bar.replace(`#${path}`);
      hash = `#${path}`;
    },
    leave() {
      if (pending === null) return;
      const next = pending;
      pending = null;
      isUnsaved = undefined;
      bar.push(next);
      follow();
    },
    stay() {
      pending = null;
    },
    guard(check) {
      isUnsaved = check;
      return () => {
        if (isUnsaved === check) isUnsaved = undefined;
      };
    },
    unsaved: () => isUnsaved?.() ?? false,
  };
}

/** The address bar of this window; also asks before the window closes on unsaved changes. */
function createWindowBar(): AddressBar {
  return {
    read: () => (location.hash === '' ? '#/' : location.hash),
    push: (hash) => {
      location.hash = hash;
    },
    replace: (hash) => history.replaceState(null, '', hash),
    listen: (onChange) => window.addEventListener('hashchange', onChange),
  };
}

/** The router of this window. */
export const router: Router = createRouter(
  typeof window === 'undefined'
    ? { read: () => '#/', push() {}, replace() {}, listen() {} }
    : createWindowBar(),
);
