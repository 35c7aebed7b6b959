/** Ascending whole numbers as text, runs shortened: `1-500,502`. A million ids become a few bytes. */
export function formatRanges(numbers: readonly number[]): string {
  const parts: string[] = [];
  for (let first = 0; first < numbers.length;) {
    let last = first;
    while (numbers[last + 1] === numbers[last]! + 1) last++;
    parts.push(first === last ? `${numbers[first]}` : `${numbers[first]}-${numbers[last]}`);
    first = last + 1;
  }
  return parts.join(',');
}

export function parseRanges(text: string): number[] {
  if (text === '') return [];
  return text.split(',').flatMap((part) => {
    const [first = 0, last = first] = part.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
