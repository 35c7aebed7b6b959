import { z } from 'zod';
import {
  amountE4,
  budgetType,
  color,
  currency,
  day,
  id,
  moment,
  none,
  page,
  seconds,
  undoable,
} from './common.ts';
import { mutation, query } from './method.ts';

/** Sums of a customer or project: stopped records that are not hidden. */
const totals = {
  records: z.int(),
  durationS: seconds,
  /** Null if no record came with a rate. */
  rateE4: amountE4.nullable(),
  firstDay: day.nullable(),
  lastDay: day.nullable(),
};

const budget = {
  /** 0: none. */
  budgetE4: amountE4.min(0),
  timeBudgetS: seconds.min(0),
  /** Null: whole lifetime. */
  budgetType,
};

const edited = z.array(z.string());

export const customer = z.strictObject({
  id,
  name: z.string(),
  number: z.string().nullable(),
  /** Null until a file or the owner says it. */
  currency: currency.nullable(),
  visible: z.boolean(),
  color: color.nullable(),
  comment: z.string(),
  ...budget,
  sortOrder: z.int(),
  /** Fields changed here by hand; imports leave them alone. */
  edited,
  projects: z.int(),
  shares: z.int(),
  ...totals,
});
export type Customer = z.infer<typeof customer>;

export const project = z.strictObject({
  id,
  customerId: id,
  customerName: z.string(),
  name: z.string(),
  number: z.string().nullable(),
  orderNumber: z.string().nullable(),
  currency: currency.nullable(),
  visible: z.boolean(),
  color: color.nullable(),
  comment: z.string(),
  ...budget,
  sortOrder: z.int(),
  edited,
  ...totals,
});
export type Project = z.infer<typeof project>;

export const timesheetRecord = z.strictObject({
  id,
  kimaiId: z.int().nullable(),
  day,
  /** `HH:MM`, local time of the record. */
  begin: z.string().nullable(),
  end: z.string().nullable(),
  running: z.boolean(),
  durationS: seconds,
  rateE4: amountE4.nullable(),
  currency: currency.nullable(),
  user: z.string(),
  customer: z.string(),
  project: z.string(),
  activity: z.string(),
  description: z.string(),
  tags: z.string(),
  billable: z.boolean(),
  /** The owner corrected the billable flag; an import leaves it. */
  billableEdited: z.boolean(),
  hidden: z.boolean(),
});
export type TimesheetRecord = z.infer<typeof timesheetRecord>;

const editable = {
  visible: z.boolean().optional(),
  color: color.nullable().optional(),
  comment: z.string().max(10_000).optional(),
  budgetE4: amountE4.min(0).optional(),
  timeBudgetS: seconds.min(0).optional(),
  budgetType: budgetType.optional(),
  sortOrder: z.int().optional(),
};

/** What the list of records can be ordered by. */
export const recordOrders = ['day', 'user', 'project', 'duration', 'amount'] as const;
export type RecordOrder = (typeof recordOrders)[number];

/** A filter of the list of records under a name; `query`: as the app's address has it. */
export const savedFilter = z.strictObject({
  name: z.string().trim().min(1).max(100),
  query: z.string().max(1000),
});
export type SavedFilter = z.infer<typeof savedFilter>;
export const maxSavedFilters = 50;

export const catalogMethods = {
  'customers.list': query('view_customer', none, z.array(customer)),
  'customers.update': mutation(
    'edit_customer',
    z.strictObject({ id, patch: z.strictObject({ ...editable, currency: currency.optional() }) }),
    undoable,
  ),
  /** Moves projects, records and shares of `fromId` to `intoId`; equal projects become one. */
  'customers.merge': mutation(
    'edit_customer',
    z.strictObject({ fromId: id, intoId: id }),
    undoable,
  ),
  'projects.list': query(
    'view_customer',
    z.strictObject({ customerId: id.optional() }),
    z.array(project),
  ),
  'projects.update': mutation(
    'edit_customer',
    z.strictObject({ id, patch: z.strictObject(editable) }),
    undoable,
  ),
  'projects.merge': mutation('edit_customer', z.strictObject({ fromId: id, intoId: id }), undoable),
  'records.list': query(
    'view_customer',
    z.strictObject({
      customerId: id.optional(),
      projectId: id.optional(),
      firstDay: day.optional(),
      lastDay: day.optional(),
      /** Searched in description, activity, user and tags. */
      search: z.string().max(200).optional(),
      state: z.enum(['all', 'hidden', 'running', 'edited']).default('all'),
      order: z.enum(recordOrders).default('day'),
      /** Newest, longest, highest and `Z` first. Equal ones come newest first. */
      descending: z.boolean().default(true),
      ...page,
    }),
    z.strictObject({ total: z.int(), durationS: seconds, rows: z.array(timesheetRecord) }),
  ),
  'records.filters': query('view_customer', none, z.array(savedFilter)),
  /** In the place of the one of this name, if there is one; the oldest goes where there are 50. */
  'records.saveFilter': mutation('view_customer', savedFilter, none),
  'records.removeFilter': mutation('view_customer', savedFilter.pick({ name: true }), none),
  'records.update': mutation(
    'edit_customer',
    z.strictObject({
      ids: z.array(id).min(1).max(500),
      /** `billable: null` goes back to what the file said. */
      patch: z.strictObject({
        hidden: z.boolean().optional(),
        billable: z.boolean().nullable().optional(),
      }),
    }),
    undoable,
  ),
  /** Takes back an edit, if nothing later touched the same rows (`undo_expired`). */
  'changes.undo': mutation('edit_customer', z.strictObject({ undoId: id }), none),
  'changes.list': query(
    'edit_customer',
    none,
    z.array(z.strictObject({ undoId: id, what: z.string(), madeAt: moment, undone: z.boolean() })),
  ),
};
