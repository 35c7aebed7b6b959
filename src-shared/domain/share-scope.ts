/**
 * What belongs to a share: which projects, and which of their records. The portal's queries, the
 * list of what a share makes public and the preview of an import all ask here.
 */
import type { ShareOptions } from '../contract/shares.ts';
import type { DayNumber } from './day.ts';
import { visibleDays, type DayRange } from './period.ts';

/** The part of a share that says what belongs to it. */
export interface ScopedShare {
  customerId: number;
  /** Null: a share of the whole customer. */
  projectId: number | null;
  /** The hand-picked projects; they count only if `options.projectSelection` is `selected`. */
  projectIds: readonly number[];
  options: Pick<ShareOptions, 'projectSelection' | 'includeArchived' | 'range' | 'onlyBillable'>;
}

export interface ScopedProject {
  id: number;
  customerId: number;
  /** False: archived. */
  visible: boolean;
}

/** Which records of a share's projects belong to it; both days are included. */
export interface RecordFilter extends DayRange {
  onlyBillable: boolean;
}

/**
 * Whether a project belongs to a share. A share of one project keeps it when it is archived; a
 * share of a customer may leave archived projects out.
 */
export function includesProject(share: ScopedShare, project: ScopedProject): boolean {
  if (project.customerId !== share.customerId) return false;
  if (share.projectId !== null) return project.id === share.projectId;
  if (!project.visible && !share.options.includeArchived) return false;
  return share.options.projectSelection === 'all' || share.projectIds.includes(project.id);
}

/** Days and kinds of records that belong to a share on the day `today`. */
export const recordFilter = (
  { options }: Pick<ScopedShare, 'options'>,
  today: DayNumber,
): RecordFilter => ({
  ...visibleDays(options.range, today),
  onlyBillable: options.onlyBillable,
});

/** Whether a record of one of the share's projects belongs to it. Hidden records never do. */
export const passesFilter = (
  filter: RecordFilter,
  record: { day: DayNumber; billable: boolean },
): boolean =>
  record.day >= filter.firstDay &&
  record.day <= filter.lastDay &&
  (record.billable || !filter.onlyBillable);
