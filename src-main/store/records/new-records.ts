/** Records that an import adds: inserted in bulk (store/bulk). */
import type { BulkTable } from '../bulk/bulk-insert.ts';

/** A record that is not stored yet. The import says for all of them how exact durations are. */
export interface NewRecord {
  kimaiId: number | null;
  userId: number;
  projectId: number;
  activityId: number;
  /** `yyyymmdd`. */
  day: number;
  /** Minutes after midnight; -1: unknown. */
  beginMin: number;
  endMin: number | null;
  running: boolean;
  durationS: number;
  breakS: number | null;
  /** Ten-thousandths of the currency's unit, as the other rates. */
  rateE4: number | null;
  hourlyRateE4: number | null;
  fixedRateE4: number | null;
  billable: boolean;
  billableImported: boolean | null;
  exported: boolean | null;
  occurrence: number;
  /** UTF-8, in which the description stands and, right after it, the tags. */
  text: Uint8Array;
  descriptionBegin: number;
  descriptionEnd: number;
  tagsEnd: number;
  /** False: the tags are unknown. */
  hasTags: boolean;
}

const columns = [
  'kimai_id',
  'user_id',
  'project_id',
  'activity_id',
  'day',
  'begin_min',
  'end_min',
  'running',
  'duration_s',
  'break_s',
  'rate_e4',
  'hourly_rate_e4',
  'fixed_rate_e4',
  'billable',
  'billable_imported',
  'exported',
  'occurrence',
  'description',
  'tags',
] as const;

const flagValue = (flag: boolean | null): number | null => (flag === null ? null : flag ? 1 : 0);

/** New records of one import, which states durations to `resolutionS` seconds. */
export const newRecordsOf = (importId: number, resolutionS: number): BulkTable<NewRecord> => ({
  columns,
  insert: (values, from) =>
    `INSERT INTO records (import_id, resolution_s, ${columns.join(', ')})
     SELECT ${importId}, ${resolutionS}, ${values} ${from}`,
  write(record, to) {
    to.addNumber(record.kimaiId);
    to.addNumber(record.userId);
    to.addNumber(record.projectId);
    to.addNumber(record.activityId);
    to.addNumber(record.day);
    to.addNumber(record.beginMin);
    to.addNumber(record.endMin);
    to.addNumber(record.running ? 1 : 0);
    to.addNumber(record.durationS);
    to.addNumber(record.breakS);
    to.addNumber(record.rateE4);
    to.addNumber(record.hourlyRateE4);
    to.addNumber(record.fixedRateE4);
    to.addNumber(record.billable ? 1 : 0);
    to.addNumber(flagValue(record.billableImported));
    to.addNumber(flagValue(record.exported));
    to.addNumber(record.occurrence);
    to.addText(record.text, record.descriptionBegin, record.descriptionEnd);
    if (record.hasTags) to.addText(record.text, record.descriptionEnd, record.tagsEnd);
    else to.addNumber(null);
  },
});
