import { z } from 'zod';
import { shareStates } from '../domain/share-state.ts';
import { day, id, moment, newPassword, none, seconds } from './common.ts';
import { command, mutation, query } from './method.ts';

export const mergeModes = ['none', 'merge', 'merge_first', 'merge_last'] as const;
export type MergeMode = (typeof mergeModes)[number];

/** Kinds of facts that a share can make public; texts under `shares.field`. */
export const exposureFields = [
  'descriptions',
  'durations',
  'users',
  'activities',
  'tags',
  'times',
  'rates',
  'month_total',
  'budget',
  'time_budget',
  'json',
] as const;
export type ExposureField = (typeof exposureFields)[number];

/** What the client may see. Stored as JSON with the share. */
export const shareOptions = z.strictObject({
  showUser: z.boolean().default(false),
  showRates: z.boolean().default(false),
  /** The month's total amount in the footer although rates are hidden. */
  showMonthTotal: z.boolean().default(false),
  mergeMode: z.enum(mergeModes).default('none'),
  annualChart: z.boolean().default(true),
  monthlyChart: z.boolean().default(true),
  budgetStats: z.boolean().default(false),
  timeBudgetStats: z.boolean().default(false),
  showActivity: z.boolean().default(false),
  showTags: z.boolean().default(false),
  /** From–to. */
  showTimes: z.boolean().default(false),
  onlyBillable: z.boolean().default(false),
  /** Customer shares: all projects, new ones included, or the hand-picked ones. */
  projectSelection: z.enum(['all', 'selected']).default('all'),
  /** Whether archived projects are part of the share at all. */
  includeArchived: z.boolean().default(true),
  /** Days that are part of the share; rolling ranges move with today. */
  range: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('all') }),
      z.strictObject({
        kind: z.literal('fixed'),
        firstDay: day.nullable(),
        lastDay: day.nullable(),
      }),
      /** The current and the last month; the current and the 2 before; from 1 January. */
      z.strictObject({
        kind: z.literal('rolling'),
        span: z.enum(['last_month', 'last_3_months', 'this_year']),
      }),
    ])
    .default({ kind: 'all' }),
  /** Kimai locale code used if the client's languages fit none. */
  locale: z.string().max(20).default('en'),
  /** Whether the client's page offers its details as CSV and XLSX. */
  downloads: z.boolean().default(false),
  /** `…/data.json` for the client's own tools. */
  json: z.boolean().default(false),
  /** Origins that may read data.json from a browser, such as `https://example.org`; no `*`. */
  corsOrigins: z
    .array(z.url({ protocol: /^https?$/ }).refine((url) => URL.parse(url)?.origin === url))
    .max(20)
    .default([]),
});
export type ShareOptions = z.infer<typeof shareOptions>;

type OptionFields = typeof shareOptions.shape;
/** The options without their defaults. */
const optionFields = Object.fromEntries(
  Object.entries(shareOptions.shape).map(([name, field]) => [name, field.unwrap()]),
) as { [Name in keyof OptionFields]: ReturnType<OptionFields[Name]['unwrap']> };

export const share = z.strictObject({
  id,
  /** For the owner only. */
  label: z.string(),
  customerId: id,
  customerName: z.string(),
  projectId: id.nullable(),
  projectName: z.string().nullable(),
  projectIds: z.array(id),
  options: shareOptions,
  hasPassword: z.boolean(),
  paused: z.boolean(),
  /** Last day on which the link works. */
  expiresDay: day.nullable(),
  state: z.enum(shareStates),
  /** `/en/auth/customer-portal/{key}`: the secret; to be joined with a base address. */
  path: z.string(),
  createdAt: moment,
  changedAt: moment,
  views: z.int(),
  lastViewAt: moment.nullable(),
  failures: z.int(),
  lockedClients: z.int(),
});
export type Share = z.infer<typeof share>;

export const maxLabelLength = 200;

const editable = {
  label: z.string().trim().max(maxLabelLength),
  customerId: id,
  projectId: id.nullable(),
  projectIds: z.array(id).max(10_000),
  options: shareOptions,
  expiresDay: day.nullable(),
};

/** What an unsaved share would be; enough to preview it. */
export const shareDraft = z.strictObject({
  label: editable.label.default(''),
  customerId: editable.customerId,
  projectId: editable.projectId.default(null),
  projectIds: editable.projectIds.default([]),
  options: shareOptions.prefault({}),
  expiresDay: editable.expiresDay.default(null),
});
export type ShareDraft = z.infer<typeof shareDraft>;

/** What a change names; everything it leaves out, each option for itself, stays as it is. */
const sharePatch = z
  .strictObject({ ...editable, options: z.strictObject(optionFields).partial() })
  .partial();
export type SharePatch = z.infer<typeof sharePatch>;

/** Without this a password of fewer than 6 characters is refused. */
const confirmShortPassword = z.boolean().default(false);

export const shareMethods = {
  'shares.list': query(
    'customer_portal',
    z.strictObject({ deleted: z.boolean().default(false) }),
    z.array(share),
  ),
  'shares.get': query('customer_portal', z.strictObject({ id }), share),
  /** Share and password in one transaction: a password that cannot be saved leaves no share. */
  'shares.create': command(
    'customer_portal',
    z.strictObject({
      ...shareDraft.shape,
      password: newPassword.nullable().default(null),
      confirmShortPassword,
    }),
    share,
  ),
  /** `password`: null removes it, undefined leaves it. */
  'shares.update': command(
    'customer_portal',
    z.strictObject({
      id,
      patch: sharePatch,
      password: newPassword.nullable().optional(),
      confirmShortPassword,
    }),
    share,
  ),
  'shares.pause': mutation('customer_portal', z.strictObject({ id }), share),
  'shares.resume': mutation('customer_portal', z.strictObject({ id }), share),
  /** Pauses or resumes many at once. Answers those that it changed, which is what an undo takes. */
  'shares.setPaused': mutation(
    'customer_portal',
    z.strictObject({ ids: z.array(id).min(1).max(10_000), paused: z.boolean() }),
    z.strictObject({ ids: z.array(id) }),
  ),
  /** A new key; the old link dies at once. */
  'shares.rotateKey': mutation('customer_portal', z.strictObject({ id }), share),
  'shares.duplicate': mutation('customer_portal', z.strictObject({ id }), share),
  'shares.delete': mutation('customer_portal', z.strictObject({ id }), none),
  /** Undo of a deletion: same key, same options, same password. */
  'shares.restore': mutation('customer_portal', z.strictObject({ id }), share),
  'shares.clearLockouts': mutation('customer_portal', z.strictObject({ id }), none),
  'shares.endSessions': mutation('customer_portal', z.strictObject({ id }), none),
  /** The client's real page as HTML without scripts that leave it, for a sandboxed frame. */
  'shares.preview': query(
    'customer_portal',
    z.strictObject({
      draft: shareDraft,
      locale: z.string().max(20),
      year: z.int().optional(),
      month: z.int().min(1).max(12).optional(),
      details: z.enum(['table', 'chart']).default('table'),
      /** A project page inside a customer share. */
      projectId: id.nullable().default(null),
    }),
    z.strictObject({ html: z.string() }),
  ),
  /** What becomes public with these options: counts and names, for the list beside the form. */
  'shares.exposure': query(
    'customer_portal',
    z.strictObject({ draft: shareDraft }),
    z.strictObject({
      projects: z.array(z.strictObject({ id, name: z.string(), archived: z.boolean() })),
      excluded: z.array(z.strictObject({ id, name: z.string() })),
      users: z.array(z.string()),
      records: z.int(),
      firstDay: day.nullable(),
      lastDay: day.nullable(),
      /** Which facts a client sees at all. */
      fields: z.array(z.enum(exposureFields)),
    }),
  ),
  'shares.views': query(
    'customer_portal',
    z.strictObject({ id }),
    z.strictObject({
      views: z.int(),
      lastViewAt: moment.nullable(),
      failures: z.int(),
      lockOuts: z.int(),
      lockedClients: z.int(),
      byDevice: z.array(z.strictObject({ device: z.string(), count: z.int() })),
      byLocale: z.array(z.strictObject({ locale: z.string(), count: z.int() })),
      byDay: z.array(z.strictObject({ day, count: z.int() })),
      bots: z.array(z.strictObject({ bot: z.string(), count: z.int(), lastAt: moment })),
    }),
  ),
  /**
   * What is new for the client of each active share since its page was last opened: records that
   * an import added or changed since. Shares without news, and those nobody opened, are left out.
   */
  'shares.news': query(
    'customer_portal',
    none,
    z.array(z.strictObject({ id, records: z.int().positive(), durationS: seconds })),
  ),
  /** A pronounceable passphrase of at least 60 bits, from a cryptographic source. */
  'shares.passphrase': query('customer_portal', none, z.strictObject({ passphrase: z.string() })),
  /**
   * A mail to the client with the share's link, in a language: null is the share's own. `baseUrl`:
   * where the link begins; null: the link to the pages that are always on. It never has the password
   * in it, but says that one comes another way.
   */
  'shares.message': query(
    'customer_portal',
    z.strictObject({
      id,
      baseUrl: z.url({ protocol: /^https?$/ }).nullable(),
      locale: z.string().max(20).nullable().default(null),
    }),
    z.strictObject({ locale: z.string(), subject: z.string(), body: z.string() }),
  ),
  /** The QR code of a share’s link under a base address, as SVG. */
  'shares.qr': query(
    'customer_portal',
    z.strictObject({ id, baseUrl: z.url({ protocol: /^https?$/ }) }),
    z.strictObject({ svg: z.string() }),
  ),
};
