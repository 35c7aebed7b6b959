/** Values of a record as the texts of a preview row. Units are in the field names. */
import { clockText } from '../../../src-shared/domain/clock-text.ts';
import { dayText } from '../../../src-shared/domain/day.ts';
import { decimalText } from '../../../src-shared/domain/money.ts';
import type { RecordFields, StoredRecord } from '../../store/records/stored-record.ts';
import type { RowReader } from '../rows/row-reader.ts';
import { applyRow, diffRow, fieldBit, shownBits, type FieldName } from '../plan/diff.ts';
import { emptyRecord, fillRecord } from '../plan/new-record.ts';
import type { Plan } from '../plan/plan.ts';
import { nameOf } from '../plan/entity-slots.ts';

type Texts = Record<string, string>;

const clock = (minutes: number | null): string =>
  minutes === null || minutes < 0 ? '' : clockText(minutes);
const amount = (value: number | null): string => (value === null ? '' : decimalText(value));

/** `h:mm:ss`: previews show seconds, since a refined duration may differ in nothing else. */
function duration(seconds: number): string {
  const total = Math.abs(seconds);
  const two = (part: number): string => String(part).padStart(2, '0');
  const text = `${Math.floor(total / 3600)}:${two(Math.floor(total / 60) % 60)}:${two(total % 60)}`;
  return seconds < 0 ? `-${text}` : text;
}

/** What is shown of a record, whether it is stored or new. */
type ShownFields = Pick<
  RecordFields,
  | 'userId'
  | 'projectId'
  | 'activityId'
  | 'day'
  | 'beginMin'
  | 'endMin'
  | 'running'
  | 'durationS'
  | 'rateE4'
  | 'hourlyRateE4'
  | 'fixedRateE4'
  | 'billable'
  | 'description'
  | 'tags'
>;

/** The fields that a page can show, in the order of a table. */
export function recordTexts(plan: Plan, record: ShownFields): Texts {
  const user = plan.book.users.find((slot) => slot.id === record.userId);
  const activity = plan.book.activities.find((slot) => slot.id === record.activityId);
  const project = plan.book.projects.find((slot) => slot.id === record.projectId);
  return {
    day: dayText(record.day),
    begin: clock(record.beginMin),
    end: clock(record.endMin),
    running: record.running ? 'yes' : 'no',
    duration: duration(record.durationS),
    rate: amount(record.rateE4),
    hourlyRate: amount(record.hourlyRateE4),
    fixedRate: amount(record.fixedRateE4),
    user: user ? (user.patch.display_name ?? user.row.display_name) : '',
    project: project ? nameOf(project) : '',
    activity: activity?.row.name ?? '',
    description: record.description,
    tags: record.tags ?? '',
    billable: record.billable ? 'yes' : 'no',
  };
}

/** Old and new values of a row; only the fields that differ are in `before`. */
export function changedTexts(
  plan: Plan,
  row: RowReader,
  stored: StoredRecord | null,
): { before: Texts | null; after: Texts; kept: string[] } {
  const ids = plan.dictionary.ids(row, stored);
  const named = { ...namesOf(plan, row) };
  if (stored === null) {
    const record = emptyRecord();
    fillRecord(record, row, ids, 0);
    const shown = { ...record, description: row.description, tags: row.tags };
    return { before: null, after: { ...recordTexts(plan, shown), ...named }, kept: [] };
  }
  const bits = diffRow(stored, row, ids, plan.file);
  const after = recordTexts(plan, applyRow(stored, row, ids, plan.file, bits));
  const old = recordTexts(plan, stored);
  const before: Texts = {};
  for (const field of Object.keys(fieldBit) as FieldName[]) {
    if ((bits & fieldBit[field] & shownBits) === 0) continue;
    before[field] = old[field] ?? '';
    // A name cannot be looked up by id if its row does not exist yet.
    if (field === 'user' || field === 'project' || field === 'activity')
      after[field] = named[field];
  }
  const { billable } = row;
  const keptBillable = billable !== null && stored.isBillableEdited && stored.billable !== billable;
  return {
    before: Object.keys(before).length > 0 ? before : null,
    after,
    kept: [...(keptBillable ? ['billable'] : []), ...(stored.hidden ? ['hidden'] : [])],
  };
}

function namesOf(plan: Plan, row: RowReader): { user: string; project: string; activity: string } {
  const { slot } = plan.dictionary.people[row.personIndex]!;
  return {
    user: slot.patch.display_name ?? slot.row.display_name,
    project: nameOf(plan.dictionary.projects[row.projectIndex]!.slot),
    activity: plan.dictionary.activities[row.activityIndex]!.row.name,
  };
}
