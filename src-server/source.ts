/**
 * What the portal needs from whoever hosts it. It reads through `PortalSource`, and writes
 * nothing but its own access journal. The main side implements both on its store.
 */
import type { DayNumber } from '../src-shared/domain/day.ts';
import type { ShareOptions } from '../src-shared/contract/shares.ts';
import type { MessageParts } from './message-parts.ts';

/** A share as the portal sees it; the label and the key itself stay with the owner. */
export interface PortalShare {
  id: number;
  customerId: number;
  projectId: number | null;
  /** The hand-picked projects; only meant if `options.projectSelection` is `selected`. */
  projectIds: number[];
  options: ShareOptions;
  /** Encoded as passwords.ts has it; null: no password. */
  passwordHash: string | null;
  /** Grow when the password changes, and when the owner ends all sessions. */
  passwordVersion: number;
  sessionVersion: number;
  paused: boolean;
  /** Last day on which the link works; null: for ever. */
  expiresDay: DayNumber | null;
}

export interface Budget {
  /** Ten-thousandths of the customer's currency; 0: none. */
  budgetE4: number;
  timeBudgetS: number;
  budgetType: 'month' | null;
}

export interface PortalCustomer extends Budget {
  id: number;
  name: string;
  /** Null: no file said it. */
  currency: string | null;
  color: string | null;
}

export interface PortalProject extends Budget {
  id: number;
  customerId: number;
  name: string;
  /** False: archived. */
  visible: boolean;
  color: string | null;
  sortOrder: number;
}

/** A record that is not hidden. Internal rates and e-mails are not even stored. */
export interface PortalRecord {
  id: number;
  projectId: number;
  userId: number;
  /** Login, else display name: what tells people apart. */
  userIdentity: string;
  userName: string;
  activity: string;
  day: DayNumber;
  /** Minutes after midnight; null if unknown. */
  beginMin: number | null;
  endMin: number | null;
  running: boolean;
  durationS: number;
  /** Null: imported without rates. */
  rateE4: number | null;
  hourlyRateE4: number | null;
  fixedRateE4: number | null;
  billable: boolean;
  description: string;
  tags: string;
}

export interface Sums {
  durationS: number;
  rateE4: number;
}

/** Which records: exact project ids, both days included. */
export interface RecordScope {
  projectIds: readonly number[];
  firstDay: DayNumber;
  lastDay: DayNumber;
  onlyBillable: boolean;
}

export interface PortalSource {
  /** Grows with every change that a page could show. */
  version(): number;
  /** Runs `read`; all that it reads here is of one moment, and takes less time than one by one. */
  inSnapshot<T>(read: () => T): T;
  /** By SHA-256 of the key; deleted shares are not found, paused and expired ones are. */
  shareByKeyDigest(digest: Buffer): PortalShare | null;
  customer(id: number): PortalCustomer | null;
  /** All projects of a customer, archived ones too, in no particular order. */
  projects(customerId: number): PortalProject[];
  /** In no particular order. */
  records(scope: RecordScope): PortalRecord[];
  /** Sums per day, days without records left out; running records add 0. */
  daySums(scope: RecordScope): (Sums & { day: DayNumber })[];
  /** Sums per month of one year, `month` 1–12, months without records left out. */
  monthSums(scope: RecordScope): (Sums & { year: number; month: number })[];
  /** Months that have records, ascending, as `yyyymm`. */
  months(scope: RecordScope): number[];
  /** Billable, stopped records per project: what budgets count. */
  spent(scope: Omit<RecordScope, 'onlyBillable'>): Map<number, Sums>;
}

/** How a client came: never its address. */
export interface Visit {
  shareId: number;
  kind: 'view' | 'bot' | 'failure' | 'lockout';
  /** phone, tablet, desktop, other; for bots their name. */
  device: string;
  locale: string;
}

/** What the portal keeps about accesses. Each call resolves once the fact is stored. */
export interface AccessJournal {
  recordVisit(visit: Visit): Promise<void>;
  /** `client`: a keyed digest of the address; `at`: milliseconds since 1970 UTC. */
  recordFailure(shareId: number, client: string, at: number): Promise<void>;
  clearFailures(shareId: number, client: string): Promise<void>;
  /**
   * Moments of failures since `since`, ascending, of this client on this share; null: of all
   * shares, of all clients.
   */
  failures(shareId: number | null, client: string | null, since: number): number[];
  /**
   * Refuses a session from now on. `digest`: SHA-256 of its id; it may be forgotten after `until`,
   * milliseconds since 1970 UTC.
   */
  endSession(digest: Buffer, until: number): Promise<void>;
  /** Whether `endSession` was stored for it, in this run of the program or an earlier one. */
  isSessionEnded(digest: Buffer): boolean;
  /** Stores the hash of a password that was right but hashed with old parameters. */
  replacePasswordHash(shareId: number, oldHash: string, newHash: string): Promise<void>;
}

export interface PasswordResult {
  ok: boolean;
  /** Set if `ok` and the parameters of the stored hash are outdated. */
  newHash: string | null;
}

export interface PasswordChecker {
  /** Constant-time, in a worker. Throws AppError `password_queue_full`. */
  check(password: string, hash: string): Promise<PasswordResult>;
}

/**
 * Message texts of one language: nested objects of ICU message strings, as in locales/. A message
 * may be there in parts already, see message-parts.ts.
 */
export interface Messages {
  [key: string]: string | MessageParts | Messages;
}

export interface PortalDeps {
  source: PortalSource;
  journal: AccessJournal;
  passwords: PasswordChecker;
  clock: { now(): Date };
  /** 32 bytes each. */
  secrets: { cookie: Buffer; client: Buffer };
  /** Locale code of the file (`en`, `de`) → its texts. `en` must be there. */
  texts: ReadonlyMap<string, Messages>;
  /** Header in which our own trusted hop puts the client's address; '' if there is none. */
  trustedHeader(): string;
  /** The public address of a tunnel or proxy in front, '' if there is none. */
  publicUrl?(): string;
  /** Set while the owner has paused the portal; `backAt`: when it is back, null if unknown. */
  paused?(): { backAt: Date | null } | null;
  /** The answer to a question that the program itself asks its portal; null for all others. */
  answerCheck?(question: string): string | null;
  log: { info(line: string): void; error(line: string, error?: unknown): void };
}
