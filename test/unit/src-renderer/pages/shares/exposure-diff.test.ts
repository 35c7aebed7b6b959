import { describe, expect, it } from 'vitest';
import {
  exposureLines,
  type Access,
  type Exposure,
} from '../../../../../src-renderer/pages/shares/editor/exposure-diff.ts';

const saved: Exposure & Access = {
  hasPassword: true,
  projects: [{ id: 1, name: 'Website', archived: false }],
  excluded: [{ id: 2, name: 'Secret' }],
  users: ['Amina'],
  records: 10,
  firstDay: '2026-01-05',
  lastDay: '2026-11-20',
  fields: ['descriptions', 'durations'],
};

/** Keys of the lines that are new, or gone, with the names that come on top. */
function news(now: Partial<Exposure & Access>, before: (Exposure & Access) | null = saved) {
  const lines = exposureLines({ ...saved, ...now }, before);
  return {
    fresh: lines.filter((l) => l.isNew).map((l) => [l.key, ...l.added].join(':')),
    gone: lines.filter((l) => l.isGone).map((l) => l.key),
  };
}

describe('exposure', () => {
  it('has nothing new while nothing changed', () => {
    expect(news({})).toEqual({ fresh: [], gone: [] });
  });

  it('calls nothing new in a share that was never saved', () => {
    expect(news({ fields: ['rates'] }, null)).toEqual({ fresh: [], gone: [] });
  });

  it('names new kinds of facts, and those that go', () => {
    expect(news({ fields: ['durations', 'rates'] })).toEqual({
      fresh: ['rates'],
      gone: ['descriptions'],
    });
  });

  it('names projects and people that come on top', () => {
    expect(
      news({
        projects: [...saved.projects, { id: 2, name: 'Secret', archived: false }],
        fields: [...saved.fields, 'users'],
      }),
    ).toEqual({ fresh: ['projects:Secret', 'users:Amina'], gone: [] });
  });

  it('names a person who comes with more records though users were shown before', () => {
    const before = { ...saved, fields: [...saved.fields, 'users' as const] };
    expect(news({ fields: before.fields, users: ['Amina', 'Tom'] }, before).fresh).toEqual([
      'users:Tom',
    ]);
  });

  it('never takes people for public while users are hidden', () => {
    const lines = exposureLines({ ...saved, users: ['Amina', 'Tom'] }, saved);
    expect(lines.find((l) => l.key === 'users')).toMatchObject({ isPublic: false, added: [] });
  });

  it('knows that removing the password opens the page', () => {
    expect(news({ hasPassword: false }).fresh).toEqual(['access']);
    expect(news({}, { ...saved, hasPassword: false }).gone).toEqual(['access']);
  });

  it('compares records and days', () => {
    expect(news({ records: 11, firstDay: '2025-12-31' }).fresh).toEqual(['records', 'period']);
    expect(news({ records: 9, firstDay: '2026-02-01' }).fresh).toEqual([]);
    expect(news({ records: 0, firstDay: null, lastDay: null }).gone).toEqual(['records', 'period']);
  });
});
