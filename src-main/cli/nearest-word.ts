/** The word of a list that differs least from what was typed; the first one of several. */
export function nearestWord(typed: string, words: readonly string[]): string {
  let nearest = '';
  let least = Infinity;
  for (const word of words) {
    const changes = countChanges(typed.toLowerCase(), word.toLowerCase());
    if (changes < least) [nearest, least] = [word, changes];
  }
  return nearest;
}

/** Most letters that are compared: nobody types a longer name of a method. */
const maxLetters = 60;

/** How many letters have to be added, left out or replaced (Levenshtein's distance). */
export function countChanges(from: string, to: string): number {
  const [left, right] = [from.slice(0, maxLetters), to.slice(0, maxLetters)];
  let above = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const replaced = above[column - 1]! + (left[row - 1] === right[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, above[column]! + 1, current[column - 1]! + 1));
    }
    above = current;
  }
  return above[right.length]!;
}
