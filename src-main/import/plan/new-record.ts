/** A row that nothing stored matches, as the record to insert. */
import type { NewRecord } from '../../store/records/new-records.ts';
import type { RowReader } from '../rows/row-reader.ts';
import type { RowIds } from './diff.ts';

/** A record to be filled. */
export const emptyRecord = (): NewRecord => ({
  kimaiId: null,
  userId: 0,
  projectId: 0,
  activityId: 0,
  day: 0,
  beginMin: -1,
  endMin: null,
  running: false,
  durationS: 0,
  breakS: null,
  rateE4: null,
  hourlyRateE4: null,
  fixedRateE4: null,
  billable: true,
  billableImported: null,
  exported: null,
  occurrence: 0,
  text: new Uint8Array(),
  descriptionBegin: 0,
  descriptionEnd: 0,
  tagsEnd: 0,
  hasTags: false,
});

/** Sets all fields of `record`. Its texts stay with the row. */
export function fillRecord(
  record: NewRecord,
  row: RowReader,
  ids: RowIds,
  occurrence: number,
): void {
  const billable = row.billable;
  record.kimaiId = row.kimaiId;
  record.userId = ids.user;
  record.projectId = ids.project;
  record.activityId = ids.activity;
  record.day = row.day;
  record.beginMin = row.beginMin;
  record.endMin = row.endMin;
  record.running = row.running;
  record.durationS = row.durationS;
  record.breakS = row.breakS;
  record.rateE4 = row.rateE4;
  record.hourlyRateE4 = row.hourlyRateE4;
  record.fixedRateE4 = row.fixedRateE4;
  record.billable = billable ?? true;
  record.billableImported = billable;
  record.exported = row.exported;
  record.occurrence = occurrence;
  record.text = row.text;
  record.descriptionBegin = row.descriptionBegin;
  record.descriptionEnd = row.descriptionEnd;
  record.tagsEnd = row.tagsEnd;
  record.hasTags = row.hasTags;
}
