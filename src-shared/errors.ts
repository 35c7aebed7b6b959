/**
 * Every error that crosses a boundary, in one table: what HTTP answers with, and whether its
 * parameters may be shown to whoever asked. Texts live in `locales/` under `error.<code>`.
 */
interface ErrorKind {
  /** HTTP status of the browser host and the portal. */
  status: number;
  /** Whether `params` may leave the program: names, row numbers, limits; never secrets. */
  exposed: boolean;
}

export const errorKinds = {
  // The contract
  unknown_method: { status: 404, exposed: true },
  invalid_input: { status: 400, exposed: true },
  not_signed_in: { status: 401, exposed: true },
  locked: { status: 401, exposed: true },
  permission_denied: { status: 403, exposed: true },
  not_found: { status: 404, exposed: true },
  internal: { status: 500, exposed: false },
  /** A worker thread died or could not be loaded; what it was doing is rolled back. */
  worker_ended: { status: 500, exposed: true },
  // The data folder
  data_folder_in_use: { status: 409, exposed: true },
  /** On a drive that cannot lock files, where two programs could not know of each other. */
  data_folder_no_locks: { status: 409, exposed: true },
  data_folder_unwritable: { status: 500, exposed: true },
  /** While the program runs: the folder is not where it was, or its disk does not answer. */
  data_folder_gone: { status: 500, exposed: true },
  /** Another program holds the database, and does not let it be written. */
  database_locked: { status: 503, exposed: true },
  /** Another program took a file away that belongs to the open database. */
  database_log_gone: { status: 500, exposed: true },
  database_newer: { status: 409, exposed: true },
  database_damaged: { status: 500, exposed: true },
  /** The program has worked on this data later than it is now. */
  clock_behind: { status: 409, exposed: true },
  disk_full: { status: 507, exposed: true },
  export_unreadable: { status: 422, exposed: true },
  passphrase_wrong: { status: 403, exposed: true },
  /** The system's list of programs that start at login could not be changed. */
  start_at_login_refused: { status: 500, exposed: true },
  // Files to import
  upload_unknown: { status: 404, exposed: true },
  upload_out_of_order: { status: 409, exposed: true },
  file_empty: { status: 422, exposed: true },
  file_header_only: { status: 422, exposed: true },
  file_no_header: { status: 422, exposed: true },
  file_binary: { status: 422, exposed: true },
  file_too_large: { status: 413, exposed: true },
  file_too_many_columns: { status: 422, exposed: true },
  file_cell_too_large: { status: 422, exposed: true },
  file_unterminated_quote: { status: 422, exposed: true },
  file_encoding: { status: 422, exposed: true },
  file_unreadable: { status: 422, exposed: true },
  /** Of the owner's app: a part of it did not come from its own server. */
  page_not_loaded: { status: 500, exposed: true },
  file_changed: { status: 409, exposed: true },
  file_workbook_unreadable: { status: 422, exposed: true },
  file_spreadsheet_kind: { status: 422, exposed: true },
  mapping_incomplete: { status: 422, exposed: true },
  import_stale: { status: 409, exposed: true },
  import_unseen: { status: 409, exposed: true },
  import_not_ready: { status: 409, exposed: true },
  import_cancelled: { status: 409, exposed: true },
  import_done: { status: 409, exposed: true },
  sample_not_empty: { status: 409, exposed: true },
  import_undo_blocked: { status: 409, exposed: true },
  undo_expired: { status: 409, exposed: true },
  // Customers and projects
  merge_two_currencies: { status: 409, exposed: true },
  merge_with_itself: { status: 409, exposed: true },
  // Shares and access
  password_too_short: { status: 400, exposed: true },
  password_too_long: { status: 400, exposed: true },
  password_wrong: { status: 403, exposed: true },
  attempts_locked: { status: 429, exposed: true },
  password_queue_full: { status: 429, exposed: true },
  last_owner: { status: 409, exposed: true },
  // Publishing
  port_in_use: { status: 409, exposed: true },
  port_forbidden: { status: 403, exposed: true },
  address_unavailable: { status: 409, exposed: true },
  listen_failed: { status: 500, exposed: true },
  // Tunnels
  tunnel_incomplete: { status: 409, exposed: true },
  tunnel_unreachable: { status: 502, exposed: true },
  tunnel_lost: { status: 502, exposed: true },
  tunnel_credentials: { status: 409, exposed: true },
  tunnel_key_unreadable: { status: 409, exposed: true },
  tunnel_key_locked: { status: 409, exposed: true },
  tunnel_agent_missing: { status: 409, exposed: true },
  tunnel_forward_refused: { status: 409, exposed: true },
  tunnel_no_address: { status: 502, exposed: true },
  tunnel_program_missing: { status: 409, exposed: true },
  tunnel_program_ended: { status: 502, exposed: true },
  tunnel_token: { status: 409, exposed: true },
  tunnel_not_signed_in: { status: 409, exposed: true },
  tunnel_not_allowed: { status: 409, exposed: true },
  // A program for tunnels that is fetched
  program_not_offered: { status: 409, exposed: true },
  program_not_fetched: { status: 502, exposed: true },
  program_not_genuine: { status: 502, exposed: true },
  program_redirected: { status: 502, exposed: true },
  program_cancelled: { status: 409, exposed: true },
  host_key_unknown: { status: 409, exposed: true },
  // Pages that are always on: the web space …
  target_credentials: { status: 409, exposed: true },
  target_not_writable: { status: 409, exposed: true },
  target_folder_missing: { status: 409, exposed: true },
  target_full: { status: 507, exposed: true },
  target_unreachable: { status: 502, exposed: true },
  target_certificate: { status: 502, exposed: true },
  target_failed: { status: 502, exposed: true },
  host_key_changed: { status: 409, exposed: true },
  // … and its public address
  address_unreachable: { status: 502, exposed: true },
  address_certificate: { status: 502, exposed: true },
  address_not_serving: { status: 409, exposed: true },
  address_blocked: { status: 409, exposed: true },
  address_policy: { status: 409, exposed: true },
  address_content_type: { status: 409, exposed: true },
  // A connected Kimai
  /** What was typed is no address. */
  kimai_address: { status: 400, exposed: true },
  kimai_unreachable: { status: 502, exposed: true },
  kimai_timeout: { status: 504, exposed: true },
  kimai_certificate: { status: 502, exposed: true },
  /** Wrong, expired, or of a disabled user: Kimai does not say which. */
  kimai_token: { status: 409, exposed: true },
  /** Something between here and Kimai takes the token away. */
  kimai_token_missing: { status: 409, exposed: true },
  /** The token is sealed under secrets that are not here. */
  kimai_token_lost: { status: 409, exposed: true },
  /** The user has no right to use the API. */
  kimai_forbidden: { status: 409, exposed: true },
  /** There is a Kimai, but nothing at this path. */
  kimai_not_found: { status: 404, exposed: true },
  /** There is a web server, and no Kimai at this address. */
  kimai_path: { status: 409, exposed: true },
  /** A page where data should be: another site. */
  kimai_page: { status: 409, exposed: true },
  /** A login page: of a proxy, or of a Kimai below a path. */
  kimai_login: { status: 409, exposed: true },
  kimai_moved: { status: 409, exposed: true },
  kimai_busy: { status: 503, exposed: true },
  kimai_failed: { status: 502, exposed: true },
  kimai_down: { status: 502, exposed: true },
  kimai_refused: { status: 502, exposed: true },
  kimai_answer: { status: 502, exposed: true },
  kimai_answer_too_large: { status: 502, exposed: true },
  kimai_too_old: { status: 409, exposed: true },
  kimai_none: { status: 409, exposed: true },
  kimai_cancelled: { status: 409, exposed: true },
  // Pages that are always on
  always_on_no_target: { status: 409, exposed: true },
  always_on_password_needed: { status: 409, exposed: true },
  always_on_keys_lost: { status: 409, exposed: true },
  always_on_cancelled: { status: 409, exposed: true },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorKinds;

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorKinds, code);

export const errorCodes: readonly ErrorCode[] = Object.keys(errorKinds).filter(isErrorCode);

export type ErrorParams = Readonly<Record<string, string | number>>;

/**
 * The one error class of the program. Branch on `code`, never on `message`, which is for logs.
 * `params` fill the placeholders of the translated text and must not hold secrets.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly params: ErrorParams;

  constructor(code: ErrorCode, params: ErrorParams = {}, options?: { cause?: unknown }) {
    super(code, options);
    this.name = 'AppError';
    this.code = code;
    this.params = params;
  }
}

/** What a transport carries instead of an error object. */
export interface WireError {
  code: ErrorCode;
  params: ErrorParams;
}

/** Turns anything thrown into what may cross a boundary; unknown things become `internal`. */
export function toWireError(error: unknown): WireError {
  if (!(error instanceof AppError)) return { code: 'internal', params: {} };
  return { code: error.code, params: errorKinds[error.code].exposed ? error.params : {} };
}
