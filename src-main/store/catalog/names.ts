/** Names that are stored, to know them again in a file whose encoding is not certain. */
import type { ReadDb } from '../db.ts';

/** A freelancer has fewer names than this; more of them would tell nothing new. */
const maxNames = 5000;

/** Names of customers, projects, activities and users with other letters than ASCII, in lower case. */
export function readCatalogNames(db: ReadDb): string[] {
  const names = db
    .prepare<[limit: number], string>(
      `SELECT name FROM customers UNION SELECT name FROM projects UNION SELECT name FROM activities
       UNION SELECT display_name FROM users LIMIT ?`,
    )
    .pluck()
    .all(maxNames);
  return names.filter((name) => /[^\0-\x7f]/.test(name)).map((name) => name.toLowerCase());
}
