/**
 * Where the fields of a row stand in a packed batch. Only `BatchWriter` and `RowReader` use it:
 * everybody else reads the getters of `RowReader`.
 */

/** Positions among the whole numbers of a row. A time or break that the file does not say is -1. */
export const intPosition = {
  line: 0,
  person: 1,
  project: 2,
  activity: 3,
  day: 4,
  beginMin: 5,
  endMin: 6,
  durationS: 7,
  breakS: 8,
  flags: 9,
  descriptionEnd: 10,
  tagsEnd: 11,
  occurrence: 12,
} as const;
export const intsPerRow = 13;

/** Positions among the numbers that may be large. Kimai's id is 0 if the file does not say it. */
export const amountPosition = {
  rateE4: 0,
  hourlyRateE4: 1,
  fixedRateE4: 2,
  kimaiId: 3,
} as const;
export const amountsPerRow = 4;

/** Bits of the flags. `…Known`: the file says this about the row. */
export const flag = {
  running: 1,
  exportedKnown: 2,
  exported: 4,
  billableKnown: 8,
  billable: 16,
  tagsKnown: 32,
  rateKnown: 64,
  hourlyRateKnown: 128,
  fixedRateKnown: 256,
} as const;
