/** What a share may be, and what it would show: checked on the main side, whatever the UI shows. */
import type { Output } from '../../../src-shared/contract.ts';
import type { ShareDraft } from '../../../src-shared/contract/shares.ts';
import { localDay, parseDay, type DayNumber } from '../../../src-shared/domain/day.ts';
import { recordFilter } from '../../../src-shared/domain/share-scope.ts';
import { isOver } from '../../../src-shared/domain/share-state.ts';
import { exposedFields } from '../../../src-shared/domain/visibility.ts';
import { AppError } from '../../../src-shared/errors.ts';
import { findLocale } from '../../../src-server/locale.ts';
import { scopeOf } from '../../../src-server/scope.ts';
import type { PortalProject, PortalShare, PortalSource } from '../../../src-server/source.ts';
import { countExposedRecords, listExposedUsers } from '../../store/shares/exposure.ts';
import type { ReadDb } from '../../store/db.ts';

/**
 * Checks what a schema cannot: that projects are the customer's, that the expiry is not over, and
 * so on. `savedExpiry`: the stored last day, which may be over. Returns the draft as it is stored.
 * Throws `not_found` (no such customer) and `invalid_input` with the field.
 */
export function checkShareDraft(
  draft: ShareDraft,
  source: Pick<PortalSource, 'customer' | 'projects'>,
  today: DayNumber,
  savedExpiry: string | null = null,
): ShareDraft {
  if (source.customer(draft.customerId) === null) throw new AppError('not_found');
  const own = new Set(source.projects(draft.customerId).map(({ id }) => id));
  const check = (field: string, isValid: boolean): void => {
    if (!isValid) throw new AppError('invalid_input', { field });
  };
  check('projectId', draft.projectId === null || own.has(draft.projectId));
  check(
    'projectIds',
    draft.projectIds.every((id) => own.has(id)),
  );
  const { range, locale } = draft.options;
  const isReversed =
    range.kind === 'fixed' &&
    range.firstDay !== null &&
    range.lastDay !== null &&
    range.firstDay > range.lastDay;
  check('options.range', !isReversed);
  check('options.locale', findLocale(locale) !== null);
  const isPast = isOver(draft.expiresDay === null ? null : parseDay(draft.expiresDay), today);
  check('expiresDay', !isPast || draft.expiresDay === savedExpiry);
  // A project's share has no list; of a customer's share it is kept while "all" is chosen.
  return draft.projectId === null ? draft : { ...draft, projectIds: [] };
}

/** The share that a draft would be; it has no link, so it needs no password. */
export function shareOfDraft(draft: ShareDraft): PortalShare {
  return {
    id: 0,
    customerId: draft.customerId,
    projectId: draft.projectId,
    projectIds: draft.projectIds,
    options: draft.options,
    passwordHash: null,
    passwordVersion: 0,
    sessionVersion: 0,
    paused: false,
    expiresDay: null,
  };
}

/** What becomes public with a draft. Throws `not_found` if there is no such customer. */
export function describeExposure(
  draft: ShareDraft,
  source: PortalSource,
  readStore: ReadDb,
  now: Date,
): Output<'shares.exposure'> {
  if (source.customer(draft.customerId) === null) throw new AppError('not_found');
  const all = source.projects(draft.customerId);
  const { projects, projectIds } = scopeOf(shareOfDraft(draft), all);
  const shared = new Set(projectIds);
  const which = { projectIds, ...recordFilter(draft, localDay(now)) };
  return {
    projects: projects.map(({ id, name, visible }) => ({ id, name, archived: !visible })),
    excluded: all
      .filter(({ id }) => !shared.has(id))
      .map(nameOf)
      .sort((a, b) => names.compare(a.name, b.name)),
    users: draft.options.showUser ? listExposedUsers(readStore, which) : [],
    ...countExposedRecords(readStore, which),
    fields: exposedFields(draft.options),
  };
}

// As in the portal: the same order in every language.
const names = new Intl.Collator('en');

const nameOf = ({ id, name }: PortalProject): { id: number; name: string } => ({ id, name });
