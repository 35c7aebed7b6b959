/**
 * Set-up of every test file. `localhost` is two addresses: Node gives the first one 250 ms to
 * connect, which a busy machine misses, and then fails at the one that nobody listens on.
 */
import { setDefaultAutoSelectFamilyAttemptTimeout } from 'node:net';

/** How long tests wait for a state before they fail, in ms: it only ends a hang. */
export const patienceMs = 60_000;

setDefaultAutoSelectFamilyAttemptTimeout(patienceMs);
