import type { CDPSession, Page } from 'playwright';
import { isolatedWorld, pageScript, preloadScript } from './isolated-world.ts';

/** What a page's preload asked of the main side. */
export interface Invoke {
  channel: string;
  args: unknown[];
}

/** The way between a page with a preload and the main side, as Electron's bridge and messages are. */
export interface Bridge {
  /** A message to the preload's listeners. Dropped if the page has gone, as Electron does. */
  send(channel: string, args: unknown[]): Promise<void>;
}

/** Gives every document of the page the preload; `answer` is the main side. */
export async function installBridge(
  page: Page,
  preload: string,
  answer: (invoke: Invoke) => Promise<unknown>,
): Promise<Bridge> {
  let world: number | null = null;
  let mainFrameId = '';
  const cdp: CDPSession = await page.context().newCDPSession(page);

  async function deliver(message: object): Promise<void> {
    if (world === null) return;
    await cdp
      .send('Runtime.evaluate', {
        contextId: world,
        expression: `electronStandInDeliver(${JSON.stringify(message)})`,
      })
      .catch((error: Error) => {
        const hasGone = /crashed|closed|Cannot find context|context was destroyed/i;
        if (!page.isClosed() && !hasGone.test(error.message)) throw error;
      });
  }

  async function invoked(payload: string): Promise<void> {
    const { id, ...invoke } = JSON.parse(payload) as Invoke & { id: number };
    try {
      await deliver({ id, ok: true, value: structuredClone(await answer(invoke)) });
    } catch (error) {
      await deliver({ id, ok: false, message: (error as Error).message });
    }
  }

  cdp.on('Runtime.executionContextCreated', ({ context }) => {
    // Frames inside the page have such a world too, but no preload runs there.
    const { frameId } = (context.auxData ?? {}) as { frameId?: string };
    if (context.name === isolatedWorld && frameId === mainFrameId) world = context.id;
  });
  cdp.on('Runtime.executionContextDestroyed', ({ executionContextId }) => {
    if (world === executionContextId) world = null;
  });
  cdp.on('Runtime.executionContextsCleared', () => (world = null));
  page.on('crash', () => (world = null));
  await cdp.send('Page.enable');
  const { frameTree } = await cdp.send('Page.getFrameTree');
  mainFrameId = frameTree.frame.id;
  await cdp.send('Runtime.enable');
  await cdp.send('Runtime.addBinding', {
    name: 'electronStandInInvoke',
    executionContextName: isolatedWorld,
  });
  cdp.on('Runtime.bindingCalled', ({ payload }) => void invoked(payload));
  await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: pageScript });
  await cdp.send('Page.addScriptToEvaluateOnNewDocument', {
    source: preloadScript(preload),
    worldName: isolatedWorld,
  });
  return { send: (channel, args) => deliver({ channel, args: structuredClone(args) }) };
}
