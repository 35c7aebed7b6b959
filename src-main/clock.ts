/** What time it is. Passed in everywhere, so that tests decide it. */
export interface Clock {
  now(): Date;
}
