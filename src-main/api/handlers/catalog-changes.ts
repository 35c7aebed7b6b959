import type { catalogMethods } from '../../../src-shared/contract/catalog.ts';
import { AppError } from '../../../src-shared/errors.ts';
import type { AppContext } from '../../context.ts';
import { readRow } from '../../store/catalog/entity-rows.ts';
import { Edit, undoEdit } from '../../store/changes/edits.ts';
import { mergeCustomers, mergeProjects } from '../../store/changes/merge.ts';
import { editRecords } from '../../store/changes/record-edits.ts';
import type { WriteDb } from '../../store/db.ts';
import { removeFilter, saveFilter } from '../../store/saved-filters.ts';
import type { ChangesOf } from '../handlers.ts';
import { columnOf } from './catalog-columns.ts';

/** Edits of customers, projects and records; each can be taken back. */
export function createCatalogChanges(context: AppContext): ChangesOf<typeof catalogMethods> {
  const { store, clock, changed } = context;

  /** Runs an edit in one transaction; returns what `changes.undo` takes. */
  function edit(what: string, work: (edit: Edit) => void): { undoId: number } {
    const undoId = store
      .transaction(() => {
        const step = new Edit(store);
        work(step);
        return step.finish(what, clock.now().getTime());
      })
      .immediate();
    changed('catalog', 'imports', 'shares');
    return { undoId };
  }

  return {
    'customers.update': ({ id, patch }) =>
      edit('customers.update', (step) => updateEntity(step, store, 'customers', id, patch)),
    'customers.merge': ({ fromId, intoId }) =>
      edit('customers.merge', (step) => mergeCustomers(store, step, fromId, intoId)),
    'projects.update': ({ id, patch }) =>
      edit('projects.update', (step) => updateEntity(step, store, 'projects', id, patch)),
    'projects.merge': ({ fromId, intoId }) =>
      edit('projects.merge', (step) => mergeProjects(store, step, fromId, intoId)),
    'records.update': ({ ids, patch }) =>
      edit('records.update', (step) => editRecords(store, step, ids, patch)),
    'records.saveFilter': (filter) => {
      saveFilter(store, filter);
      changed('settings');
      return {};
    },
    'records.removeFilter': ({ name }) => {
      removeFilter(store, name);
      changed('settings');
      return {};
    },
    'changes.undo': ({ undoId }) => {
      const now = clock.now().getTime();
      store.transaction(() => undoEdit(store, undoId, now)).immediate();
      changed('catalog', 'imports', 'shares');
      return {};
    },
  };
}

/** Columns that differ are noted as edited, so that imports leave them alone. Throws `not_found`. */
function updateEntity(
  step: Edit,
  store: WriteDb,
  table: 'customers' | 'projects',
  id: number,
  patch: Partial<Record<keyof typeof columnOf, unknown>>,
): void {
  const row = readRow(store, table, id);
  if (!row) throw new AppError('not_found');
  const values: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(patch)) {
    const column = columnOf[field as keyof typeof columnOf];
    const stored = typeof value === 'boolean' ? Number(value) : value;
    if (value !== undefined && row[column as keyof typeof row] !== stored) values[column] = stored;
  }
  const edited = new Set([...row.edited.split(','), ...Object.keys(values)].filter(Boolean));
  step.update(table, [id], { ...values, edited: [...edited].sort().join(',') });
}
