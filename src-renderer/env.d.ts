/// <reference types="svelte" />
/// <reference types="vite/client" />

import type { Reply, Request, Topic } from '../src-shared/contract.ts';

declare global {
  interface Window {
    /** What Electron's preload exposes: these two functions and nothing else. */
    customerPortal?: {
      invoke(request: Request): Promise<Reply>;
      onChanged(listener: (topics: Topic[]) => void): (() => void) | undefined;
    };
  }
}
