/**
 * Puts new records into the table. Binding the values of a row takes four times as long as SQLite
 * needs to store them, so many rows go by way of a file that SQLite reads by itself
 * (docs/adr/110); few are bound.
 */
import type { WriteStatement } from '../../store/db.ts';
import type { Store } from '../../store/open.ts';
import {
  insertedColumns,
  insertRowsOf,
  N,
  prepareInsertRecord,
  type RawRecord,
} from '../../store/records/records.ts';
import type { RowsFile } from '../../store/bulk/rows-file.ts';
import { mostRowsFiles, type RowsFiles } from '../../store/bulk/rows-files.ts';
import { F, I, type RowBatch, type RowReader } from '../rows/batch.ts';
import type { FileTraits } from '../plan/diff.ts';

/** From that many new rows in a batch on, a file is worth its 2 ms. */
const manyRows = 1000;
/** The last one is left for the days' sums. */
const mostFiles = mostRowsFiles - 1;
/**
 * Small files, so that SQLite copies the first while most rows are yet to be read, and little is
 * left to copy when the last row is there; larger ones once there are more rows than expected.
 */
const smallestFileBytes = 4 * 2 ** 20;
const evenFiles = 6;
/** Rows take some two thirds of the bytes that they have in an export. */
const fileShare = 1 / 12;

export class RecordInserts {
  readonly #db: Store;
  readonly #importId: number;
  readonly #resolutionS: number;
  readonly #evenBytes: number;
  readonly #files: RowsFiles;
  readonly #statement: WriteStatement;
  #batch!: RowBatch;
  #isLarge = false;
  #file: RowsFile | null = null;

  constructor(
    db: Store,
    importId: number,
    source: Pick<FileTraits, 'resolution' | 'bytes'>,
    files: RowsFiles,
  ) {
    this.#db = db;
    this.#importId = importId;
    this.#resolutionS = source.resolution;
    this.#evenBytes = Math.max(smallestFileBytes, source.bytes * fileShare);
    this.#files = files;
    this.#statement = prepareInsertRecord(db, importId, source.resolution);
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
    insertRowsOf(this.#db, this.#importId, this.#resolutionS, this.#files.attach(file));
  }

  #openFile(): boolean {
    if (this.#file) return true;
    if (this.#files.count >= mostFiles) return false;
    this.#file = this.#files.create(insertedColumns);
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
    const isLast = this.#files.count === mostFiles;
    const wanted = this.#evenBytes * 2 ** Math.max(0, this.#files.count - evenFiles);
    if (file.isFull || (!isLast && file.bytes >= wanted)) this.flush();
    return true;
  }
}
