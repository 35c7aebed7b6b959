/**
 * What a share's options make public: the one table from which the columns of a page, the values
 * beside them and the list of what becomes public come. Every entry names the part of that list
 * that tells the owner about it, so that nothing becomes public without being listed.
 */
import { exposureFields, type ExposureField, type ShareOptions } from '../contract/shares.ts';

interface Visibility {
  isShown: (options: ShareOptions) => boolean;
  /** Where the list has it; `records` and `projects`: its counts, days and names, always there. */
  listedAs: ExposureField | 'records' | 'projects';
}

const always = (): boolean => true;
const showsRates = ({ showRates }: ShareOptions): boolean => showRates;

/** The columns of the details table, in the order of the page. */
const columnTable = {
  date: { isShown: always, listedAs: 'records' },
  user: { isShown: ({ showUser }) => showUser, listedAs: 'users' },
  project: { isShown: always, listedAs: 'projects' },
  activity: { isShown: ({ showActivity }) => showActivity, listedAs: 'activities' },
  tags: { isShown: ({ showTags }) => showTags, listedAs: 'tags' },
  times: { isShown: ({ showTimes }) => showTimes, listedAs: 'times' },
  description: { isShown: always, listedAs: 'descriptions' },
  duration: { isShown: always, listedAs: 'durations' },
  rate: { isShown: showsRates, listedAs: 'rates' },
  total: { isShown: showsRates, listedAs: 'rates' },
} as const satisfies Record<string, Visibility>;

/** What a page or its data.json shows beside the details table. */
const otherTable = {
  /** Amounts of single points of the charts. */
  chartAmounts: { isShown: showsRates, listedAs: 'rates' },
  /** The month's amount, in the footer and among the large figures. */
  monthTotal: {
    isShown: ({ showRates, showMonthTotal }) => showRates || showMonthTotal,
    listedAs: 'month_total',
  },
  moneyBudget: { isShown: ({ budgetStats }) => budgetStats, listedAs: 'budget' },
  timeBudget: { isShown: ({ timeBudgetStats }) => timeBudgetStats, listedAs: 'time_budget' },
  dataJson: { isShown: ({ json }) => json, listedAs: 'json' },
} as const satisfies Record<string, Visibility>;

const table: Record<Column | OtherFact, Visibility> = { ...columnTable, ...otherTable };

export type Column = keyof typeof columnTable;
type OtherFact = keyof typeof otherTable;

export const columns = Object.keys(columnTable) as Column[];

/** Whether a page with these options shows it at all. */
export const isShown = (what: Column | OtherFact, options: ShareOptions): boolean =>
  table[what].isShown(options);

/** The columns of a page. One project's page has no project column. */
export const shownColumns = (options: ShareOptions, onProject: boolean): Column[] =>
  columns.filter((column) => isShown(column, options) && !(onProject && column === 'project'));

/** What becomes public with these options, for the owner's list; without its counts and names. */
export function exposedFields(options: ShareOptions): ExposureField[] {
  const shown = Object.values(table).filter((entry) => entry.isShown(options));
  const listed = new Set<Visibility['listedAs']>(shown.map(({ listedAs }) => listedAs));
  return exposureFields.filter((field) => listed.has(field));
}
