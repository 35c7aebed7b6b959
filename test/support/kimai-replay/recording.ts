/**
 * A recorded Kimai: what the API answered to several tokens after each of some edits. Read from a
 * folder with `sync-sequence.jsonl`, whatever its data (test/fixtures/golden/README.md).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { remember } from '../../../src-shared/remember.ts';

export interface Line {
  step: string;
  as: string;
  request: { method: string; path: string };
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

type Json = Record<string, unknown>;
/** A record as the compact list has it. */
export interface Row extends Json {
  id: number;
  begin: string;
  end: string | null;
  user: number;
  project: number;
  activity: number;
  exported: boolean;
  billable: boolean;
}

/** What one token sees after a step. */
export interface Sight {
  /** Path without `/api/` → the answer. */
  answers: Map<string, { status: number; body: unknown }>;
  rows: Map<number, Row>;
  /** When a record changed last, in milliseconds since 1970 UTC. */
  changedAt: Map<number, number>;
  /** The server's clock. */
  at: number;
}

export interface Step {
  name: string;
  sights: ReadonlyMap<string, Sight>;
}

export interface Recording {
  versionId: number;
  tokens: string[];
  steps: Step[];
  /** What stands in a record that is asked for in full: kind → id → as it looked at last. */
  objects: Record<'user' | 'project' | 'activity' | 'customer', Map<number, Json>>;
}

type Kind = keyof Recording['objects'];
const listOf: Record<Kind, string> = {
  customer: 'customers?visible=3',
  project: 'projects?visible=3&ignoreDates=1',
  activity: 'activities?visible=3',
  user: 'users?visible=3',
};

const pathOf = ({ request }: Line): string => request.path.replace(/^\/api\//, '');
const isList = (line: Line): line is Line & { body: Json[] } =>
  pathOf(line).startsWith('timesheets?') && Array.isArray(line.body);

export function readRecording(folder: string): Recording {
  const lines = readFileSync(join(folder, 'sync-sequence.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
  const stepOf = ({ step }: Line): string => /^[a-z-]*:(.*)$/.exec(step)?.[1] ?? step;
  const groups = new Map<string, Line[]>();
  for (const line of lines) {
    const step = stepOf(line);
    const name = step === 'initial-details' ? 'initial' : step === 'final-details' ? 'final' : step;
    groups.set(name, [...(groups.get(name) ?? []), line]);
  }
  const objects = gatherObjects(lines);
  const tokens = [...new Set((groups.get('initial') ?? []).filter(isList).map((line) => line.as))];
  const admin = tokens.find((as) => sees(lines, as, 'users?visible=3')) ?? tokens[0]!;
  const steps: Step[] = [];
  for (const [name, group] of groups) {
    const before = steps.at(-1)?.sights;
    const sights = new Map<string, Sight>();
    // Whoever sees everything comes first: what the others see follows from it.
    for (const as of [admin, ...tokens.filter((one) => one !== admin)]) {
      const ofToken = group.filter((line) => line.as === as && !line.step.startsWith('edit:'));
      const sight = nextSight(before?.get(as), ofToken);
      if (as !== admin && before) followAdmin(sight, ofToken, group, admin);
      check(name, as, sight, ofToken, lines);
      sights.set(as, sight);
    }
    steps.push({ name, sights });
  }
  const { versionId } = steps[0]!.sights.get(admin)!.answers.get('version')!.body as Json;
  return { versionId: Number(versionId), tokens, steps, objects };
}

const sees = (lines: readonly Line[], as: string, path: string): boolean =>
  lines.some((line) => line.as === as && line.status === 200 && pathOf(line) === path);

function gatherObjects(lines: readonly Line[]): Recording['objects'] {
  const objects = {
    user: new Map<number, Json>(),
    project: new Map<number, Json>(),
    activity: new Map<number, Json>(),
    customer: new Map<number, Json>(),
  };
  const keep = (kind: Kind, value: unknown): void => {
    if (typeof value === 'object' && value !== null) {
      objects[kind].set(Number((value as Json).id), value as Json);
    }
  };
  for (const line of lines) {
    if (!isList(line)) continue;
    for (const { user, project, activity } of line.body) {
      keep('user', user);
      keep('project', project);
      keep('activity', activity);
      keep('customer', (project as Json).customer);
    }
  }
  return objects;
}

const idOf = (value: unknown): number => Number((value as Json | null)?.id ?? value);

const compact = (row: Json): Row =>
  ({
    ...row,
    user: idOf(row.user),
    project: idOf(row.project),
    activity: idOf(row.activity),
    end: row.end ?? null,
  }) as Row;

function nextSight(before: Sight | undefined, lines: readonly Line[]): Sight {
  const first = lines.find(({ headers }) => headers.date !== undefined);
  const sight: Sight = {
    answers: new Map(before?.answers),
    rows: new Map(before?.rows),
    changedAt: new Map(before?.changedAt),
    at: first ? Date.parse(first.headers.date!) : (before?.at ?? 0),
  };
  for (const line of lines) {
    const path = pathOf(line);
    if (!isList(line)) {
      if (!path.startsWith('timesheets?')) {
        sight.answers.set(path, { status: line.status, body: line.body });
      }
      continue;
    }
    // Counts hold one record, which another answer has as well.
    if (/[?&]size=1(?:&|$)/.test(path)) continue;
    const rows = line.body.map(compact);
    for (const row of rows) {
      sight.rows.set(row.id, { ...sight.rows.get(row.id), ...row });
      if (path.includes('modified_after') || !before) {
        // Records of the beginning were there long before.
        sight.changedAt.set(row.id, before ? sight.at : sight.at - 3_600_000);
      }
    }
    const ids = new Set(rows.map(({ id }) => id));
    if (line.step.startsWith('ids:')) {
      for (const id of [...sight.rows.keys()]) if (!ids.has(id)) sight.rows.delete(id);
    }
  }
  return sight;
}

/** What changed for everybody without a record being listed, and what a token does not see any more. */
function followAdmin(
  sight: Sight,
  own: readonly Line[],
  all: readonly Line[],
  admin: string,
): void {
  const listed = (lines: readonly Line[], part: string): Json[] =>
    lines
      .filter((line) => isList(line) && pathOf(line).includes(part))
      .flatMap((l) => l.body as Json[]);
  const exported = all.filter((line) => line.step.startsWith('exported-ids:'));
  for (const row of listed(exported, 'exported=1')) {
    const known = sight.rows.get(Number(row.id));
    if (known) sight.rows.set(known.id, { ...known, exported: true });
  }
  const ownIds = new Set(listed(own, 'modified_after').map(({ id }) => id));
  const ofAdmin = all.filter((line) => line.as === admin);
  for (const { id } of listed(ofAdmin, 'modified_after')) {
    if (!ownIds.has(id)) sight.rows.delete(Number(id));
  }
}

/** The recorded counts must be those of what was pieced together: else a test would prove nothing. */
function check(
  step: string,
  as: string,
  sight: Sight,
  lines: readonly Line[],
  all: readonly Line[],
) {
  const me = all.find((line) => line.as === as && pathOf(line) === 'users/me')!.body as Json;
  for (const line of lines) {
    const path = pathOf(line);
    const total = line.headers['x-total-count'];
    if (total === undefined || path.includes('modified_after') || line.status !== 200) continue;
    const found = filterRows(sight, new URLSearchParams(path.split('?')[1]), {
      timeZone: String(me.timezone),
      versionId: 0,
    });
    if (found.length !== Number(total)) {
      throw new Error(`${step}: ${as} sees ${total} at ${path}, pieced together ${found.length}`);
    }
  }
}

const instant = (text: string): number => Date.parse(text.replace(/(\d\d)(\d\d)$/, '$1:$2'));

/** Making one takes longer than using it a hundred times. */
const offsetFormat = remember(
  50,
  (timeZone) => new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }),
);

/** The moment at which the clock of a zone shows `YYYY-MM-DDThh:mm:ss`. */
function zoned(text: string, timeZone: string): number {
  const wanted = Date.parse(`${text}Z`);
  const offsetAt = (at: number): number => {
    const name = offsetFormat(timeZone)
      .formatToParts(at)
      .find(({ type }) => type === 'timeZoneName')!.value;
    const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [null, '+', '0', '0'];
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  };
  return wanted - offsetAt(wanted - offsetAt(wanted));
}

/** The records that Kimai lists for these parameters, in its order. */
export function filterRows(
  { rows, changedAt }: Sight,
  query: URLSearchParams,
  { timeZone, versionId }: { timeZone: string; versionId: number },
): Row[] {
  const flag = (name: string): boolean | null => (query.has(name) ? query.get(name) === '1' : null);
  const [exported, billable, active] = [flag('exported'), flag('billable'), flag('active')];
  const since = query.get('modified_after');
  const from =
    since === null ? null : versionId >= 24_500 ? Date.parse(`${since}Z`) : zoned(since, timeZone);
  const [begin, end] = ['begin', 'end'].map((name) => {
    const text = query.get(name);
    return text === null ? null : zoned(text, timeZone);
  }) as [number | null, number | null];
  const found = [...rows.values()].filter((row) => {
    return (
      (exported === null || exported === row.exported) &&
      (billable === null || billable === row.billable) &&
      (active === null || active === (row.end === null)) &&
      (from === null || (changedAt.get(row.id) ?? 0) >= from) &&
      (begin === null || instant(row.begin) >= begin) &&
      (end === null || instant(row.begin) <= end)
    );
  });
  if (query.get('orderBy') === 'id') return found.sort((a, b) => a.id - b.id);
  return found
    .map((row) => ({ row, at: instant(row.begin) }))
    .sort((a, b) => b.at - a.at || b.row.id - a.row.id)
    .map(({ row }) => row);
}

/** A record with the things that it belongs to, named as they are at this step. */
export function inFull(recording: Recording, step: Step, row: Row): Json {
  const catalog = [...step.sights.values()];
  const listed = (kind: Kind, id: number): Json | undefined =>
    catalog
      .map(({ answers }) => answers.get(listOf[kind]))
      .flatMap((answer) => (answer?.status === 200 ? (answer.body as Json[]) : []))
      .find((one) => one.id === id);
  const named = (kind: Kind, id: number): Json => {
    const shape = recording.objects[kind].get(id);
    const now = listed(kind, id);
    if (!shape) return now ?? { id, name: `#${id}` };
    return Object.fromEntries(
      Object.entries(shape).map(([key, value]) => [key, now && key in now ? now[key] : value]),
    );
  };
  const project = named('project', row.project);
  const customer = named('customer', idOf(project.customer));
  return {
    ...row,
    user: named('user', row.user),
    activity: named('activity', row.activity),
    project: { ...project, customer },
  };
}
