/** The parts of Kimai's REST API that a sync reads: 2.14 to 2.66 (docs/kimai-sync.md). */
import { z } from 'zod';
import { AppError } from '../../src-shared/errors.ts';
import type { Clock } from '../clock.ts';
import type { KimaiKind } from '../store/kimai/kimai-rows.ts';
import type { Answer, Connection } from './connection.ts';
import { refusalOf } from './refusals.ts';

const kimaiId = z.int().min(1);
/** Kimai's names have 150 characters. */
const name = z.string().max(10_000);
const maybeText = z.string().max(10_000).nullish();
const amount = z.number().nullish();

const version = z.object({ version: z.string().max(50), versionId: z.int() });
const team = z.object({ id: kimaiId });
const me = z.object({
  username: name,
  alias: maybeText,
  timezone: z.string().max(100).nullish(),
  roles: z.array(z.string().max(100)).max(100).default([]),
  teams: z.array(team).max(10_000).default([]),
  memberships: z
    .array(z.object({ team: team.nullish(), teamlead: z.boolean().nullish() }))
    .max(10_000)
    .nullish(),
});
export type Me = z.infer<typeof me>;

const shown = { color: maybeText, visible: z.boolean().nullish(), number: maybeText };
const budgets = { budget: amount, timeBudget: amount, budgetType: z.string().max(20).nullish() };

const customer = z.object({ id: kimaiId, name, currency: maybeText, ...shown, ...budgets });
const project = z.object({
  id: kimaiId,
  name,
  customer: z.union([kimaiId, customer]),
  orderNumber: maybeText,
  ...shown,
  ...budgets,
});
const activity = z.object({ id: kimaiId, name });
const user = z.object({ id: kimaiId, username: name, alias: maybeText });

export type ApiCustomer = z.infer<typeof customer>;
export type ApiProject = z.infer<typeof project>;
export type ApiActivity = z.infer<typeof activity>;
export type ApiUser = z.infer<typeof user>;

/** With an offset, without a colon in it. */
const moment = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{2}:?\d{2}$/);

const timesheet = z.object({
  id: kimaiId,
  begin: moment,
  end: moment.nullish(),
  duration: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .nullish(),
  break: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .nullish(),
  rate: amount,
  description: z
    .string()
    .max(1024 * 1024)
    .nullish(),
  tags: z.array(name).max(1000).default([]),
  exported: z.boolean().nullish(),
  billable: z.boolean().nullish(),
  user: z.union([kimaiId, user]),
  project: z.union([kimaiId, project]),
  activity: z.union([kimaiId, activity]),
});
export type ApiTimesheet = z.infer<typeof timesheet>;

const details = z.object({ rate: amount, hourlyRate: amount, fixedRate: amount });

const lists = {
  customer: { path: 'customers?visible=3', entry: customer },
  // Without this, projects outside of their start and end are missing.
  project: { path: 'projects?visible=3&ignoreDates=1', entry: project },
  activity: { path: 'activities?visible=3', entry: activity },
  user: { path: 'users?visible=3', entry: user },
} as const;
export interface ApiLists {
  customer: ApiCustomer;
  project: ApiProject;
  activity: ApiActivity;
  user: ApiUser;
}

/** Kimai 2.41 and later cut more than this to it. */
export const pageSize = 500;
/** No catalog of a Kimai comes near. */
const maxListed = 100_000;

export interface Page {
  rows: ApiTimesheet[];
  total: number;
  pages: number;
}

export class KimaiApi {
  readonly #connection: Connection;
  readonly #clock: Clock;

  constructor(connection: Connection, clock: Clock) {
    this.#connection = connection;
    this.#clock = clock;
  }

  /** `at`: the server's clock when it answered, in milliseconds since 1970 UTC. */
  async version(): Promise<{ version: string; versionId: number; at: number }> {
    const answer = await this.#get('version');
    const said = this.#parse(answer, version);
    const at = Date.parse(answer.headers.date ?? '');
    return { ...said, at: Number.isFinite(at) ? at : this.#clock.now().getTime() };
  }

  async me(): Promise<Me> {
    return this.#parse(await this.#get('users/me'), me);
  }

  /** Everything of a kind; null: the token may not see such a list. */
  async list<K extends KimaiKind>(kind: K): Promise<ApiLists[K][] | null> {
    const { path, entry } = lists[kind];
    const answer = await this.#allowed(path);
    if (answer === null) return null;
    return this.#parse(answer, z.array(entry).max(maxListed)) as ApiLists[K][];
  }

  /** What only the address of one customer or project says before 2.66; null: it may not be seen. */
  async entry<K extends 'customer' | 'project'>(kind: K, id: number): Promise<ApiLists[K] | null> {
    const answer = await this.#allowed(`${kind}s/${id}`);
    return answer && (this.#parse(answer, lists[kind].entry) as ApiLists[K]);
  }

  /** What only the address of a record says; null: it is gone, or may not be seen. */
  async rates(id: number): Promise<z.infer<typeof details> | null> {
    const answer = await this.#allowed(`timesheets/${id}`);
    return answer && this.#parse(answer, details);
  }

  /**
   * A page of the records that the token may see, of all users. `filter`: such as `exported=1`.
   * Null: there is no such page, since records went while they were read.
   */
  async page(filter: string, page: number, size = pageSize): Promise<Page | null> {
    const path = `timesheets?user=all&orderBy=id&order=ASC&size=${size}&page=${page}`;
    const answer = await this.#optional(`${path}${filter && `&${filter}`}`);
    if (answer === null) return null;
    const rows = this.#parse(answer, z.array(timesheet).max(size));
    return { rows, ...this.#totals(answer) };
  }

  /** How many records there are. */
  async count(filter: string): Promise<number> {
    const path = `timesheets?user=all&size=1${filter && `&${filter}`}`;
    return this.#totals(await this.#get(path)).total;
  }

  /** The records that began last, with all names in them, and how many there are in all. */
  async latest(size: number): Promise<Page> {
    const answer = await this.#get(`timesheets?user=all&full=1&size=${size}`);
    return { rows: this.#parse(answer, z.array(timesheet).max(size)), ...this.#totals(answer) };
  }

  #totals({ headers }: Answer): { total: number; pages: number } {
    const [total, pages] = [Number(headers['x-total-count']), Number(headers['x-total-pages'])];
    if (!Number.isInteger(total) || !Number.isInteger(pages) || total < 0 || pages < 1) {
      throw new AppError('kimai_answer', { host: this.#connection.host });
    }
    return { total, pages };
  }

  async #get(path: string): Promise<Answer> {
    const url = new URL(`api/${path}`, `http://${this.#connection.host}`);
    const answer = await this.#connection.read(`api/${path}`);
    const refusal = refusalOf(answer, url, this.#clock.now().getTime());
    if (refusal) throw refusal;
    return answer;
  }

  /** Null: it is not there. */
  async #optional(path: string): Promise<Answer | null> {
    try {
      return await this.#get(path);
    } catch (error) {
      if (error instanceof AppError && error.code === 'kimai_not_found') return null;
      throw error;
    }
  }

  /** Null: it is not there, or may not be seen. */
  async #allowed(path: string): Promise<Answer | null> {
    try {
      return await this.#optional(path);
    } catch (error) {
      if (error instanceof AppError && error.code === 'kimai_forbidden') return null;
      throw error;
    }
  }

  #parse<T extends z.ZodType>({ body }: Answer, schema: T): z.output<T> {
    try {
      return schema.parse(JSON.parse(body.toString('utf8')));
    } catch {
      // The cause would quote what the server sent: e-mails and internal rates are among it.
      throw new AppError('kimai_answer', { host: this.#connection.host });
    }
  }
}
