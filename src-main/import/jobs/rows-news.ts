/** Progress of a job, which both import workers post. */
export interface RowsNews {
  jobId: string;
  /** Rows handled so far. */
  rows: number;
  /** Rows in all; null: the main side knows the number. */
  estimatedRows: number | null;
}

/** Between two posts, so that the main thread is not kept busy with them. */
export const defaultNewsEveryMs = 200;
