import type { ImportJob } from '../../../src-shared/contract/imports.ts';

/** How far the present step of a job is, and how long it will take. */
export class JobProgress {
  /** By the monotonic clock. */
  #startedAt = performance.now();
  #rows = 0;
  #estimatedRows: number | null = null;
  #rowsPerSecond = 0;
  #secondsLeft: number | null = null;

  /** A new step begins, and counts from 0. */
  restart(): void {
    this.#startedAt = performance.now();
    this.#rows = 0;
    this.#estimatedRows = null;
    this.#rowsPerSecond = 0;
    this.#secondsLeft = null;
  }

  /** Rows handled so far, of an estimated number in all; null: the estimate so far stays. */
  advance(rows: number, estimatedRows: number | null): void {
    const seconds = (performance.now() - this.#startedAt) / 1000;
    this.#rows = rows;
    const estimate = estimatedRows ?? this.#estimatedRows;
    this.#estimatedRows = estimate === null ? null : Math.max(rows, Math.round(estimate));
    this.#rowsPerSecond = seconds > 0 ? rows / seconds : 0;
    this.#secondsLeft =
      this.#estimatedRows === null || this.#rowsPerSecond === 0
        ? null
        : (this.#estimatedRows - rows) / this.#rowsPerSecond;
  }

  toContract(): ImportJob['progress'] {
    return {
      rows: this.#rows,
      estimatedRows: this.#estimatedRows,
      rowsPerSecond: this.#rowsPerSecond,
      secondsLeft: this.#secondsLeft,
    };
  }
}

const running: readonly ImportJob['state'][] = ['reading', 'planning', 'committing'];

/** How far all jobs that run are, 0 to 1; 2: one of them cannot tell; null: none runs. */
export function progressOf(jobs: readonly Pick<ImportJob, 'state' | 'progress'>[]): number | null {
  const busy = jobs.filter(({ state }) => running.includes(state));
  if (busy.length === 0) return null;
  let rows = 0;
  let all = 0;
  for (const { progress } of busy) {
    if (!progress.estimatedRows) return 2;
    rows += progress.rows;
    all += progress.estimatedRows;
  }
  return Math.min(1, rows / all);
}
