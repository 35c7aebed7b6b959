import { constants, getPriority, setPriority } from 'node:os';

/**
 * Lets the pages of clients, and whatever somebody waits for, go before this thread where processors
 * are few. Call it in a worker. On Linux priority belongs to the thread; elsewhere it would be the
 * whole program's, so nothing is done. A program that was started with a lower priority keeps that:
 * only root may raise it again.
 */
export function workInBackground(): void {
  const background = constants.priority.PRIORITY_BELOW_NORMAL;
  if (process.platform === 'linux' && getPriority() < background) setPriority(0, background);
}
