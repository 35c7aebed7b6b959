/**
 * Rows that no single look-up can decide: they changed or may be new. At the end they are matched,
 * all rows of a project and day at once, with those of its records that no other row is.
 */
import type { RecordReads } from '../../store/records/records.ts';
import type { StoredRecord } from '../../store/records/stored-record.ts';
import { RowReader } from '../rows/row-reader.ts';
import type { Dictionary } from './dictionary.ts';
import type { EntityBook } from './entities.ts';
import type { FileTraits } from './file-traits.ts';
import type { IdSet } from './id-set.ts';
import { matchGroup, type OpenRow } from './match.ts';
import { rowKind, type PlannedBatch } from './planned-batch.ts';

/** Days (`yyyymmdd`) up to the year 3355 fit below. */
const dayRange = 2 ** 25;

interface Match {
  planned: PlannedBatch;
  row: number;
  reader: RowReader;
  record: StoredRecord;
}

export class OpenRows {
  #rows: { planned: PlannedBatch; row: number; key: number }[] = [];

  add(planned: PlannedBatch, row: number, projectId: number, day: number): void {
    planned.kinds[row] = rowKind.open;
    this.#rows.push({ planned, row, key: projectId * dayRange + day });
  }

  /** Gives the rows that are stored records; all others become new. Ids in `claimed` are taken. */
  *match(
    reads: RecordReads,
    claimed: IdSet,
    book: EntityBook,
    dictionary: Dictionary,
    file: FileTraits,
  ): Generator<Match> {
    const open = this.#rows.sort((a, b) => a.key - b.key);
    this.#rows = [];
    const unknownUser = book.users.find((slot) => slot.row.identity === '')?.id ?? 0;
    const unknownActivity = book.activities.find((slot) => slot.row.name === '')?.id ?? 0;
    for (let first = 0; first < open.length;) {
      const key = open[first]!.key;
      let last = first;
      while (open[last]?.key === key) last++;
      const group: OpenRow[] = open.slice(first, last).map(({ planned, row }) => {
        planned.kinds[row] = rowKind.new;
        const reader = new RowReader(planned.batch).at(row);
        return {
          reader,
          users: dictionary.people[reader.personIndex]!.candidates.map((slot) => slot.id ?? 0),
          activity: dictionary.activities[reader.activityIndex]!.id ?? 0,
        };
      });
      const stored = reads
        .ofProjectDay(Math.floor(key / dayRange), key % dayRange)
        .filter(({ id }) => !claimed.has(id));
      for (const [index, record] of matchGroup(group, stored, file, {
        unknownUser,
        unknownActivity,
      })) {
        const { planned, row } = open[first + index]!;
        yield { planned, row, reader: group[index]!.reader, record };
      }
      first = last;
    }
  }
}
