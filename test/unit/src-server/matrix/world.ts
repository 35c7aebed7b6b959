/** Time entries as a test states them, and the Kimai export that holds them. */

export interface Entry {
  /** `YYYY-MM-DD` */
  day: string;
  /** `HH:MM`; no two entries of a day begin at the same minute. */
  begin: string;
  /** 0 and no end for running entries. */
  durationS: number;
  running: boolean;
  login: string;
  name: string;
  project: string;
  activity: string;
  description: string;
  tags: string;
  billable: boolean;
  /** Decimal texts, such as `95.5`; `fixedRate` is `0` for none. */
  hourlyRate: string;
  fixedRate: string;
  rate: string;
}

const plainEntry: Entry = {
  day: '2026-02-10',
  begin: '09:00',
  durationS: 3600,
  running: false,
  login: 'amina',
  name: 'Amina',
  project: 'Website',
  activity: 'Work',
  description: '',
  tags: '',
  billable: true,
  hourlyRate: '90',
  fixedRate: '0',
  rate: '90',
};

/** An hour of Amina on the website at 90 an hour, but for what is said otherwise. */
export const entry = (differences: Partial<Entry>): Entry => ({ ...plainEntry, ...differences });

const header =
  'ID,Date,From,To,Duration,Break,Currency,Price,"Internal price","Hourly price","Fixed price",' +
  'Name,User,Customer,Account,Project,"Project number",Activity,Description,Exported,Billable,' +
  'Tags,Type,category';

/** The loss-free custom export of Kimai 2.66; `firstId` keeps exports of one store apart. */
export function exportCsv(
  entries: readonly Entry[],
  {
    customer,
    currency = 'EUR',
    firstId = 1,
  }: { customer: string; currency?: string; firstId?: number },
): Uint8Array {
  const lines = entries.map((e, index) =>
    [
      firstId + index,
      e.day,
      e.begin,
      e.running ? '' : endOf(e),
      hms(e.durationS),
      '0:00:00',
      currency,
      e.rate,
      // Must never reach a page.
      '77777.77',
      e.hourlyRate,
      e.fixedRate,
      quote(e.name),
      quote(e.login),
      quote(customer),
      '',
      quote(e.project),
      '',
      quote(e.activity),
      quote(e.description),
      0,
      e.billable ? 1 : 0,
      quote(e.tags),
      'timesheet',
      'work',
    ].join(','),
  );
  return Buffer.from([header, ...lines, ''].join('\n'));
}

const quote = (text: string): string =>
  /^[^\s",]*$/.test(text) ? text : `"${text.replaceAll('"', '""')}"`;

/** `HH:MM` of the end, over midnight if it must be. */
export function endOf(e: Entry): string {
  const [hours, minutes] = e.begin.split(':').map(Number);
  const end = (hours! * 60 + minutes! + Math.floor(e.durationS / 60)) % (24 * 60);
  return `${String(Math.floor(end / 60)).padStart(2, '0')}:${String(end % 60).padStart(2, '0')}`;
}

const hms = (seconds: number): string =>
  [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0')))
    .join(':');
