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
} from '../../store/catalog/entity-rows.ts';
import type { ReadDb } from '../../store/db.ts';
import type { Person, ProjectRef } from '../rows/batch.ts';
import {
  emptyBudget,
  listIn,
  load,
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
import { areAlike, foldName } from './names.ts';
import { UserNames } from './user-names.ts';

export class EntityBook {
  readonly customers: CustomerSlot[];
  readonly projects: ProjectSlot[] = [];
  readonly users: UserSlot[];
  readonly activities: ActivitySlot[];
  readonly aliases: NewAlias[] = [];
  /** By folded name, as `#projectsByName`. */
  #customersByName = new Map<string, CustomerSlot[]>();
  #projectsOf = new Map<CustomerSlot, ProjectSlot[]>();
  #projectsByName = new Map<CustomerSlot, Map<string, ProjectSlot[]>>();
  #customerAliases: { name: string; number: string; slot: CustomerSlot }[];
  #projectAliases: { name: string; number: string; customerId: number; slot: ProjectSlot }[];
  #userNames: UserNames;
  #activitiesByName = new Map<string, ActivitySlot>();
  /** By folded name. */
  #activitiesLike = new Map<string, ActivitySlot>();
  /** Rows that are proven not to be renamed: see `brokenRenames`. */
  #keepNames: ReadonlySet<string>;

  constructor(db: ReadDb, keepNames: ReadonlySet<string> = new Set()) {
    this.#keepNames = keepNames;
    this.customers = load(db, 'customers');
    this.#userNames = new UserNames(load(db, 'users'));
    this.users = this.#userNames.slots;
    this.activities = load(db, 'activities');
    const customersById = new Map(this.customers.map((slot) => [slot.id, slot]));
    for (const slot of this.customers) this.#listCustomer(slot.row.name, slot);
    for (const slot of load(db, 'projects')) {
      const customer = customersById.get(slot.row.customer_id)!;
      this.#addProject({ ...slot, customer });
    }
    for (const slot of this.activities) this.#listActivity(slot);
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
    ref: Pick<ProjectRef, 'customer' | 'customerNumber' | 'project' | 'projectNumber'> &
      Partial<Pick<ProjectRef, 'projectKimaiId'>>,
  ): ProjectSlot {
    const known = this.withKimaiId(this.projects, ref.projectKimaiId);
    if (known) return known;
    const customer = this.customer(ref.customer, ref.customerNumber || null, ref.project);
    return this.projectIn(customer, ref.project, ref.projectNumber || null);
  }

  /**
   * By name and number; by name, if one of the two has no number; by an alias; by number alone,
   * which means that Kimai's owner renamed it. Names alone are not unique in Kimai: equal names
   * with different numbers are two customers, `project` then tells which.
   */
  customer(name: string, number: string | null, project: string): CustomerSlot {
    const named = exactFirst(this.#customersByName.get(foldName(name)), name);
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
    slot.seenAs.add(foldName(name));
    return slot;
  }

  /** The one that has this id in Kimai. Undefined id: nothing says it. */
  withKimaiId<S extends CustomerSlot | ProjectSlot>(
    slots: readonly S[],
    kimaiId: number | undefined,
  ): S | undefined {
    if (kimaiId === undefined) return undefined;
    return slots.find((slot) => (slot.patch.kimai_id ?? slot.row.kimai_id) === kimaiId);
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
    const named = exactFirst(this.#projectsByName.get(customer)?.get(foldName(name)), name);
    const alias = this.mergedProject(customer, name, number);
    const found =
      number === null
        ? (named[0] ?? alias)
        : (named.find((slot) => sameNumber(numberOf(slot), number)) ??
          named.find((slot) => numberOf(slot) === null) ??
          alias ??
          this.#renamed('projects', this.projectsOf(customer), name, number));
    const slot = found ?? this.addProject(customer, name, number);
    if (number !== null && numberOf(slot) === null) slot.patch.number = number;
    slot.seenAs.add(foldName(name));
    return slot;
  }

  /** Several candidates: users who share a display name, between whom the records decide. */
  user(person: Person): { slot: UserSlot; candidates: UserSlot[] } {
    return this.#userNames.find(person);
  }

  activity(name: string): ActivitySlot {
    let slot = this.#activitiesByName.get(name) ?? this.#activitiesLike.get(foldName(name));
    if (!slot) {
      slot = newSlot<ActivityRow>(this.activities.length, { name });
      this.activities.push(slot);
      this.#listActivity(slot);
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
    this.#listCustomer(name, slot);
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
    if ('customer' in slot) this.#listProject(name, slot);
    else this.#listCustomer(name, slot);
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
    if (!areAlike(nameOf(slot), name)) this.rename(slot, name);
    return slot;
  }

  #hasProject(customer: CustomerSlot, name: string): boolean {
    return this.#projectsByName.get(customer)?.has(foldName(name)) ?? false;
  }

  #addProject(slot: ProjectSlot): void {
    this.projects.push(slot);
    const list = this.#projectsOf.get(slot.customer);
    if (list) list.push(slot);
    else this.#projectsOf.set(slot.customer, [slot]);
    this.#listProject(nameOf(slot), slot);
  }

  #listCustomer(name: string, slot: CustomerSlot): void {
    listIn(this.#customersByName, foldName(name)).push(slot);
  }

  #listActivity(slot: ActivitySlot): void {
    const { name } = slot.row;
    this.#activitiesByName.set(name, slot);
    const key = foldName(name);
    if (!this.#activitiesLike.has(key)) this.#activitiesLike.set(key, slot);
  }

  #listProject(name: string, slot: ProjectSlot): void {
    let named = this.#projectsByName.get(slot.customer);
    if (!named) this.#projectsByName.set(slot.customer, (named = new Map()));
    listIn(named, foldName(name)).push(slot);
  }
}

/** Of names that look equal the one that is equal comes first. */
function exactFirst<S extends CustomerSlot | ProjectSlot>(
  slots: readonly S[] | undefined,
  name: string,
): readonly S[] {
  if (!slots || slots.length < 2) return slots ?? [];
  const isExact = (slot: S): boolean => nameOf(slot) === name;
  return [...slots.filter(isExact), ...slots.filter((slot) => !isExact(slot))];
}

const fits = (
  alias: { name: string; number: string },
  name: string,
  number: string | null,
): boolean =>
  areAlike(alias.name, name) &&
  (number === null || alias.number === '' || sameNumber(alias.number, number));
