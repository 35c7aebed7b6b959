/** What a recorded Kimai says, and what our store says, in one form that can be compared. */
import type { ReadDb } from '../../src-main/store/db.ts';
import type { KimaiReplay } from '../support/kimai-replay/server.ts';

type Json = Record<string, unknown>;
type Facts = Record<string, unknown>;

const minutesOf = (text: string): number =>
  Number(text.slice(11, 13)) * 60 + Number(text.slice(14, 16));
const e4 = (amount: unknown): number => Math.round(Number(amount) * 10_000);
const tagsOf = (tags: unknown): string => [...new Set(tags as string[])].sort().join(', ');

/** Every record that a token sees at a step, by Kimai's id. */
export function recordedRecords(replay: KimaiReplay, as: string): Map<number, Facts> {
  const records = [...replay.sight(as).rows.values()].map((row): [number, Facts] => {
    const full = replay.inFull(row) as Record<'user' | 'project' | 'activity', Json>;
    const customer = full.project.customer as Json;
    return [
      row.id,
      {
        day: Number(row.begin.slice(0, 10).replaceAll('-', '')),
        begin: minutesOf(row.begin),
        end: row.end === null ? null : minutesOf(row.end),
        running: row.end === null ? 1 : 0,
        duration: row.duration,
        break: 'break' in row ? row.break : null,
        rate: 'rate' in row ? e4(row.rate) : null,
        billable: Number(row.billable),
        exported: Number(row.exported),
        description: String(row.description ?? '').replaceAll(/\r\n?/g, '\n'),
        tags: tagsOf(row.tags),
        login: full.user.username,
        user: full.user.alias || full.user.username,
        activity: full.activity.name,
        project: full.project.name,
        customer: customer.name,
      },
    ];
  });
  return new Map(records);
}

/** The same of our store: of records that have an id of Kimai. */
export const storedRecords = (db: ReadDb): Map<number, Facts> =>
  new Map(
    allRecords(db).flatMap(({ id, ...facts }) => (id === null ? [] : [[id, facts] as const])),
  );

function allRecords(db: ReadDb): (Facts & { id: number | null })[] {
  return db
    .prepare<[], Facts & { id: number | null }>(
      `SELECT r.kimai_id AS id, r.day, r.begin_min AS begin, r.end_min AS end, r.running,
         r.duration_s AS duration, r.break_s AS break, r.rate_e4 AS rate, r.billable, r.exported,
         r.description, coalesce(r.tags, '') AS tags, u.login, u.display_name AS user,
         a.name AS activity, p.name AS project, c.name AS customer
       FROM records r JOIN users u ON u.id = r.user_id JOIN activities a ON a.id = r.activity_id
         JOIN projects p ON p.id = r.project_id JOIN customers c ON c.id = p.customer_id
       ORDER BY r.day, r.begin_min, r.duration_s`,
    )
    .all();
}

/** Customers and projects that a token may list. What it may not see of them is left away. */
export function recordedCatalog(
  replay: KimaiReplay,
  as: string,
  withBudgets: boolean,
): Map<string, Facts> {
  const { answers } = replay.sight(as);
  const facts = new Map<string, Facts>();
  for (const [kind, list] of [
    ['customer', 'customers?visible=3'],
    ['project', 'projects?visible=3&ignoreDates=1'],
  ] as const) {
    for (const listed of answers.get(list)!.body as Json[]) {
      const detail = answers.get(`${kind}s/${String(listed.id)}`);
      // Before 2.66 budgets stand there only.
      const isOld = replay.recording.versionId < 26_600 && detail?.status === 200;
      const entry = isOld ? { ...listed, ...pickBudget(detail.body as Json) } : listed;
      const customer = (answers.get('customers?visible=3')!.body as Json[]).find(
        ({ id }) => id === entry.customer,
      );
      facts.set(`${kind} ${String(entry.id)}`, {
        name: entry.name,
        visible: Number(entry.visible),
        ...(entry.number ? { number: entry.number } : {}),
        ...(entry.color !== undefined ? { color: entry.color } : {}),
        ...(kind === 'customer' ? { currency: entry.currency } : {}),
        ...(kind === 'project' && customer ? { customer: customer.name } : {}),
        ...(withBudgets && 'budget' in entry ? { budget: e4(entry.budget) } : {}),
        ...(withBudgets && 'timeBudget' in entry ? { timeBudget: entry.timeBudget } : {}),
        ...(withBudgets && 'budgetType' in entry ? { budgetType: entry.budgetType } : {}),
      });
    }
  }
  return facts;
}

const pickBudget = ({ budget, timeBudget, budgetType }: Json): Json => ({
  ...{ budget, timeBudget, budgetType },
});

export function storedCatalog(db: ReadDb): Map<string, Facts> {
  const budget = `budget_e4 AS budget, time_budget_s AS timeBudget, budget_type AS budgetType`;
  const customers = db
    .prepare<[], Facts>(
      `SELECT kimai_id AS id, name, visible, number, color, currency, ${budget} FROM customers`,
    )
    .all();
  const projects = db
    .prepare<[], Facts>(
      `SELECT p.kimai_id AS id, p.name, p.visible, p.number, p.color, c.name AS customer,
         p.budget_e4 AS budget, p.time_budget_s AS timeBudget, p.budget_type AS budgetType
       FROM projects p JOIN customers c ON c.id = p.customer_id`,
    )
    .all();
  const named =
    (kind: string) =>
    ({ id, ...facts }: Facts): [string, Facts] => [`${kind} ${String(id)}`, facts];
  return new Map([...customers.map(named('customer')), ...projects.map(named('project'))]);
}

/** What differs, in words. `isPart`: the second one may have more. */
export function differences(
  wanted: ReadonlyMap<unknown, Facts>,
  found: ReadonlyMap<unknown, Facts>,
  isPart = false,
): string[] {
  const texts: string[] = [];
  for (const [key, facts] of wanted) {
    const other = found.get(key);
    if (!other) {
      texts.push(`${String(key)} is missing`);
      continue;
    }
    for (const [name, value] of Object.entries(facts)) {
      if (other[name] !== value) {
        texts.push(
          `${String(key)}: ${name} is ${JSON.stringify(other[name])}, not ${JSON.stringify(value)}`,
        );
      }
    }
  }
  if (!isPart) {
    for (const key of found.keys()) if (!wanted.has(key)) texts.push(`${String(key)} is too many`);
  }
  return texts;
}

/**
 * What differs between our store and one that imported Kimai's own export of the same moment, but
 * for what is known to (docs/kimai-sync.md): an export has money in cents, and rates by the
 * hour, which the API's lists have not; older ones have no ids, no seconds and no logins.
 */
export function differencesFromExport(synced: ReadDb, imported: ReadDb): string[] {
  const hasIds = storedRecords(imported).size > 0;
  const isInSeconds = resolutionOf(imported) === 1;
  const known = factsByKey(imported, hasIds);
  const rows = factsByKey(synced, hasIds);
  for (const [key, facts] of rows) {
    // The export of a user's own choice may leave out what still runs.
    if (facts.running === 1 && !known.has(key)) rows.delete(key);
  }
  const wanted = new Map<string, Facts>();
  for (const [key, facts] of known) {
    const { id: _id, login: _login, break: breakS, exported, duration, ...others } = facts;
    wanted.set(key, {
      ...others,
      ...(isInSeconds ? { duration } : {}),
      ...(breakS === null ? {} : { break: breakS }),
      ...(exported === null ? {} : { exported }),
    });
  }
  for (const facts of rows.values()) {
    if (facts.rate !== null) facts.rate = Math.floor((Number(facts.rate) + 50) / 100) * 100;
  }
  return differences(wanted, rows);
}

const resolutionOf = (db: ReadDb): number =>
  Number(db.prepare('SELECT max(resolution_s) FROM records').pluck().get());

function factsByKey(db: ReadDb, hasIds: boolean): Map<string, Facts> {
  if (hasIds) {
    return new Map([...storedRecords(db)].map(([id, facts]) => [String(id), facts]));
  }
  const facts = new Map<string, Facts>();
  for (const fact of allRecords(db)) {
    const { day, begin, user, project, activity, description } = fact;
    const key = JSON.stringify([day, begin, user, project, activity, description]);
    let name = key;
    for (let n = 2; facts.has(name); n++) name = `${key} ${n}`;
    facts.set(name, fact);
  }
  return facts;
}
