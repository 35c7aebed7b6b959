/** Under a bar of a phone there is room for so many letters. */
const lettersOnPhone = 4;

/** Letters of East Asia are twice as wide as others: `11月` and `12월` run into their neighbours. */
const isWide = (name: string): boolean => /[\p{Script=Han}\p{Script=Hangul}]/u.test(name);

/**
 * What stands under the bars of months on a phone: the narrow names, a letter or a number each, where
 * one of the short names is too long, as in Arabic and French, or too wide, as in Japanese; else the
 * short ones (undefined). Both lists are of the same months.
 */
export function phoneMonthNames(
  short: readonly string[],
  narrow: readonly string[],
): readonly string[] | undefined {
  if (!short.some((name) => name.length > lettersOnPhone || isWide(name))) return undefined;
  // The narrow names of East Asia are numbers with the word for month behind them.
  return narrow.map((name) => (isWide(name) ? String(Number.parseInt(name, 10)) : name));
}
