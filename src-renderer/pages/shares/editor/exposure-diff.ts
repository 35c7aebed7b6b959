import type { Output } from '../../../../src-shared/contract.ts';
import { exposureFields, type ExposureField } from '../../../../src-shared/contract/shares.ts';

export type Exposure = Output<'shares.exposure'>;

/** One line of the list "what becomes public". */
export interface ExposureLine {
  key: 'access' | 'projects' | 'records' | 'period' | ExposureField;
  /** False: stays hidden. */
  isPublic: boolean;
  /** Public with this form, not yet with what is saved. */
  isNew: boolean;
  /** Public with what is saved, no longer with this form. */
  isGone: boolean;
  /** Names that come on top of what is saved: projects, people. */
  added: string[];
}

/** Whether the page opens without a password. */
export interface Access {
  hasPassword: boolean;
}

/**
 * Compares what the form would make public with what the saved share shows. `saved` is null for a
 * share that was never saved: then nothing counts as new, since everything would.
 */
export function exposureLines(
  now: Exposure & Access,
  saved: (Exposure & Access) | null,
): ExposureLine[] {
  const projects = saved === null ? [] : addedProjects(now, saved);
  return [
    line('access', !now.hasPassword, saved && !saved.hasPassword),
    withNames('projects', now.projects.length > 0, saved && saved.projects.length > 0, projects),
    line('records', now.records > 0, saved && saved.records >= now.records),
    line('period', now.firstDay !== null, saved && covers(saved, now)),
    ...exposureFields.map((field) => {
      const users = field === 'users' && saved !== null ? addedUsers(now, saved) : [];
      const was = saved && saved.fields.includes(field);
      return withNames(field, now.fields.includes(field), was, users);
    }),
  ];
}

/** `was`: whether the saved share shows as much already; null: there is none. */
function line(key: ExposureLine['key'], isPublic: boolean, was: boolean | null): ExposureLine {
  return {
    key,
    isPublic,
    isNew: isPublic && was === false,
    isGone: !isPublic && was === true,
    added: [],
  };
}

function withNames(
  key: ExposureLine['key'],
  isPublic: boolean,
  was: boolean | null,
  added: string[],
): ExposureLine {
  const plain = line(key, isPublic, was);
  return isPublic && added.length > 0 ? { ...plain, isNew: true, added } : plain;
}

function addedProjects(now: Exposure, saved: Exposure): string[] {
  const before = new Set(saved.projects.map((p) => p.id));
  return now.projects.filter((p) => !before.has(p.id)).map((p) => p.name);
}

function addedUsers(now: Exposure, saved: Exposure): string[] {
  if (!now.fields.includes('users')) return [];
  const before = new Set(saved.fields.includes('users') ? saved.users : []);
  return now.users.filter((user) => !before.has(user));
}

/** Whether the saved share's days include all of the form's. */
function covers(saved: Exposure, now: Exposure): boolean {
  if (now.firstDay === null || now.lastDay === null) return true;
  if (saved.firstDay === null || saved.lastDay === null) return false;
  return saved.firstDay <= now.firstDay && saved.lastDay >= now.lastDay;
}
