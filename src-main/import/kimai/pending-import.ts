/** What a connected Kimai told and no import took over yet, as the parts of an import. */
import { dayNumber } from '../../../src-shared/domain/day.ts';
import type { ReadDb } from '../../store/db.ts';
import { readKimaiCatalog, type CatalogEntry } from '../../store/kimai/kimai-catalog.ts';
import { goneRecordIds, pendingRecords } from '../../store/kimai/kimai-records.ts';
import type {
  KimaiCatalog,
  KimaiKind,
  KimaiProject,
  KimaiRecord,
} from '../../store/kimai/kimai-rows.ts';
import { fullTraits, type FileTraits } from '../plan/file-traits.ts';
import type { ListContent } from '../plan/list-plan.ts';
import { unifyBreaks, unifyTags } from '../read/cells/text-cells.ts';
import type { RowBatch } from '../rows/batch.ts';
import { BatchWriter } from '../rows/batch-writer.ts';
import type { ImportCustomer, ImportProject, ImportRecord } from '../rows/types.ts';

export interface PendingImport {
  customers: ListContent;
  projects: ListContent;
  file: FileTraits;
  batches: RowBatch[];
  /** Stored records that Kimai has no more. */
  gone: number[];
}

export function readPending(db: ReadDb): PendingImport {
  const customers = readKimaiCatalog(db, 'customer');
  const projects = readKimaiCatalog(db, 'project');
  const rows = new Rows(db, customers, projects);
  const batches: RowBatch[] = [];
  const writer = new BatchWriter();
  for (const record of pendingRecords(db)) {
    writer.add(rows.recordOf(record));
    if (writer.isFull) batches.push(writer.take());
  }
  if (!writer.isEmpty) batches.push(writer.take());
  const customerNames = byId(customers);
  return {
    customers: {
      kind: 'customers',
      problems: [],
      entries: customers.filter(isNews).map((entry, index) => customerOf(entry, index + 1)),
    },
    projects: {
      kind: 'projects',
      problems: [],
      entries: projects.filter(isNews).flatMap((entry, index) => {
        const customer = customerNames.get(entry.details.customer)?.name;
        return customer === undefined ? [] : [projectOf(entry, customer, index + 1)];
      }),
    },
    file: fullTraits,
    batches,
    gone: goneRecordIds(db),
  };
}

const isNews = ({ isPending }: CatalogEntry<KimaiKind>): boolean => isPending;

const byId = <K extends KimaiKind>(entries: CatalogEntry<K>[]): Map<number, KimaiCatalog[K]> =>
  new Map(entries.map(({ kimaiId, details }) => [kimaiId, details]));

const customerOf = (
  { kimaiId, details }: CatalogEntry<'customer'>,
  line: number,
): ImportCustomer => ({ line, kimaiId, ...withoutUndefined(details), currency: details.currency! });

function projectOf(
  { kimaiId, details }: CatalogEntry<'project'>,
  customerName: string,
  line: number,
): ImportProject {
  const { customer: customerKimaiId, ...others } = details;
  return { line, kimaiId, ...withoutUndefined(others), customer: customerName, customerKimaiId };
}

/** JSON has none of them, the type does. */
const withoutUndefined = <T extends object>(value: T): T => ({ ...value });

class Rows {
  readonly #customers: Map<number, KimaiCatalog['customer']>;
  readonly #projects: Map<number, KimaiProject>;
  readonly #activities: Map<number, KimaiCatalog['activity']>;
  readonly #users: Map<number, KimaiCatalog['user']>;
  #line = 0;

  constructor(
    db: ReadDb,
    customers: CatalogEntry<'customer'>[],
    projects: CatalogEntry<'project'>[],
  ) {
    this.#customers = byId(customers);
    this.#projects = byId(projects);
    this.#activities = byId(readKimaiCatalog(db, 'activity'));
    this.#users = byId(readKimaiCatalog(db, 'user'));
  }

  /** A record whose names no list had is one of "Unknown" things, with Kimai's id for a name. */
  recordOf({ kimaiId, details, ...ids }: KimaiRecord): ImportRecord {
    const project = this.#projects.get(ids.project);
    const customer = project && this.#customers.get(project.customer);
    const user = this.#users.get(ids.user);
    const begin = localTime(details.begin);
    const end = details.end === null ? undefined : localTime(details.end);
    return {
      line: ++this.#line,
      kimaiId,
      day: begin.day,
      beginMin: begin.minute,
      endMin: end?.minute,
      running: ids.running,
      durationS: details.durationS,
      breakS: details.breakS,
      rateE4: details.rateE4,
      hourlyRateE4: details.hourlyRateE4,
      fixedRateE4: details.fixedRateE4,
      currency: customer?.currency,
      displayName: user?.displayName ?? `#${ids.user}`,
      login: user?.login,
      customer: customer?.name ?? `#${project?.customer ?? 0}`,
      customerNumber: customer?.number,
      project: project?.name ?? `#${ids.project}`,
      projectNumber: project?.number,
      projectKimaiId: ids.project,
      orderNumber: project?.orderNumber,
      activity: this.#activities.get(ids.activity)?.name ?? `#${ids.activity}`,
      description: unifyBreaks(details.description),
      exported: ids.exported,
      billable: details.billable,
      tags: unifyTags(details.tags.join(',')),
    };
  }
}

/** The day and minute that stand in `2026-09-14T22:30:00-0700`, whatever the zone. */
function localTime(text: string): { day: number; minute: number } {
  const [year, month, day, hour, minute] = text.slice(0, 16).split(/[-T:]/).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return { day: dayNumber(year, month, day) ?? 0, minute: hour * 60 + minute };
}
