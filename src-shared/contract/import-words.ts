/** Words that imports have in common with the owner's app. Each has a text in `locales/`. */
import { z } from 'zod';

/** What a column of a file can be read as; texts are under `imports.column`. */
export const columnName = z.enum([
  // The columns of Kimai's timesheet exports.
  'id',
  'date',
  'begin',
  'end',
  'duration',
  'break',
  'currency',
  'rate',
  'hourlyRate',
  'fixedRate',
  'alias',
  'username',
  'customer',
  'customerNumber',
  'project',
  'projectNumber',
  'orderNumber',
  'activity',
  'description',
  'exported',
  'billable',
  'tags',
  'type',
  /** Known and deliberately not kept: internal rate, e-mail, VAT id, account number … */
  'ignored',
  /** Not recognised: the owner may say what it is. */
  'unknown',
]);
export type ColumnName = z.infer<typeof columnName>;

/** What one column of a file is read as. */
export const columnMapping = z.strictObject({
  /** Position in the file, from 0. */
  index: z.int().min(0),
  header: z.string(),
  column: columnName,
});
export type ColumnMapping = z.infer<typeof columnMapping>;

/**
 * What the owner should be told about a file: what the pages will lack, and how to export without
 * loss. Texts are under `imports.notice`.
 */
export const noticeCode = z.enum([
  'noRates',
  'noCurrency',
  'noBegin',
  'noEnd',
  'noUser',
  'noActivity',
  'noDescription',
  'noBillable',
  'noDuration',
  'unreadColumns',
  'timesContradict',
  'amountsContradict',
  'unusualDurations',
  'lastIsSum',
  'moreSheets',
  'hiddenRows',
  'noSeconds',
  'decimalHours',
  'noId',
  'completeWithProblems',
  'corrected',
]);
export type NoticeCode = z.infer<typeof noticeCode>;

/**
 * Notices about what may be wrong: the owner must have seen each before anything is written, and
 * nothing is imported unattended.
 */
export const doubtCode = noticeCode.extract([
  'timesContradict',
  'amountsContradict',
  'unusualDurations',
  'lastIsSum',
  'moreSheets',
  'hiddenRows',
  'completeWithProblems',
  'corrected',
]);
export type DoubtCode = z.infer<typeof doubtCode>;

/** Why a cell or row could not be read; texts are under `problem`. */
export const problemCode = z.enum([
  'date_missing',
  'date_invalid',
  'date_ambiguous',
  'date_conflict',
  'time_invalid',
  'duration_invalid',
  'duration_absurd',
  'amount_invalid',
  'currency_invalid',
  'currency_conflict',
  'id_invalid',
  'id_duplicate',
  'word_invalid',
  'customer_missing',
  'project_missing',
  'formula',
  'text_too_long',
  'row_too_short',
  'row_too_long',
  'type_other',
  'total',
  'number_conflict',
  'quote_invalid',
]);
export type ProblemCode = z.infer<typeof problemCode>;
