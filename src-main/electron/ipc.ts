import { BrowserWindow, ipcMain, type IpcMainInvokeEvent } from 'electron';
import type { Reply, Topic } from '../../src-shared/contract.ts';
import type { App } from '../app.ts';
import { channels } from './channels.ts';

/**
 * Carries calls of our own page to the router. The page may be there before the program: its calls
 * wait. A frame inside the page (the preview of a share) or a page of another origin gets no answer.
 */
export function connectIpc(
  app: Promise<Pick<App, 'call'>>,
  { pageUrl, sessionOf }: { pageUrl: string; sessionOf(contentsId: number): string },
): void {
  ipcMain.handle(channels.invoke, async (event, request: unknown): Promise<Reply> => {
    if (!isOwnPage(event, pageUrl)) throw new Error('not from our page');
    const { method, input } = (request ?? {}) as { method?: unknown; input?: unknown };
    const { call } = await app;
    // The router answers `unknown_method` for whatever is no name of the contract.
    return call({ method: String(method), input }, { sessionId: sessionOf(event.sender.id) });
  });
}

/** Tells every page what to fetch again. */
export function announce(topics: Topic[]): void {
  for (const window of BrowserWindow.getAllWindows()) {
    window.webContents.send(channels.changed, topics);
  }
}

function isOwnPage({ sender, senderFrame }: IpcMainInvokeEvent, pageUrl: string): boolean {
  return (
    senderFrame !== null && senderFrame === sender.mainFrame && isSamePage(senderFrame.url, pageUrl)
  );
}

/** Whether an address is our page, whatever its fragment. `app:` addresses have no origin. */
export function isSamePage(url: string, pageUrl: string): boolean {
  const [given, own] = [URL.parse(url), URL.parse(pageUrl)];
  return given !== null && given.protocol === own?.protocol && given.host === own.host;
}
