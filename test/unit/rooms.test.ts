/** The order of the rooms: what `rooms.config.ts` says, held against every import of `src-main`. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { roomOf, rooms } from '../../rooms.config.ts';

const root = resolve(import.meta.dirname, '../..');

const files = readdirSync(join(root, 'src-main'), { recursive: true, encoding: 'utf8' })
  .map((file) => join('src-main', file))
  .filter((file) => file.endsWith('.ts'));

/** Every import of src-main: of types, of values, at once or later. */
const imports = files.flatMap((from) => {
  const text = readFileSync(join(root, from), 'utf8');
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.filter(({ fileName }) => fileName.startsWith('.'))
    .map(({ fileName }) => ({
      from,
      to: relative(root, resolve(root, dirname(from), fileName)),
    }))
    .filter(({ to }) => to.startsWith('src-'));
});

/** Imports that the table does not allow, as `file -> file`. */
function wrongImports(all: { from: string; to: string }[]): string[] {
  return all
    .filter(({ from, to }) => {
      const [room, other] = [roomOf(from), roomOf(to)];
      return room !== other && (other === null || room?.imports.includes(other.path) !== true);
    })
    .map(({ from, to }) => `${from} -> ${to}`);
}

/** A way back to where it started, if there is one. */
function findCycle(edges: { from: string; to: string }[]): string[] {
  const next = new Map<string, Set<string>>();
  for (const { from, to } of edges) {
    if (from !== to) next.set(from, (next.get(from) ?? new Set()).add(to));
  }
  const done = new Set<string>();
  function visit(node: string, way: string[]): string[] {
    if (way.includes(node)) return [...way.slice(way.indexOf(node)), node];
    if (done.has(node)) return [];
    for (const other of next.get(node) ?? []) {
      const cycle = visit(other, [...way, node]);
      if (cycle.length > 0) return cycle;
    }
    done.add(node);
    return [];
  }
  for (const node of next.keys()) {
    const cycle = visit(node, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}

describe('the table of rooms', () => {
  it('has a room for every file of src-main', () => {
    expect(files.filter((file) => roomOf(file)?.path.startsWith('src-main/') !== true)).toEqual([]);
  });

  it('lets a room import only rooms that stand before it', () => {
    const before: string[] = [];
    for (const { path, imports: allowed } of rooms) {
      expect(
        allowed.filter((other) => !before.includes(other)),
        `${path} imports`,
      ).toEqual([]);
      before.push(path);
    }
  });

  it('is the one of docs/architecture.md', () => {
    const doc = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
    const rows = doc
      .split('\n')
      .filter((line) => line.startsWith('| `src-'))
      .map((line) => line.split('|').map((cell) => cell.trim()));
    const cells = rooms.map(({ path, holds, imports: allowed, packages }) => [
      '',
      `\`${path}\``,
      holds,
      [allowed.map((other) => other.replace('src-main/', '')).join(', '), packages ?? '']
        .filter(Boolean)
        .join('; ') || 'nothing',
      '',
    ]);
    expect(rows).toEqual(cells);
  });
});

describe('the imports of src-main', () => {
  it('are all found', () => {
    expect(imports.length).toBeGreaterThan(400);
    expect(imports).toContainEqual({ from: 'src-main/app.ts', to: 'src-main/api/router.ts' });
    // A type's import counts too.
    expect(imports).toContainEqual({ from: 'src-main/context.ts', to: 'src-main/clock.ts' });
  });

  it('go to rooms that the table allows', () => {
    expect(wrongImports(imports)).toEqual([]);
  });

  it.each([
    ['src-main/store/settings.ts', 'src-main/api/router.ts'],
    ['src-main/secrets/share-key.ts', 'src-main/context.ts'],
    ['src-main/sign-in/sessions.ts', 'src-main/api/handlers.ts'],
    ['src-main/store/records/totals.ts', 'src-main/store/changes/edits.ts'],
    ['src-main/api/router.ts', 'src-main/api/handlers/shares.ts'],
    ['src-main/app.ts', 'src-main/program/log.ts'],
  ])('would be refused from %s to %s', (from, to) => {
    expect(wrongImports([{ from, to }])).toEqual([`${from} -> ${to}`]);
  });

  it('lead from no file back to itself', () => {
    expect(findCycle(imports)).toEqual([]);
  });

  it('lead from no folder back to itself', () => {
    const folder = (file: string): string => {
      const room = roomOf(file)?.path ?? file;
      // Files beside app.ts are rooms; those beside read-file.ts stand above or below its folders.
      const isAlone = room === file || dirname(file) === 'src-main/import/read';
      return isAlone ? file : dirname(file);
    };
    expect(
      findCycle(imports.map(({ from, to }) => ({ from: folder(from), to: folder(to) }))),
    ).toEqual([]);
  });

  it('would be seen to go round', () => {
    const edge = (from: string, to: string) => ({ from, to });
    expect(findCycle([edge('a', 'b'), edge('b', 'c'), edge('c', 'a')])).toEqual([
      'a',
      'b',
      'c',
      'a',
    ]);
    expect(findCycle([edge('a', 'b'), edge('a', 'c'), edge('b', 'c')])).toEqual([]);
  });
});
