export interface Migration {
  /** The `user_version` that the database has afterwards. */
  version: number;
  name: string;
  sql: string;
}
