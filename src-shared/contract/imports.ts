import { z } from 'zod';
import { day, failure, id, moment, none, page, token } from './common.ts';
import { columnMapping, columnName, doubtCode, noticeCode, problemCode } from './import-words.ts';
import { command, query } from './method.ts';

const count = z.int().min(0);

export const counts = z.strictObject({
  inserted: count,
  updated: count,
  unchanged: count,
  removed: count,
  problems: count,
});
export type ImportCounts = z.infer<typeof counts>;

/** What the owner can decide about the reading of a file. */
export const readingChoiceAbout = z.enum([
  'encoding',
  'sheet',
  'dateOrder',
  'monthLanguage',
  'decimalMark',
  'durationUnit',
]);
export type ReadingChoiceAbout = z.infer<typeof readingChoiceAbout>;

const readingChoice = z.strictObject({
  about: readingChoiceAbout,
  /** Null: nothing in the file tells, the owner has to say. */
  chosen: z.string().nullable(),
  /** Why: a key under `imports.evidence`. */
  because: z.string(),
  /** The likeliest first; each with cells of the file as they would be read. */
  options: z.array(z.strictObject({ value: z.string(), samples: z.array(z.string()) })),
});

/** All or none of the offered corrections replace their record, except those of these records. */
const replaceAnswer = z.strictObject({
  all: z.boolean(),
  except: z.array(id).max(10_000).default([]),
});

export const importPreview = z.strictObject({
  /** Names exactly what `imports.commit` will apply. */
  digest: z.string(),
  counts,
  /** New customers, projects, users, activities. */
  created: z.strictObject({ customers: count, projects: count, users: count, activities: count }),
  /** What it says anew about customers, projects and users that are known, and pages show. */
  learned: z.array(
    z.strictObject({
      kind: z.enum(['customer', 'project', 'user', 'currency']),
      /** The name before; of a currency the customer's. */
      before: z.string(),
      /** The new name, or the currency. */
      after: z.string(),
    }),
  ),
  groups: z.array(
    z.strictObject({
      customer: z.string(),
      /** Only where another customer has the same name. */
      customerNumber: z.string().nullable(),
      project: z.string(),
      counts,
      firstDay: day.nullable(),
      lastDay: day.nullable(),
    }),
  ),
  /** Published shares whose pages will show something new. */
  shares: z.array(z.strictObject({ shareId: id, label: z.string() })),
  firstDay: day.nullable(),
  lastDay: day.nullable(),
  notices: z.array(noticeCode),
  /** Those of the notices that `imports.commit` wants the owner to have seen. */
  mustSee: z.array(doubtCode),
  /**
   * New rows that look like records which the file no longer has: probably corrected in Kimai.
   * `replaced`: how many of them replace that record; null: not decided yet, so that both count.
   * `answer`: what `imports.replace` said.
   */
  corrections: z.strictObject({
    offered: count,
    replaced: count.nullable(),
    answer: replaceAnswer.nullable(),
  }),
});
export type ImportPreview = z.infer<typeof importPreview>;

export const importJob = z.strictObject({
  jobId: token,
  /** Of several files: the one that is asked about, or the first. */
  fileName: z.string(),
  /** All files of the job. Those with an error are no part of the import. */
  files: z.array(
    z.strictObject({
      fileName: z.string(),
      kind: z.enum(['timesheet', 'customers', 'projects']).nullable(),
      error: failure.nullable(),
    }),
  ),
  state: z.enum([
    'reading',
    'mapping',
    'planning',
    'preview',
    'committing',
    'done',
    'failed',
    'cancelled',
  ]),
  kind: z.enum(['timesheet', 'customers', 'projects']).nullable(),
  /** Rows handled, rows in all as estimated from the bytes, rows per second, seconds left. */
  progress: z.strictObject({
    rows: count,
    estimatedRows: count.nullable(),
    rowsPerSecond: z.number(),
    secondsLeft: z.number().nullable(),
  }),
  /** What the file is read as; null while reading. */
  reading: z
    .strictObject({
      format: z.enum(['csv', 'xlsx']),
      encoding: z.string().nullable(),
      delimiter: z.string().nullable(),
      columns: z.array(columnMapping),
      samples: z.array(z.array(z.string())),
      /** Columns whose absence the owner should know about. */
      missing: z.array(columnName),
      /** Seconds to which durations are stated: 1, 36 or 60. */
      resolutionS: z.number(),
      /** Name of the sheet that is read; null for CSV. */
      sheet: z.string().nullable(),
      /** Rows above the header. */
      skippedRows: count,
      choices: z.array(readingChoice),
      /** Where the file contradicts itself. Nothing is imported unseen. */
      doubts: z.array(doubtCode),
    })
    .nullable(),
  preview: importPreview.nullable(),
  error: failure.nullable(),
  importId: id.nullable(),
});
export type ImportJob = z.infer<typeof importJob>;

/** What rows of a preview can be asked for; `corrected`: those that may replace a record. */
export const previewKind = z.enum([
  'new',
  'changed',
  'unchanged',
  'removed',
  'problem',
  'corrected',
]);

/** One row of a preview. `before` and `after` hold only the fields that the kind has. */
export const previewRow = z.strictObject({
  /** Empty where the import has one file. */
  fileName: z.string(),
  line: count,
  kind: previewKind,
  customer: z.string(),
  project: z.string(),
  /** Field name → text; for `changed`, only the fields that differ are in `before`. */
  before: z.record(z.string(), z.string()).nullable(),
  after: z.record(z.string(), z.string()).nullable(),
  /** Fields of the file that are not applied since the owner edited the record here. */
  kept: z.array(z.string()),
  problem: z.strictObject({ code: problemCode, header: z.string(), value: z.string() }).nullable(),
  /** Of a `corrected` row: the record that it may replace, and whether it does. */
  replaces: z.strictObject({ recordId: id, isReplaced: z.boolean() }).nullable(),
});
export type PreviewRow = z.infer<typeof previewRow>;

export const importEntry = z.strictObject({
  id,
  fileName: z.string(),
  /** Files that were imported with it, after it. */
  otherFiles: z.array(z.string()),
  kind: z.enum(['timesheet', 'customers', 'projects']),
  /** Its rows came from a connected Kimai: a day may have many of them. */
  isSync: z.boolean(),
  importedAt: moment,
  counts,
  undone: z.boolean(),
  /** False if a later import or edit touched the same rows. */
  undoable: z.boolean(),
});
export type ImportEntry = z.infer<typeof importEntry>;

export const importMethods = {
  'uploads.begin': command(
    'importer',
    z.strictObject({ fileName: z.string().min(1).max(255), size: count }),
    z.strictObject({ uploadId: token }),
  ),
  /** Parts of at most 1 MiB, in order. */
  'uploads.append': command(
    'importer',
    z.strictObject({ uploadId: token, offset: count, base64: z.base64().max(1_400_000) }),
    z.strictObject({ received: count }),
  ),
  /**
   * Starts reading; the job goes on to `mapping` or `preview` by itself. With `auto` (for scripts)
   * it goes on to `done`, if nothing has to be decided: no mapping, nothing unreadable.
   * `others`: further uploads, in any order, that make one import with it: one preview, one commit,
   * one undo.
   */
  'imports.open': command(
    'importer',
    z.strictObject({
      uploadId: token,
      others: z.array(token).max(49).default([]),
      auto: z.boolean().default(false),
    }),
    z.strictObject({ jobId: token }),
  ),
  'imports.jobs': query('importer', none, z.array(importJob)),
  'imports.job': query('importer', z.strictObject({ jobId: token }), importJob),
  /**
   * Sets what each column is read as, and how; remembers it for that header. For a file that asks,
   * and for one that waits with its preview: it is read again.
   */
  'imports.map': command(
    'importer',
    z.strictObject({
      jobId: token,
      columns: z.array(columnMapping),
      choices: z.partialRecord(readingChoiceAbout, z.string().max(200)).default({}),
    }),
    none,
  ),
  /** The file is complete for a period and projects: what it lacks there goes. Null: it is not. */
  'imports.complete': command(
    'importer',
    z.strictObject({
      jobId: token,
      complete: z
        .strictObject({ firstDay: day, lastDay: day, projectIds: z.array(id).min(1) })
        .nullable(),
    }),
    none,
  ),
  /**
   * Says which of the offered corrections replace the record that they look like: all or none of
   * them, except these records. The others come as new, and the record stays.
   */
  'imports.replace': command('importer', replaceAnswer.extend({ jobId: token }), none),
  'imports.rows': query(
    'importer',
    z.strictObject({
      jobId: token,
      kind: previewKind,
      ...page,
    }),
    z.strictObject({ total: count, rows: z.array(previewRow) }),
  ),
  /**
   * Applies exactly what the preview with this digest showed; `import_stale` (and a fresh
   * preview) if the store changed since. `seen` has to name all that the preview's `mustSee`
   * names, else `import_unseen`. Resolves when done.
   */
  'imports.commit': command(
    'importer',
    z.strictObject({
      jobId: token,
      digest: z.string(),
      seen: z.array(doubtCode).default([]),
    }),
    z.strictObject({ importId: id, counts }),
  ),
  'imports.cancel': command('importer', z.strictObject({ jobId: token }), none),
  'imports.list': query('importer', none, z.array(importEntry)),
  'imports.undo': command('importer', z.strictObject({ importId: id }), none),
};
