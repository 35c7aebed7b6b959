/** The shapes of dates that the program writes or reads. All but `moment` are of calendar days, as UTC. */
export const dateStyles = {
  day: { weekday: 'short', day: 'numeric', month: 'short' },
  fullDay: { dateStyle: 'long' },
  monthAndYear: { month: 'long', year: 'numeric' },
  longMonth: { month: 'long' },
  shortMonth: { month: 'short' },
  narrowMonth: { month: 'narrow' },
  longMonthInDay: { month: 'long', day: 'numeric' },
  shortMonthInDay: { month: 'short', day: 'numeric' },
  longWeekday: { weekday: 'long' },
  shortWeekday: { weekday: 'short' },
  year: { year: 'numeric' },
  time: { timeStyle: 'short' },
  moment: {
    ...{ year: 'numeric', month: 'long', day: 'numeric' },
    ...{ hour: 'numeric', minute: '2-digit', timeZoneName: 'short' },
  },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;
export type DateStyle = keyof typeof dateStyles;

/** Words for these are read in durations. */
export const durationUnits = ['day', 'hour', 'minute', 'second'] as const;
export type DurationUnit = (typeof durationUnits)[number];

const unitDisplays = ['long', 'short', 'narrow'] as const;

/** Counts whose words differ in some language. */
const unitCounts = [1, 2, 5, 11];

/** Every word that Intl has for a unit in a language. */
export const unitWordsOfIntl = (tag: string, unit: DurationUnit): string[] =>
  unitDisplays.flatMap((unitDisplay) => {
    const format = new Intl.NumberFormat(tag, { style: 'unit', unit, unitDisplay });
    return unitCounts.map((count) =>
      format
        .formatToParts(count)
        .filter(({ type }) => type === 'unit')
        .map(({ value }) => value)
        .join(''),
    );
  });
