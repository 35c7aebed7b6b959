/** Durations that files state more or less exactly. Pure. */

/** True durations that a stated one can stand for: Kimai truncates to minutes, rounds to hundredths. */
function durationSpan(seconds: number, resolution: number): [number, number] {
  if (resolution === 60) return seconds < 0 ? [seconds - 59, seconds] : [seconds, seconds + 59];
  if (resolution === 36) return [seconds - 18, seconds + 18];
  return [seconds, seconds];
}

/**
 * Whether two statements can be of the same duration. Equally coarse ones must be equal: the same
 * clock made both.
 */
export function durationsAgree(
  a: number,
  resolutionA: number,
  b: number,
  resolutionB: number,
): boolean {
  if (a === b) return true;
  if (resolutionA === resolutionB) return false;
  const [firstA, lastA] = durationSpan(a, resolutionA);
  const [firstB, lastB] = durationSpan(b, resolutionB);
  return firstA <= lastB && firstB <= lastA;
}
