/**
 * Set-up of every test file: property tests draw the same examples in every run, so that a red run
 * means that the change is wrong, not the dice. `RANDOM_SEED=random` (or a number) draws others:
 * for whoever looks for faults, and the way to see a found one again.
 */
import fc from 'fast-check';

const wanted = process.env['RANDOM_SEED'] ?? '20261125';

if (wanted !== 'random') fc.configureGlobal({ seed: Number(wanted) });
