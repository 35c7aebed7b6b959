import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron';
import type { Reply, Request, Topic } from '../../src-shared/contract.ts';
import { channels } from './channels.ts';

/** All that the page gets: calls of the contract, and news. Nothing of Electron crosses. */
contextBridge.exposeInMainWorld('customerPortal', {
  invoke: ({ method, input }: Request): Promise<Reply> =>
    ipcRenderer.invoke(channels.invoke, { method, input }),
  onChanged(listener: (topics: Topic[]) => void): () => void {
    const forward = (_event: IpcRendererEvent, topics: Topic[]): void => listener(topics);
    ipcRenderer.on(channels.changed, forward);
    return () => void ipcRenderer.removeListener(channels.changed, forward);
  },
});
