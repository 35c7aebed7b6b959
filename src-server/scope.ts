import { includesProject, type ScopedShare } from '../src-shared/domain/share-scope.ts';
import type { PortalProject } from './source.ts';

/** The projects of a page: the one argument of every query for its records. */
export interface Scope {
  /** In the order of the page: archived ones last, then the owner's order, then by name. */
  projects: PortalProject[];
  projectIds: number[];
}

/**
 * The exact projects that a share shows. `projects`: all of the share's customer. A project
 * outside of it is not there for the client: no row, no sum, no budget, no page of its own.
 */
export function scopeOf(share: ScopedShare, projects: readonly PortalProject[]): Scope {
  return makeScope(projects.filter((project) => includesProject(share, project)));
}

/** The scope of one project's page; null if the project is not part of the share. */
export function narrowScope(scope: Scope, projectId: number): Scope | null {
  const project = scope.projects.find(({ id }) => id === projectId);
  return project ? makeScope([project]) : null;
}

// Names as in a dictionary, in the same order in every language of the page.
const names = new Intl.Collator('en');

function makeScope(projects: PortalProject[]): Scope {
  const ordered = projects.toSorted(
    (a, b) =>
      Number(b.visible) - Number(a.visible) ||
      a.sortOrder - b.sortOrder ||
      names.compare(a.name, b.name) ||
      a.id - b.id,
  );
  return { projects: ordered, projectIds: ordered.map(({ id }) => id) };
}
