/**
 * Which stored customer, project, user and activity a name in a file means. Pure once loaded: it
 * reads a snapshot and only notes what an import would create or learn.
 */
import {
  readCustomerAliases,
  readProjectAliases,
  type ActivityRow,
  type CustomerRow,
  type ProjectRow,
  type UserRow,
} from '../../store/catalog/entity-rows.ts';
import type { ReadDb } from '../../store/db.ts';
import type { Person, ProjectRef } from '../rows/batch.ts';
import {
  emptyBudget,
  listIn,
  load,
  loginOf,
  nameOf,
  newSlot,
  numberOf,
  sameNumber,
  type ActivitySlot,
  type CustomerSlot,
  type NewAlias,
  type ProjectSlot,
  type UserSlot,
} from './entity-slots.ts';

export class EntityBook {
  readonly customers: CustomerSlot[];
  readonly projects: ProjectSlot[] = [];
  readonly users: UserSlot[];
  readonly activities: ActivitySlot[];
  readonly aliases: NewAlias[] = [];
  #customersByName = new Map<string, CustomerSlot[]>();
  #projectsOf = new Map<CustomerSlot, ProjectSlot[]>();
  #customerAliases: { name: string; number: string; slot: CustomerSlot }[];
  #projectAliases: { name: string; number: string; customerId: number; slot: ProjectSlot }[];
  #activitiesByName = new Map<string, ActivitySlot>();
  /** Rows that are proven not to be renamed: see `brokenRenames`. */
  #keepNames: ReadonlySet<string>;

  constructor(db: ReadDb, keepNames: ReadonlySet<string> = new Set()) {
    this.#keepNames = keepNames;
    this.customers = load(db, 'customers');
    this.users = load(db, 'users');
    this.activities = load(db, 'activities');
    const customersById = new Map(this.customers.map((slot) => [slot.id, slot]));
    for (const slot of this.customers) listIn(this.#customersByName, slot.row.name).push(slot);
    for (const slot of load(db, 'projects')) {
      const customer = customersById.get(slot.row.customer_id)!;
      this.#addProject({ ...slot, customer });
    }
    for (const slot of this.activities) this.#activitiesByName.set(slot.row.name, slot);
    const projectsById = new Map(this.projects.map((slot) => [slot.id, slot]));
    this.#customerAliases = readCustomerAliases(db).map((alias) => ({
      name: alias.name,
      number: alias.number,
      slot: customersById.get(alias.customer_id)!,
    }));
    this.#projectAliases = readProjectAliases(db).map((alias) => ({
      name: alias.name,
      number: alias.number,
      customerId: alias.customer_id,
      slot: projectsById.get(alias.project_id)!,
    }));
  }

  /** The project that a row means, and its customer. */
  project(
    ref: Pick<ProjectRef, 'customer' | 'customerNumber' | 'project' | 'projectNumber'>,
  ): ProjectSlot {
    const customer = this.customer(ref.customer, ref.customerNumber || null, ref.project);
    return this.projectIn(customer, ref.project, ref.projectNumber || null);
  }

  /**
   * By name and number; by name, if one of the two has no number; by an alias; by number alone,
   * which means that Kimai's owner renamed it. Names alone are not unique in Kimai: equal names
   * with different numbers are two customers, `project` then tells which.
   */
  customer(name: string, number: string | null, project: string): CustomerSlot {
    const named = this.#customersByName.get(name) ?? [];
    const alias = this.mergedCustomer(name, number);
    const found =
      number === null
        ? (named.find((slot) => named.length === 1 || this.#hasProject(slot, project)) ??
          named[0] ??
          alias)
        : (named.find((slot) => sameNumber(numberOf(slot), number)) ??
          named.find((slot) => numberOf(slot) === null) ??
          alias ??
          this.#renamed('customers', this.customers, name, number));
    const slot = found ?? this.addCustomer(name, number);
    if (number !== null && numberOf(slot) === null) slot.patch.number = number;
    slot.seenAs.add(name);
    return slot;
  }

  /** The customer that took over this name when two were merged. */
  mergedCustomer(name: string, number: string | null): CustomerSlot | undefined {
    return this.#customerAliases.find((one) => fits(one, name, number))?.slot;
  }

  /** The same for a project of a customer. */
  mergedProject(
    customer: CustomerSlot,
    name: string,
    number: string | null,
  ): ProjectSlot | undefined {
    return this.#projectAliases.find(
      (one) => one.customerId === customer.id && fits(one, name, number),
    )?.slot;
  }

  /** The same within one customer. */
  projectIn(customer: CustomerSlot, name: string, number: string | null): ProjectSlot {
    const all = this.projectsOf(customer);
    const named = all.filter((slot) => nameOf(slot) === name);
    const alias = this.mergedProject(customer, name, number);
    const found =
      number === null
        ? (named[0] ?? alias)
        : (named.find((slot) => sameNumber(numberOf(slot), number)) ??
          named.find((slot) => numberOf(slot) === null) ??
          alias ??
          this.#renamed('projects', all, name, number));
    const slot = found ?? this.addProject(customer, name, number);
    if (number !== null && numberOf(slot) === null) slot.patch.number = number;
    slot.seenAs.add(name);
    return slot;
  }

  /**
   * By login; else somebody known only by this display name, who thereby gets a login; without a
   * login by display name. Never folded. Several with that display name: all are candidates, and
   * the records decide.
   */
  user({ login, displayName }: Person): { slot: UserSlot; candidates: UserSlot[] } {
    const found =
      login === undefined
        ? this.#byDisplayName(displayName ?? '')
        : this.#byLogin(login, displayName);
    const slot = found[0] ?? this.#addUser(login ?? null, displayName ?? login ?? '');
    if (login !== undefined && (slot.patch.login ?? slot.row.login) === null) {
      slot.patch.login = login;
      slot.patch.identity = login;
    }
    const shown = slot.patch.display_name ?? slot.row.display_name;
    if (login !== undefined && displayName !== undefined && shown !== displayName) {
      slot.patch.display_name = displayName;
    }
    return { slot, candidates: found.length > 1 ? found : [slot] };
  }

  activity(name: string): ActivitySlot {
    let slot = this.#activitiesByName.get(name);
    if (!slot) {
      slot = newSlot<ActivityRow>(this.activities.length, { name });
      this.activities.push(slot);
      this.#activitiesByName.set(name, slot);
    }
    return slot;
  }

  projectsOf(customer: CustomerSlot): ProjectSlot[] {
    return this.#projectsOf.get(customer) ?? [];
  }

  addCustomer(name: string, number: string | null): CustomerSlot {
    const row = { kimai_id: null, name, number, currency: null, ...emptyBudget };
    const slot = newSlot<CustomerRow>(this.customers.length, row);
    this.customers.push(slot);
    listIn(this.#customersByName, name).push(slot);
    return slot;
  }

  addProject(customer: CustomerSlot, name: string, number: string | null): ProjectSlot {
    const row = {
      kimai_id: null,
      customer_id: 0,
      name,
      number,
      order_number: null,
      ...emptyBudget,
    };
    const slot = { ...newSlot<ProjectRow>(this.projects.length, row), customer };
    this.#addProject(slot);
    return slot;
  }

  /** Notes a new name; exports that still have the old one go on to mean the same row. */
  rename(slot: CustomerSlot | ProjectSlot, name: string): void {
    this.aliases.push({ slot, name: nameOf(slot), number: numberOf(slot) ?? '' });
    slot.patch.name = name;
  }

  /**
   * Rows taken for renamed since only the number was equal, although the file also has them under
   * the name they have: then it is a second customer with the same number, which Kimai allows.
   * Plan again with these names kept.
   */
  brokenRenames(): string[] {
    const broken = (table: string, slots: readonly (CustomerSlot | ProjectSlot)[]): string[] =>
      slots
        .filter((slot) => slot.patch.name !== undefined && slot.seenAs.size > 1)
        .map((slot) => `${table} ${slot.id}`);
    return [...broken('customers', this.customers), ...broken('projects', this.projects)];
  }

  #renamed<S extends CustomerSlot | ProjectSlot>(
    table: string,
    slots: readonly S[],
    name: string,
    number: string,
  ): S | undefined {
    const equal = slots.filter((slot) => slot.id !== null && sameNumber(numberOf(slot), number));
    const slot = equal[0];
    if (!slot || equal.length > 1 || this.#keepNames.has(`${table} ${slot.id}`)) return undefined;
    if (nameOf(slot) !== name) this.rename(slot, name);
    return slot;
  }

  #hasProject(customer: CustomerSlot, name: string): boolean {
    return this.projectsOf(customer).some((slot) => nameOf(slot) === name);
  }

  #addProject(slot: ProjectSlot): void {
    this.projects.push(slot);
    const list = this.#projectsOf.get(slot.customer);
    if (list) list.push(slot);
    else this.#projectsOf.set(slot.customer, [slot]);
  }

  #byLogin(login: string, displayName: string | undefined): UserSlot[] {
    const known = this.users.find((slot) => loginOf(slot) === login);
    if (known) return [known];
    const unnamed = this.users.filter((slot) => loginOf(slot) === null);
    const adopted =
      unnamed.find((slot) => displayName !== undefined && slot.row.display_name === displayName) ??
      unnamed.find((slot) => slot.row.display_name === login);
    return adopted ? [adopted] : [];
  }

  #byDisplayName(displayName: string): UserSlot[] {
    const shown = this.users.filter(
      (slot) => (slot.patch.display_name ?? slot.row.display_name) === displayName,
    );
    // Kimai shows the login where there is no alias.
    return shown.length > 0 ? shown : this.users.filter((slot) => loginOf(slot) === displayName);
  }

  #addUser(login: string | null, displayName: string): UserSlot {
    const row = { identity: login ?? displayName, login, display_name: displayName };
    const slot = newSlot<UserRow>(this.users.length, row);
    this.users.push(slot);
    return slot;
  }
}

const fits = (
  alias: { name: string; number: string },
  name: string,
  number: string | null,
): boolean =>
  alias.name === name &&
  (number === null || alias.number === '' || sameNumber(alias.number, number));
