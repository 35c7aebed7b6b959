/**
 * Puts new records into the table. Binding the values of a row takes four times as long as SQLite
 * needs to store them, so many rows go by way of a file that SQLite reads by itself
 * (docs/adr/110); few are bound.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Statement } from 'better-sqlite3';
import type { Store } from '../store/open.ts';
import {
  insertedColumns,
  insertRowsOf,
  N,
  prepareInsertRecord,
  type RawRecord,
} from '../store/records.ts';
import { RowsFile } from '../store/rows-file.ts';
import { F, I, type RowBatch, type RowReader } from './batch.ts';

/** From that many new rows in a batch on, a file is worth its 2 ms. */
const manyRows = 1000;
/** SQLite attaches ten databases to a connection, and lets go of none before the commit. */
const mostFiles = 9;
/** Ever larger, so that nine files hold fifteen million rows and the first is full early. */
const firstFileBytes = 8 * 2 ** 20;
const growth = 2;

export class RecordInserts {
  readonly #db: Store;
  readonly #importId: number;
  readonly #resolutionS: number;
  readonly #folder: string;
  readonly #statement: Statement;
  #batch!: RowBatch;
  #isLarge = false;
  #file: RowsFile | null = null;
  /** Files that are attached, as `rows0`, `rows1` …, or are about to be. */
  #paths: string[] = [];

  constructor(db: Store, importId: number, resolutionS: number) {
    this.#db = db;
    this.#importId = importId;
    this.#resolutionS = resolutionS;
    // Where uploads wait: it is cleared when the program starts.
    this.#folder = join(dirname(db.name), 'uploads');
    this.#statement = prepareInsertRecord(db, importId, resolutionS);
  }

  /** Tells from which batch the next rows come, and how many new ones it has. */
  begin(batch: RowBatch, newRows: number): void {
    this.#batch = batch;
    this.#isLarge = newRows >= manyRows;
  }

  /** `record`: what `newRecord` made of the row. Rows get their ids in the order of the calls. */
  insert(record: RawRecord, row: RowReader): void {
    if (this.#isLarge && this.#openFile() && this.#addToFile(record, row)) return;
    this.flush();
    record[N.description] = row.description;
    record[N.tags] = row.has(F.tagsKnown) ? row.tags : null;
    this.#statement.run(...record);
  }

  /** Inserts what waits in the file. */
  flush(): void {
    const file = this.#file;
    if (!file || file.rows === 0) return;
    this.#file = null;
    file.finish();
    const schema = `rows${this.#paths.length - 1}`;
    this.#db.prepare(`ATTACH ? AS ${schema}`).run(file.path);
    // It is read once, from the first page to the last.
    this.#db.pragma(`${schema}.cache_size = 4`);
    insertRowsOf(this.#db, this.#importId, this.#resolutionS, schema);
  }

  /** After the commit or rollback: lets go of the files and removes them. */
  close(): void {
    this.#file?.close();
    const attached = this.#db.pragma('database_list') as { name: string; file: string }[];
    for (const { name, file } of attached) {
      if (this.#paths.includes(file)) this.#db.exec(`DETACH ${name}`);
    }
    for (const path of this.#paths) rmSync(path, { force: true });
    this.#paths = [];
    this.#file = null;
  }

  #openFile(): boolean {
    if (this.#file) return true;
    if (this.#paths.length === mostFiles) return false;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const path = join(this.#folder, `${randomUUID()}.rows`);
    this.#file = new RowsFile(path, insertedColumns);
    this.#paths.push(path);
    return true;
  }

  #addToFile(record: RawRecord, row: RowReader): boolean {
    const file = this.#file!;
    const { text } = this.#batch;
    for (let place = 0; place < N.description; place++) {
      file.addNumber(record[place] as number | null);
    }
    const descriptionEnd = row.int(I.descriptionEnd);
    file.addText(text, row.descriptionBegin, descriptionEnd);
    if (row.has(F.tagsKnown)) file.addText(text, descriptionEnd, row.int(I.tagsEnd));
    else file.addNumber(null);
    if (!file.endRow()) return false;
    const isLast = this.#paths.length === mostFiles;
    const wanted = firstFileBytes * growth ** (this.#paths.length - 1);
    if (file.isFull || (!isLast && file.bytes >= wanted)) this.flush();
    return true;
  }
}
