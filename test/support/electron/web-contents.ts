import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { BrowserContext, CDPSession, Page, Route } from 'playwright';
import { handleInvoke } from './ipc-main.ts';
import { isolatedWorld, pageScript, preloadScript } from './isolated-world.ts';
import { answerOf, toAppUrl, toPageUrl } from './protocol.ts';
import { note } from './record.ts';

interface Frame {
  readonly url: string;
}

type OpenHandler = (details: { url: string }) => { action: 'allow' | 'deny' };

let lastId = 0;

/** Electron's WebContents on a real Chromium page: the parts that the shell uses. */
export class WebContents extends EventEmitter {
  readonly id = ++lastId;
  readonly session = { setPermissionRequestHandler: (): void => undefined };
  readonly #context: Promise<BrowserContext>;
  readonly #preload: string;
  #open: OpenHandler = () => ({ action: 'allow' });
  #page: Promise<Page> | null = null;
  #cdp: CDPSession | null = null;
  #world: number | null = null;
  #destroyed = false;
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

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#open = handler;
  }

  async loadURL(url: string): Promise<void> {
    this.#page ??= this.#createPage();
    const page = await this.#page;
    this.#ownNavigation = true;
    await page.goto(toPageUrl(url));
    this.#ownNavigation = false;
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

  /** Copied as Electron copies: throws for what structured clone cannot. */
  send(channel: string, ...args: unknown[]): void {
    void this.#deliver({ channel, args: structuredClone(args) });
  }

  async destroy(): Promise<void> {
    this.#destroyed = true;
    await (await this.#page)?.close();
  }

  async #createPage(): Promise<Page> {
    this.#forgetWorld();
    const context = await this.#context;
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    cdp.on('Runtime.executionContextCreated', ({ context: made }) => {
      if (made.name !== isolatedWorld) return;
      this.#cdp = cdp;
      this.#world = made.id;
    });
    cdp.on('Runtime.executionContextsCleared', () => {
      if (this.#cdp === cdp) this.#forgetWorld();
    });
    await cdp.send('Page.enable');
    await cdp.send('Runtime.enable');
    await cdp.send('Runtime.addBinding', {
      name: 'electronStandInInvoke',
      executionContextName: isolatedWorld,
    });
    cdp.on('Runtime.bindingCalled', ({ payload }) => void this.#invoked(payload));
    cdp.on('Page.windowOpen', ({ url }) => {
      const { action } = this.#open({ url });
      note('windowOpen', { url, action });
    });
    page.on('popup', (popup) => void popup.close());
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame()) this.#url = frame.url();
    });
    page.on('crash', () => {
      this.#forgetWorld();
      this.emit('render-process-gone', {}, { reason: 'crashed' });
    });
    page.on('pageerror', (error) => note('pageError', error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') note('pageError', message.text());
    });
    await page.route('**/*', (route) => this.#answer(page, route));
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: pageScript });
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', {
      source: preloadScript(readFileSync(this.#preload, 'utf8')),
      worldName: isolatedWorld,
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

  async #invoked(payload: string): Promise<void> {
    const { id, channel, args } = JSON.parse(payload) as {
      id: number;
      channel: string;
      args: unknown[];
    };
    const event = { sender: this, senderFrame: this.mainFrame };
    try {
      const value = structuredClone(await handleInvoke(channel, event, args));
      await this.#deliver({ id, ok: true, value });
    } catch (error) {
      await this.#deliver({ id, ok: false, message: (error as Error).message });
    }
  }

  #forgetWorld(): void {
    this.#cdp = null;
    this.#world = null;
  }

  /** Electron drops messages to a page that has gone, also one that goes meanwhile. */
  async #deliver(message: object): Promise<void> {
    if (this.#cdp === null || this.#world === null || this.#destroyed) return;
    await this.#cdp
      .send('Runtime.evaluate', {
        contextId: this.#world,
        expression: `electronStandInDeliver(${JSON.stringify(message)})`,
      })
      .catch((error: Error) => {
        const hasGone = /crashed|closed|Cannot find context|context was destroyed/i;
        if (!this.#destroyed && !hasGone.test(error.message)) throw error;
      });
  }
}
