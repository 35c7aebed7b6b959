/** What a request of the portal carries from one middleware to the next. */
import type { ExtendableContext, Next } from 'koa';
import type { PortalShare } from './source.ts';

/** What the address says and what was found for it. */
export interface PortalState {
  /** The share's key, decoded. */
  key: string;
  /** As it stands in the path; undefined: the page of the share itself. */
  projectId: string | undefined;
  /** Kimai's code. */
  locale: string;
  /** What the addresses of the answer begin with: the path of the public address, or ''. */
  base: string;
  /** The address has no locale of Kimai's: it is redirected once the share is known. */
  localeMissing: boolean;
  /** Of the data, from before the share was read: nothing of the answer is older. */
  version: number;
  share: PortalShare;
}

/** The request of a share's link, once locale and share are known. */
export interface PortalContext extends ExtendableContext {
  state: PortalState;
}

/** Any request: nothing is known yet, or the address is no share's. */
export interface AnyContext extends ExtendableContext {
  state: Partial<PortalState>;
}

/** Answers a request. */
export type Answer = (ctx: PortalContext) => void | Promise<void>;
/** Answers a request, or lets it go on. */
export type Pass = (ctx: PortalContext, next: Next) => Promise<void>;
/** The same for requests of any address. */
export type PassAny = (ctx: AnyContext, next: Next) => Promise<void>;
