/**
 * The two kinds of connection to the store, as types. A function that takes a `ReadDb` cannot
 * write: its statements have no `run`, and there is no `exec` or `pragma`. At run
 * time `openReadDb` opens the file read-only, so that SQLite refuses what the types cannot see,
 * such as `DELETE … RETURNING`.
 */
import type Database from 'better-sqlite3';

/**
 * A compiled statement. `Params`: what is bound, one entry a placeholder, or one object with a
 * property for each name. `Row`: a row as SQLite gives it; of `pluck()` its only column, of
 * `raw()` the tuple of its columns.
 */
export interface ReadStatement<Params extends unknown[] = unknown[], Row = unknown> {
  /** The first row; undefined if there is none. */
  get(...params: Params): Row | undefined;
  all(...params: Params): Row[];
  iterate(...params: Params): IterableIterator<Row>;
  /** Rows are the value of their first column from now on. */
  pluck(): this;
  /** Rows are arrays from now on. */
  raw(): this;
}

export interface WriteStatement<
  Params extends unknown[] = unknown[],
  Row = unknown,
> extends ReadStatement<Params, Row> {
  run(...params: Params): Database.RunResult;
}

/** A connection that can only be read from. */
export interface ReadDb {
  /** Compiles SQL. The types are the caller's word for what the SQL says: SQLite has none. */
  prepare<Params extends unknown[] = unknown[], Row = unknown>(
    sql: string,
  ): ReadStatement<Params, Row>;
  /** A function that runs `work` in a transaction: all that it reads is of one moment. */
  transaction<Args extends unknown[], Result>(
    work: (...args: Args) => Result,
  ): (...args: Args) => Result;
}

/** A connection that can write. Use it in the write queue only (`WriteQueue`). */
export interface WriteDb extends ReadDb {
  prepare<Params extends unknown[] = unknown[], Row = unknown>(
    sql: string,
  ): WriteStatement<Params, Row>;
  /** Runs statements without parameters. */
  exec(sql: string): unknown;
  pragma(source: string, options?: Database.PragmaOptions): unknown;
  /** A function that runs `work` in a transaction, which an error rolls back. */
  transaction<Args extends unknown[], Result>(
    work: (...args: Args) => Result,
  ): Transaction<Args, Result>;
  readonly inTransaction: boolean;
  /** The path of the database file. */
  readonly name: string;
}

/** `immediate` takes the write lock at the start, so that it never fails halfway for want of it. */
export interface Transaction<Args extends unknown[], Result> {
  (...args: Args): Result;
  immediate(...args: Args): Result;
}

/** What opened a connection also closes it. */
export interface Closable {
  close(): unknown;
}
