import { none } from './common.ts';
import { command } from './method.ts';

export const sampleMethods = {
  /**
   * Fills an empty program with a made-up business of two years up to today, and shares one of its
   * customers. Throws `sample_not_empty` if there is data already.
   */
  'sample.load': command('importer', none, none),
  /**
   * Takes away what `sample.load` brought, and what was changed of it since; nothing else. Throws
   * `not_found` if no sample is there.
   */
  'sample.remove': command('importer', none, none),
};
