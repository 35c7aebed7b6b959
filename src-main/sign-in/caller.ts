/** Who calls the contract: each window, browser tab or command line has a session of its own. */
export interface Caller {
  sessionId: string;
}
