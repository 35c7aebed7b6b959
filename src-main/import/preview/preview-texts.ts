/** Values of a record as the texts of a preview row. Units are in the field names. */
import { dayText } from '../../../src-shared/domain/day.ts';
import { decimalText } from '../../../src-shared/domain/money.ts';
import { N, R, recordColumns, type RawRecord } from '../../store/records/records.ts';
import type { RowReader } from '../rows/batch.ts';
import {
  applyRow,
  D,
  diffRow,
  isBillableEdited,
  newRecord,
  shownBits,
  type FieldName,
} from '../plan/diff.ts';
import { F, I } from '../rows/batch.ts';
import type { Plan } from '../plan/timesheet-plan.ts';
import { nameOf } from '../plan/entity-slots.ts';

type Texts = Record<string, string>;

const clock = (minutes: unknown): string =>
  typeof minutes !== 'number' || minutes < 0
    ? ''
    : `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
const amount = (value: unknown): string => (typeof value === 'number' ? decimalText(value) : '');

/** `h:mm:ss`: previews show seconds, since a refined duration may differ in nothing else. */
function duration(value: unknown): string {
  const seconds = value as number;
  const total = Math.abs(seconds);
  const two = (part: number): string => String(part).padStart(2, '0');
  const text = `${Math.floor(total / 3600)}:${two(Math.floor(total / 60) % 60)}:${two(total % 60)}`;
  return seconds < 0 ? `-${text}` : text;
}

/** The fields that a page can show, in the order of a table. */
export function recordTexts(plan: Plan, record: RawRecord): Texts {
  const user = plan.book.users.find((slot) => slot.id === record[R.user_id]);
  const activity = plan.book.activities.find((slot) => slot.id === record[R.activity_id]);
  const project = plan.book.projects.find((slot) => slot.id === record[R.project_id]);
  return {
    day: dayText(record[R.day] as number),
    begin: clock(record[R.begin_min]),
    end: clock(record[R.end_min]),
    running: record[R.running] === 1 ? 'yes' : 'no',
    duration: duration(record[R.duration_s]),
    rate: amount(record[R.rate_e4]),
    hourlyRate: amount(record[R.hourly_rate_e4]),
    fixedRate: amount(record[R.fixed_rate_e4]),
    user: user ? (user.patch.display_name ?? user.row.display_name) : '',
    project: project ? nameOf(project) : '',
    activity: activity?.row.name ?? '',
    description: record[R.description] as string,
    tags: (record[R.tags] as string | null) ?? '',
    billable: record[R.billable] === 1 ? 'yes' : 'no',
  };
}

/** Old and new values of a row; only the fields that differ are in `before`. */
export function changedTexts(
  plan: Plan,
  row: RowReader,
  stored: RawRecord | null,
): { before: Texts | null; after: Texts; kept: string[] } {
  const ids = plan.names.ids(row, stored);
  const named = { ...namesOf(plan, row) };
  if (stored === null) {
    const values = newRecord(row, ids, 0);
    values[N.description] = row.description;
    values[N.tags] = row.tags;
    const record = recordColumns.map(
      (column) => values[(N as Partial<typeof R>)[column] ?? -1] ?? null,
    );
    return { before: null, after: { ...recordTexts(plan, record), ...named }, kept: [] };
  }
  const bits = diffRow(stored, row, ids, plan.file);
  const after = recordTexts(plan, applyRow(stored, row, ids, plan.file, bits));
  const old = recordTexts(plan, stored);
  const before: Texts = {};
  for (const field of Object.keys(D) as FieldName[]) {
    if ((bits & D[field] & shownBits) === 0) continue;
    before[field] = old[field] ?? '';
    // Rows that are yet to be created have no id to look a name up by.
    if (field === 'user' || field === 'project' || field === 'activity')
      after[field] = named[field];
  }
  const billable = row.has(F.billable) ? 1 : 0;
  const keptBillable =
    row.has(F.billableKnown) && isBillableEdited(stored) && stored[R.billable] !== billable;
  return {
    before: Object.keys(before).length > 0 ? before : null,
    after,
    kept: [...(keptBillable ? ['billable'] : []), ...(stored[R.hidden] === 1 ? ['hidden'] : [])],
  };
}

function namesOf(plan: Plan, row: RowReader): { user: string; project: string; activity: string } {
  const { slot } = plan.names.people[row.int(I.person)]!;
  return {
    user: slot.patch.display_name ?? slot.row.display_name,
    project: nameOf(plan.names.jobs[row.int(I.job)]!.project),
    activity: plan.names.activities[row.int(I.activity)]!.row.name,
  };
}
