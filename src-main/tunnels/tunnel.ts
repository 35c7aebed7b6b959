import type { AppError } from '../../src-shared/errors.ts';

/**
 * What a tunnel is doing. `waiting`: it was lost, or could not be had, and is tried again at
 * `retryAt`; `failed`: it stays down until the owner has changed something. Times are in
 * milliseconds since 1970 UTC.
 */
export type TunnelStatus =
  | { state: 'stopped' | 'starting'; error: null }
  | { state: 'online'; since: number; reconnects: number; error: null }
  | { state: 'waiting'; retryAt: number; error: AppError }
  | { state: 'failed'; error: AppError };

/** A way on which clients reach the portal from anywhere. */
export interface Tunnel {
  start(): void;
  /** Resolves when nothing of it runs any more. */
  stop(): Promise<void>;
  status(): TunnelStatus;
  /** The address of the portal through it, without a slash at its end; null while it is not up. */
  url(): string | null;
}

/** A tunnel that is up. */
export interface Connection {
  url: string;
  /** Resolves with the reason when it ends by itself; never rejects. */
  ended: Promise<AppError>;
  close(): Promise<void>;
}

/** Builds a tunnel up once. Throws an AppError; `signal` ends the attempt. */
export type Connect = (say: (line: string) => void, signal: AbortSignal) => Promise<Connection>;
