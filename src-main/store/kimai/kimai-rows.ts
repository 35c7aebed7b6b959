/** The rows of the tables that hold what a connected Kimai answered last. */

/** What a record of Kimai says, apart from its ids. Undefined: the token may not see it. */
export interface KimaiDetails {
  /** As Kimai writes it: `2026-09-14T22:30:00-0700`, in the zone of the record. */
  begin: string;
  end: string | null;
  durationS: number;
  breakS?: number;
  /** Ten-thousandths of the unit. */
  rateE4?: number;
  hourlyRateE4?: number;
  fixedRateE4?: number;
  billable?: boolean;
  description: string;
  tags: string[];
}

/** A time record as Kimai has it; ids are Kimai's. */
export interface KimaiRecord {
  kimaiId: number;
  /** Seconds since 1970 UTC. */
  beginAt: number;
  project: number;
  activity: number;
  user: number;
  exported: boolean;
  running: boolean;
  details: KimaiDetails;
}

export interface KimaiCustomer {
  name: string;
  number?: string;
  currency?: string;
  /** Null: it has none of its own. */
  color?: string | null;
  visible?: boolean;
  budgetE4?: number;
  timeBudgetS?: number;
  budgetType?: 'month' | null;
}

export interface KimaiProject extends Omit<KimaiCustomer, 'currency'> {
  /** Kimai's id. */
  customer: number;
  orderNumber?: string;
}

export interface KimaiActivity {
  name: string;
}

export interface KimaiUser {
  login: string;
  displayName: string;
}

/** Kind → what is kept of it. */
export interface KimaiCatalog {
  customer: KimaiCustomer;
  project: KimaiProject;
  activity: KimaiActivity;
  user: KimaiUser;
}
export type KimaiKind = keyof KimaiCatalog;
