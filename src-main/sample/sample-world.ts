/**
 * The made-up business of the sample data: four clients, nine projects, two people. Numbers and
 * budgets fit `resources/sample/1-customers.xlsx` and `2-projects.xlsx`, which are in Kimai's form.
 */

export interface SampleProject {
  customer: string;
  project: string;
  currency: string;
  /** Hourly rate in ten-thousandths of the currency's unit. */
  hourlyRateE4: number;
  /** Who works on it: the display names in turn. */
  people: readonly SamplePerson[];
  /** Activity and what was done; a text is used again after all others. */
  work: readonly (readonly [activity: string, description: string])[];
  /** How the entries are spread. */
  plan: MonthlyPlan | LifetimePlan;
  /** Entries that the client does not pay: each n-th one. */
  unbilledEvery?: number;
}

/** A retainer: about the same hours in every month, up to today. */
export interface MonthlyPlan {
  kind: 'monthly';
  /** Hours of a whole month. */
  hours: number;
  /** Hours that the first day of a month has already, so that a budget never starts empty. */
  firstDayHours: number;
}

/** A piece of work of a certain size, spread backwards from its last day. */
export interface LifetimePlan {
  kind: 'lifetime';
  hours: number;
  /** Days before today on which the last entry lies. */
  endsDaysAgo: number;
  /** About this many hours a week. */
  hoursPerWeek: number;
}

export interface SamplePerson {
  name: string;
  login: string;
}

const anna: SamplePerson = { name: 'Anna Keller', login: 'anna' };
const tom: SamplePerson = { name: 'Tom Reyes', login: 'tom' };

/** Logins of the sample's people. */
export const samplePeople = [anna.login, tom.login];

/** The customer that the sample's first share is for. */
export const firstSampleCustomer = 'Harbour Coffee Roasters';

export const sampleProjects: readonly SampleProject[] = [
  {
    customer: 'Harbour Coffee Roasters',
    project: 'Website relaunch',
    currency: 'EUR',
    hourlyRateE4: 900_000,
    people: [anna, anna, tom],
    work: [
      ['Design', 'Wireframes for the home page and the product pages'],
      ['Development', 'Product filter by origin, roast and grind'],
      ['Meeting', 'Weekly call: decided on the new navigation'],
      ['Development', 'Checkout: address form and delivery options'],
      ['Design', 'Type scale and colours, second round of feedback'],
      ['Development', 'Moved 140 product texts from the old shop'],
      ['Testing', 'Tried the order process on phones and tablets'],
      ['Development', 'Subscription page: choose rhythm and amount'],
      ['Meeting', 'Presented the click-through prototype'],
      ['Development', 'Search with suggestions'],
    ],
    plan: { kind: 'lifetime', hours: 148, endsDaysAgo: 0, hoursPerWeek: 8 },
  },
  {
    customer: 'Harbour Coffee Roasters',
    project: 'Shop maintenance',
    currency: 'EUR',
    hourlyRateE4: 900_000,
    people: [tom],
    work: [
      ['Support', 'Updates of the shop system and its extensions'],
      ['Support', 'Order e-mails went to spam: mended the sender records'],
      ['Development', 'Seasonal blend on the start page'],
      ['Support', 'Restored a product that was deleted by mistake'],
      ['Development', 'Voucher codes with an end date'],
      ['Support', 'Monthly check: backups, certificates, loading times'],
    ],
    plan: { kind: 'monthly', hours: 11, firstDayHours: 3.25 },
    unbilledEvery: 9,
  },
  {
    customer: 'Harbour Coffee Roasters',
    project: 'Newsletter',
    currency: 'EUR',
    hourlyRateE4: 750_000,
    people: [anna],
    work: [
      ['Writing', 'Text and pictures of the monthly newsletter'],
      ['Design', 'New template, readable in the dark too'],
      ['Writing', 'Interview with the roaster from Huehuetenango'],
      ['Meeting', 'Topics of the next three months'],
    ],
    plan: { kind: 'lifetime', hours: 130, endsDaysAgo: 4, hoursPerWeek: 1.5 },
  },
  {
    customer: 'Brandt & Söhne',
    project: 'Hosting & Support',
    currency: 'EUR',
    hourlyRateE4: 850_000,
    people: [tom, tom, anna],
    work: [
      ['Support', 'Security updates on both servers'],
      ['Support', 'New mailbox and shared calendar for the workshop'],
      ['Support', 'Slow intranet: found a full disk, moved old drawings'],
      ['Support', 'Phone call: printing of delivery notes'],
      ['Support', 'Renewed certificates, checked the backups'],
    ],
    plan: { kind: 'monthly', hours: 9.25, firstDayHours: 2.5 },
    unbilledEvery: 12,
  },
  {
    customer: 'Brandt & Söhne',
    project: 'Order planning',
    currency: 'EUR',
    hourlyRateE4: 950_000,
    people: [tom, anna],
    work: [
      ['Development', 'Calendar of machines with drag and drop'],
      ['Development', 'Import of orders from the accounting program'],
      ['Meeting', 'Workshop with the foremen: what a week looks like'],
      ['Development', 'Warnings where two orders need one machine'],
      ['Testing', 'Trial week in hall 2, list of findings'],
      ['Design', 'Large screen for the hall, readable from ten metres'],
      ['Development', 'Print view of the day for each machine'],
      ['Development', 'Rights: who may move an order'],
    ],
    plan: { kind: 'lifetime', hours: 396, endsDaysAgo: 1, hoursPerWeek: 9 },
  },
  {
    customer: 'Northside Dental',
    project: 'Online booking',
    currency: 'GBP',
    hourlyRateE4: 800_000,
    people: [anna],
    work: [
      ['Development', 'Free appointments by dentist and treatment'],
      ['Development', 'Reminders by text message a day before'],
      ['Design', 'Three steps instead of six'],
      ['Testing', 'Booked and cancelled on the practice’s own devices'],
      ['Meeting', 'Questions of data protection with the practice manager'],
      ['Development', 'Waiting list: who gets an appointment that became free'],
    ],
    plan: { kind: 'lifetime', hours: 92, endsDaysAgo: 2, hoursPerWeek: 4 },
  },
  {
    customer: 'Northside Dental',
    project: 'Practice website',
    currency: 'GBP',
    hourlyRateE4: 800_000,
    people: [anna, tom],
    work: [
      ['Development', 'Pages of the team and of treatments'],
      ['Writing', 'Shorter texts for worried patients'],
      ['Design', 'Pictures of the new rooms, cut and corrected'],
      ['Development', 'Directions and opening hours'],
    ],
    plan: { kind: 'lifetime', hours: 164, endsDaysAgo: 260, hoursPerWeek: 7 },
  },
  {
    customer: 'Lindqvist Architects',
    project: 'Portfolio',
    currency: 'EUR',
    hourlyRateE4: 920_000,
    people: [anna],
    work: [
      ['Design', 'Grid of projects, large pictures first'],
      ['Development', 'Plans that can be enlarged'],
      ['Meeting', 'Choice of 24 projects and their order'],
      ['Development', 'Swedish and English side by side'],
      ['Testing', 'Loading time on a slow connection halved'],
    ],
    plan: { kind: 'lifetime', hours: 188, endsDaysAgo: 330, hoursPerWeek: 8 },
  },
  {
    customer: 'Lindqvist Architects',
    project: 'Archive search',
    currency: 'EUR',
    hourlyRateE4: 920_000,
    people: [tom],
    work: [
      ['Development', 'Read 3 200 scanned plans and their names'],
      ['Development', 'Search by place, year and kind of building'],
      ['Meeting', 'More scans than planned: agreed to go on'],
      ['Development', 'Doubtful readings on a list to confirm'],
      ['Testing', 'Compared 200 plans with the paper archive'],
    ],
    plan: { kind: 'lifetime', hours: 84, endsDaysAgo: 9, hoursPerWeek: 4 },
  },
];
