/** Customers or projects that are the same under two names become one. */
import { AppError } from '../../../src-shared/errors.ts';
import type { Edit } from './edits.ts';
import {
  aliasesOfCustomer,
  aliasesOfProjects,
  projectsOfCustomer,
  readRow,
  type CustomerAliasRow,
  type CustomerRow,
  type ProjectAliasRow,
  type ProjectRow,
} from '../catalog/entity-rows.ts';
import type { WriteDb } from '../db.ts';

function bothRows<T extends 'customers' | 'projects'>(
  db: WriteDb,
  table: T,
  fromId: number,
  intoId: number,
): [NonNullable<ReturnType<typeof readRow<T>>>, NonNullable<ReturnType<typeof readRow<T>>>] {
  const from = readRow(db, table, fromId);
  const into = readRow(db, table, intoId);
  if (!from || !into) throw new AppError('not_found');
  if (fromId === intoId) throw new AppError('merge_with_itself');
  return [from, into];
}

/**
 * Moves records, shares and names of a project to another one; exports that still have the old
 * name then mean the new one. Throws `not_found`, `merge_with_itself`; `merge_two_currencies` for
 * projects of customers with different currencies.
 */
export function mergeProjects(db: WriteDb, edit: Edit, fromId: number, intoId: number): void {
  const [from, into] = bothRows(db, 'projects', fromId, intoId);
  if (from.customer_id !== into.customer_id) {
    const [a, b] = bothRows(db, 'customers', from.customer_id, into.customer_id);
    shareCurrency(edit, a, b);
  }
  joinProjects(db, edit, from, into);
}

/**
 * Moves projects, records, shares and names of a customer to another one; projects with equal
 * names (and numbers, where both have one) become one. Throws as `mergeProjects` does.
 */
export function mergeCustomers(db: WriteDb, edit: Edit, fromId: number, intoId: number): void {
  const [from, into] = bothRows(db, 'customers', fromId, intoId);
  shareCurrency(edit, from, into);
  const shares = db
    .prepare<[customerId: number], number>('SELECT id FROM shares WHERE customer_id = ?')
    .pluck()
    .all(fromId);
  for (const id of shares) edit.update('shares', [id], { customer_id: intoId });
  const theirs = projectsOfCustomer(db, intoId);
  for (const project of projectsOfCustomer(db, fromId)) {
    const same = theirs.find(
      (one) =>
        one.name === project.name &&
        (one.number === null || project.number === null || one.number === project.number),
    );
    if (same) joinProjects(db, edit, project, same);
    else edit.update('projects', [project.id], { customer_id: intoId });
  }
  moveAliases(edit, 'project_aliases', aliasesOfProjects(db, 'customer_id', fromId), {
    customer_id: intoId,
  });
  moveAliases(edit, 'customer_aliases', aliasesOfCustomer(db, fromId), { customer_id: intoId });
  edit.insert('customer_aliases', {
    name: from.name,
    number: from.number ?? '',
    customer_id: intoId,
  });
  edit.delete('customers', [fromId]);
}

function joinProjects(db: WriteDb, edit: Edit, from: ProjectRow, into: ProjectRow): void {
  edit.moveRecords(from.id, into.id);
  const shares = db
    .prepare<[projectId: number], number>('SELECT id FROM shares WHERE project_id = ?')
    .pluck()
    .all(from.id);
  for (const id of shares) {
    edit.update('shares', [id], { project_id: into.id, customer_id: into.customer_id });
  }
  const picked = db
    .prepare<[projectId: number], { share_id: number; customer_id: number }>(
      `SELECT share_id, customer_id FROM share_projects
       JOIN shares ON shares.id = share_id WHERE share_projects.project_id = ?`,
    )
    .all(from.id);
  for (const share of picked) {
    edit.delete('share_projects', [share.share_id, from.id]);
    // A list of picked projects shows the same records as before, and never another customer's project.
    if (share.customer_id === into.customer_id) {
      edit.insert('share_projects', { share_id: share.share_id, project_id: into.id });
    }
  }
  moveAliases(edit, 'project_aliases', aliasesOfProjects(db, 'project_id', from.id), {
    project_id: into.id,
  });
  const alias = { name: from.name, number: from.number ?? '', project_id: into.id };
  edit.insert('project_aliases', { customer_id: from.customer_id, ...alias });
  edit.delete('projects', [from.id]);
}

/** Money of two currencies is never added up. One that has none yet takes the other's. */
function shareCurrency(edit: Edit, from: CustomerRow, into: CustomerRow): void {
  if (from.currency === null || from.currency === into.currency) return;
  if (into.currency !== null) {
    throw new AppError('merge_two_currencies', { from: from.currency, into: into.currency });
  }
  edit.update('customers', [into.id], { currency: from.currency });
}

type AliasTable = 'customer_aliases' | 'project_aliases';

function moveAliases(
  edit: Edit,
  table: AliasTable,
  aliases: (CustomerAliasRow | ProjectAliasRow)[],
  patch: Record<string, number>,
): void {
  for (const alias of aliases) {
    const key =
      'project_id' in alias
        ? [alias.customer_id, alias.name, alias.number]
        : [alias.name, alias.number];
    edit.delete(table, key);
    edit.insert(table, { ...alias, ...patch });
  }
}
