/**
 * A Kimai of made-up records, of any version, in the form of a recording. Which fields an answer has
 * is what was found on a running Kimai of that version (docs/kimai-sync.md).
 */
import type { Recording, Row, Sight } from './recording.ts';

type Json = Record<string, unknown>;

export interface MadeKimai {
  version: string;
  versionId: number;
  records: number;
  /** Of the token's user, `admin`, who sees all. */
  timeZone: string;
}

const at = Date.UTC(2026, 10, 27, 9, 30);
/** The first record begins then, each further one 25 minutes later. */
const firstAt = Date.UTC(2022, 0, 3, 7);

export function madeRecording({ version, versionId, records, timeZone }: MadeKimai): Recording {
  const since = (first: number, fields: Json): Json => (versionId >= first ? fields : {});
  const many = (count: number, one: (id: number) => Json): Json[] =>
    Array.from({ length: count }, (_, index) => ({ id: index + 1, ...one(index + 1) }));
  const budget = { budget: 100, timeBudget: 36_000, budgetType: null };
  const common = { visible: true, billable: true, color: null, comment: null, metaFields: [] };
  const named = (name: string, id: number): Json => ({
    ...{ name: `${name} ${id}`, number: String(id), teams: [], ...common },
    ...since(26_600, budget),
  });
  const users = many(8, (id) => ({
    ...{ username: `user${id}`, alias: `User ${id}`, enabled: true, color: null },
    ...since(24_500, { timezone: timeZone, email: `user${id}@example.com` }),
  }));
  const customers = many(20, (id) => ({ ...named('Customer', id), currency: 'EUR' }));
  const projects = many(60, (id) => ({
    ...{ ...named('Project', id), customer: ((id - 1) % 20) + 1, start: null, end: null },
    ...since(23_800, { orderNumber: `PO ${id}`, orderDate: null }),
  }));
  const activities = many(10, (id) => ({ name: `Activity ${id}`, project: null, ...common }));
  const rows = new Map<number, Row>();
  for (let id = 1; id <= records; id++) {
    const begin = firstAt + id * 1_500_000;
    rows.set(id, {
      ...{ id, user: (id % 8) + 1, project: (id % 60) + 1, activity: (id % 10) + 1 },
      ...{ begin: text(begin), end: text(begin + 3_600_000), duration: 3600, rate: 90.5 },
      ...{ internalRate: 45, description: `Work number ${id}, in a few words`, metaFields: [] },
      ...{ tags: id % 3 === 0 ? ['remote'] : [], exported: id % 5 === 0, billable: true },
      ...since(24_500, { break: 0 }),
    });
  }
  const me = { username: 'admin', alias: null, timezone: timeZone, roles: ['ROLE_SUPER_ADMIN'] };
  const bodies: Record<string, unknown> = {
    version: { version, versionId },
    'users/me': { ...me, teams: [], memberships: [] },
    'customers?visible=3': customers,
    'projects?visible=3&ignoreDates=1': projects,
    'activities?visible=3': activities,
    'users?visible=3': users,
  };
  for (const one of customers) bodies[`customers/${String(one.id)}`] = { ...one, ...budget };
  for (const one of projects) bodies[`projects/${String(one.id)}`] = { ...one, ...budget };
  const sight: Sight = {
    answers: new Map(Object.entries(bodies).map(([path, body]) => [path, { status: 200, body }])),
    rows,
    changedAt: new Map([...rows.keys()].map((id) => [id, at - 3_600_000])),
    at,
  };
  const byId = (list: Json[]): Map<number, Json> =>
    new Map(list.map((one) => [Number(one.id), one]));
  // The currency stands in a record since 2.40.
  const inRecords = customers.map(({ currency, ...one }) => ({
    ...one,
    ...since(24_000, { currency }),
  }));
  return {
    versionId,
    tokens: ['admin'],
    steps: [{ name: 'initial', sights: new Map([['admin', sight]]) }],
    objects: {
      user: byId(users),
      project: byId(projects),
      activity: byId(activities),
      customer: byId(inRecords),
    },
  };
}

/** As Kimai writes it, in UTC. */
const text = (moment: number): string => `${new Date(moment).toISOString().slice(0, 19)}+0000`;
