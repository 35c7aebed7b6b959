import type { ReadingRules } from './types.ts';

/** Of a source whose values have types already: no text is left to be understood. Durations are seconds. */
export const typedRules: ReadingRules = {
  dateOrder: 'none',
  monthLanguage: null,
  decimalComma: null,
  hasUngroupedAmounts: false,
  durationUnit: 'seconds',
  shortClock: 'hours',
  timesFitNumbers: false,
  clockFractions: false,
  pointZeroColumns: [],
};
