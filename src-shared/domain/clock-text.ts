/** A time of day as `HH:MM`, 24 hours, the same in every language. `minutes`: after midnight. */
export const clockText = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
