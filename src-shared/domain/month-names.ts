/** Under a bar of a phone there is room for so many letters. */
const lettersOnPhone = 4;

/**
 * What stands under the bars of months on a phone: the narrow names, a letter or a number each, where
 * one of the short names is too long, as in Arabic and French; else the short ones (undefined).
 * Both lists are of the same months.
 */
export const phoneMonthNames = (
  short: readonly string[],
  narrow: readonly string[],
): readonly string[] | undefined =>
  short.some((name) => name.length > lettersOnPhone) ? narrow : undefined;
