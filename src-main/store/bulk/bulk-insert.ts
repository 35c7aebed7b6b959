/**
 * Inserts many rows. Binding the values of a row takes four times as long as SQLite needs to store
 * them, so many rows go by way of a file that SQLite reads by itself (docs/adr/110); few rows are
 * bound one by one. Both ways give the same table: a test compares them.
 */
import type { WriteDb, WriteStatement } from '../db.ts';
import type { RowsFile } from './rows-file.ts';
import type { RowsFiles } from './rows-files.ts';

/** Takes the values of a row, one after the other. */
export interface RowValues {
  /** A whole number up to 2^53, or NULL. */
  addNumber(value: number | null): void;
  /** The UTF-8 bytes of `source` from `begin` to `end`. */
  addText(source: Uint8Array, begin: number, end: number): void;
}

/** How rows get into a table. */
export interface BulkTable<Row> {
  columns: readonly string[];
  /**
   * The INSERT statement. `values` are expressions, one for each column; `from` is the FROM clause
   * of the table that has them, or empty.
   */
  insert(values: string, from: string): string;
  /** Gives the values of a row to `to`, in the order of `columns`. */
  write(row: Row, to: RowValues): void;
}

/** Rows are inserted in the order of the calls, the last of them at `flush`. */
export interface BulkInsert<Row> {
  /** Tells how many rows come next, so that few of them need no file. */
  expect(rows: number): void;
  add(row: Row): void;
  /** Inserts what still waits. */
  flush(): void;
}

/** `files` null: every row is bound. */
export const bulkInsert = <Row>(
  db: WriteDb,
  table: BulkTable<Row>,
  files: RowsFiles | null,
  limits: FileLimits,
): BulkInsert<Row> =>
  files ? new FileInsert(db, table, files, limits) : new PlainInsert(db, table);

/** Binds the values of each row. */
class PlainInsert<Row> implements BulkInsert<Row> {
  readonly #table: BulkTable<Row>;
  readonly #statement: WriteStatement;
  readonly #values: (number | string | null)[] = [];
  readonly #to: RowValues = {
    addNumber: (value) => this.#values.push(value),
    addText: (source, begin, end) =>
      this.#values.push(
        Buffer.from(source.buffer, source.byteOffset + begin, end - begin).toString('utf8'),
      ),
  };

  constructor(db: WriteDb, table: BulkTable<Row>) {
    this.#table = table;
    this.#statement = db.prepare(table.insert(table.columns.map(() => '?').join(', '), ''));
  }

  expect(): void {
    // Rows that are bound one by one need no preparation.
  }

  add(row: Row): void {
    this.#values.length = 0;
    this.#table.write(row, this.#to);
    this.#statement.run(...this.#values);
  }

  flush(): void {
    // Each row is inserted at once, so that none waits.
  }
}

/** When rows go by way of files. */
export interface FileLimits {
  /** Fewer rows than this are bound: a file takes 2 ms. */
  minRows: number;
  /** How many files of the transaction are left for others. */
  reservedFiles: number;
  /** Size at which the file number `count` (from 1) is copied; the last one takes all that comes. */
  maxBytes(count: number): number;
}

/** Writes rows into files, and binds those that come in small numbers or are too long for a file. */
class FileInsert<Row> implements BulkInsert<Row> {
  readonly #db: WriteDb;
  readonly #table: BulkTable<Row>;
  readonly #files: RowsFiles;
  readonly #limits: FileLimits;
  readonly #plain: PlainInsert<Row>;
  #isMany = false;
  #file: RowsFile | null = null;

  constructor(db: WriteDb, table: BulkTable<Row>, files: RowsFiles, limits: FileLimits) {
    this.#db = db;
    this.#table = table;
    this.#files = files;
    this.#limits = limits;
    this.#plain = new PlainInsert(db, table);
  }

  expect(rows: number): void {
    this.#isMany = rows >= this.#limits.minRows;
  }

  add(row: Row): void {
    if (this.#isMany && this.#openFile() && this.#addToFile(this.#file!, row)) return;
    // The rows before it come first.
    this.flush();
    this.#plain.add(row);
  }

  flush(): void {
    const file = this.#file;
    if (!file || file.rows === 0) return;
    this.#file = null;
    const from = `FROM ${this.#files.attach(file)}`;
    this.#db.exec(this.#table.insert(this.#table.columns.join(', '), from));
  }

  #openFile(): boolean {
    if (this.#file) return true;
    if (this.#filesLeft === 0) return false;
    this.#file = this.#files.create(this.#table.columns);
    return true;
  }

  get #filesLeft(): number {
    return Math.max(0, this.#files.free - this.#limits.reservedFiles);
  }

  /** False: the row is too long for a file. */
  #addToFile(file: RowsFile, row: Row): boolean {
    this.#table.write(row, file);
    if (!file.endRow()) return false;
    const isLast = this.#filesLeft === 0;
    if (file.isFull || (!isLast && file.bytes >= this.#limits.maxBytes(this.#files.count))) {
      this.flush();
    }
    return true;
  }
}
