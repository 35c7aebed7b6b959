import type {
  HandlerDetails,
  Session,
  WebContents as ElectronContents,
  WindowOpenHandlerResponse,
} from 'electron';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { BrowserContext, Page, Route } from 'playwright';
import { installBridge, type Bridge } from './bridge.ts';
import { handleInvoke } from './ipc-main.ts';
import { answerOf, toAppUrl, toPageUrl } from './protocol.ts';
import { note } from './record.ts';

interface Frame {
  readonly url: string;
}

let lastId = 0;

type Handled =
  'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler';

/** What the page of a window may do, by the handlers that the program set. */
export class StandInSession implements Pick<Session, Handled> {
  #request: Parameters<Session['setPermissionRequestHandler']>[0] = null;
  #check: Parameters<Session['setPermissionCheckHandler']>[0] = null;
  #device: Parameters<Session['setDevicePermissionHandler']>[0] = null;

  setPermissionRequestHandler: Session['setPermissionRequestHandler'] = (handler) =>
    void (this.#request = handler);
  setPermissionCheckHandler: Session['setPermissionCheckHandler'] = (handler) =>
    void (this.#check = handler);
  setDevicePermissionHandler: Session['setDevicePermissionHandler'] = (handler) =>
    void (this.#device = handler);

  /** As Electron asks; without a handler it says yes. */
  ask(permission: string): { requested: boolean; checked: boolean; device: boolean } {
    let requested = true;
    this.#request?.(
      {} as never,
      permission as never,
      (decided) => (requested = decided),
      {} as never,
    );
    const checked = this.#check?.(null, permission as never, '', {} as never) ?? true;
    return { requested, checked, device: this.#device?.({} as never) ?? true };
  }
}

/** Electron's WebContents on a real Chromium page: the parts that the shell uses. */
export class WebContents
  extends EventEmitter
  implements
    Pick<ElectronContents, 'id' | 'getURL' | 'loadURL' | 'reload' | 'send' | 'setWindowOpenHandler'>
{
  readonly id = ++lastId;
  readonly session = new StandInSession();
  readonly #context: Promise<BrowserContext>;
  readonly #preload: string;
  #open: (details: HandlerDetails) => WindowOpenHandlerResponse = () => ({ action: 'allow' });
  #page: Promise<Page> | null = null;
  #bridge: Bridge | null = null;
  #url = '';
  /** Navigations that the program itself began do not ask `will-navigate`. */
  #ownNavigation = false;

  readonly mainFrame: Frame;

  constructor(context: Promise<BrowserContext>, preload: string) {
    super();
    this.#context = context;
    this.#preload = preload;
    const urlOf = (): string => this.getURL();
    this.mainFrame = {
      get url() {
        return urlOf();
      },
    };
  }

  getURL(): string {
    return toAppUrl(this.#url);
  }

  setWindowOpenHandler(handler: (details: HandlerDetails) => WindowOpenHandlerResponse): void {
    this.#open = handler;
  }

  async loadURL(url: string): Promise<void> {
    this.#page ??= this.#createPage();
    const page = await this.#page;
    this.#ownNavigation = true;
    await page.goto(toPageUrl(url));
    this.#ownNavigation = false;
    note('loaded', url);
    this.emit('did-finish-load');
  }

  /** After a crash Chromium's page is gone for its tools; Electron's goes on in a new process. */
  reload(): void {
    const url = this.getURL();
    const old = this.#page;
    this.#page = this.#createPage();
    void this.loadURL(url).then(async () => {
      await (await old)?.close();
      note('reload', url);
    });
  }

  forcefullyCrashRenderer(): void {
    void this.#page?.then(async (page) => page.goto('chrome://crash').catch(() => undefined));
  }

  /** Copied as Electron copies: throws for what structured clone cannot. */
  send(channel: string, ...args: unknown[]): void {
    void this.#bridge?.send(channel, structuredClone(args));
  }

  /**
   * Closes the page as a person would: one with unsaved changes may hold it, which the program
   * decides. Resolves with whether it is closed.
   */
  async close(): Promise<boolean> {
    const page = await this.#page;
    if (page === null || page === undefined) return true;
    return new Promise((resolve) => {
      page.once('close', () => resolve(true));
      page.once('dialog', (dialog) => {
        let leaves = false;
        this.emit('will-prevent-unload', { preventDefault: () => (leaves = true) });
        void (leaves ? dialog.accept() : dialog.dismiss());
        if (!leaves) resolve(false);
      });
      void page.close({ runBeforeUnload: true });
    });
  }

  async #createPage(): Promise<Page> {
    const page = await (await this.#context).newPage();
    page.on('popup', (popup) => void popup.close());
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame()) this.#url = frame.url();
    });
    page.on('crash', () => this.emit('render-process-gone', {}, { reason: 'crashed' }));
    page.on('pageerror', (error) => note('pageError', error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') note('pageError', message.text());
    });
    await page.route('**/*', (route) => this.#answer(page, route));
    const preload = readFileSync(this.#preload, 'utf8');
    this.#bridge = await installBridge(page, preload, async ({ channel, args }) =>
      handleInvoke(channel, { sender: this, senderFrame: this.mainFrame }, args),
    );
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Page.enable');
    cdp.on('Page.windowOpen', ({ url }) => {
      const { action } = this.#open({ url } as HandlerDetails);
      note('windowOpen', { url, action });
    });
    return page;
  }

  async #answer(page: Page, route: Route): Promise<void> {
    const request = route.request();
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) {
      if (!this.#ownNavigation && !this.#mayNavigate(request.url())) return route.abort('aborted');
    }
    const answer = await answerOf(request.url());
    if (answer === null) return route.abort('addressunreachable');
    await route.fulfill({
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: Buffer.from(await answer.arrayBuffer()),
    });
  }

  #mayNavigate(url: string): boolean {
    let prevented = false;
    this.emit('will-navigate', {
      url: toAppUrl(url),
      preventDefault: () => (prevented = true),
    });
    note('willNavigate', { url, prevented });
    return !prevented;
  }
}
