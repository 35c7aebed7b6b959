import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { WriteDb } from '../db.ts';
import { createSubfolder } from '../data-folder.ts';
import { RowsFile } from './rows-file.ts';

/** SQLite attaches at most this many databases to a connection and detaches none before the commit. */
export const maxRowsFiles = 10;

export interface RowsFilesShare {
  /** Begins the names under which they are attached; letters only. */
  name: string;
  most: number;
}
const wholeShare: RowsFilesShare = { name: 'rows', most: maxRowsFiles };

/** Rows files of one transaction: attached to its connection, and removed after it. */
export class RowsFiles {
  readonly #db: WriteDb;
  readonly #folder: string;
  readonly #name: string;
  readonly #most: number;
  #files: RowsFile[] = [];

  /**
   * `folder` is made when the first file is. A transaction with several of these gives each another
   * name, and all of them at most `maxRowsFiles` together.
   */
  constructor(db: WriteDb, folder: string, { name, most }: RowsFilesShare = wholeShare) {
    this.#db = db;
    this.#folder = folder;
    this.#name = name;
    this.#most = most;
  }

  get count(): number {
    return this.#files.length;
  }

  /** How many more files may be created. */
  get free(): number {
    return this.#most - this.#files.length;
  }

  create(columns: readonly string[]): RowsFile {
    createSubfolder(this.#folder);
    const file = new RowsFile(join(this.#folder, `${randomUUID()}.rows`), columns);
    this.#files.push(file);
    return file;
  }

  /** Ends a file that has at least one row. Returns the name of the table with its rows. */
  attach(file: RowsFile): string {
    file.finish();
    const schema = `${this.#name}${this.#files.indexOf(file)}`;
    this.#db.prepare(`ATTACH ? AS ${schema}`).run(file.path);
    // It is read once, from the first page to the last.
    this.#db.pragma(`${schema}.cache_size = 4`);
    return `${schema}.rows`;
  }

  /** After the commit or rollback. */
  close(): void {
    const attached = this.#db
      .prepare<[], { name: string; file: string }>('PRAGMA database_list')
      .all();
    for (const { path } of this.#files) {
      const database = attached.find(({ file }) => file === path);
      if (database) this.#db.exec(`DETACH ${database.name}`);
    }
    for (const file of this.#files) {
      file.close();
      rmSync(file.path, { force: true });
    }
    this.#files = [];
  }
}
