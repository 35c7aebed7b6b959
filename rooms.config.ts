/**
 * The rooms of the house, from the ground up: what each holds and what it may import. This is the
 * one table: `eslint.config.js` makes its import rules of it, `test/unit/rooms.test.ts` holds it
 * against every import of `src-main`, and against the table of docs/architecture.md.
 *
 * A room may only import rooms above it in this list, so no room can need what needs it.
 */
export interface Room {
  /** A folder, or a file, of the repository. A room's folders that are rooms themselves are not in it. */
  path: string;
  holds: string;
  /** Paths of rooms that stand before it. */
  imports: readonly string[];
  /** What it imports from elsewhere, for the reader. Packages have lint rules of their own. */
  packages?: string;
}

const store = [
  'src-main/store',
  'src-main/store/records',
  'src-main/store/catalog',
  'src-main/store/changes',
  'src-main/store/shares',
];
const foundations = ['src-shared', 'src-main/clock.ts', 'src-main/log.ts'];

export const rooms: readonly Room[] = [
  {
    path: 'src-shared',
    holds:
      'what is true for all: the contract (the admin API), the table of errors, `domain/` (money, duration, day, period, budgets), `sealed-page/` (keys and files of pages that are always on)',
    imports: [],
    packages: 'zod; @noble/ciphers and @noble/hashes in `sealed-page/`; no Node, no DOM',
  },
  {
    path: 'src-server',
    holds: 'the public portal: `createPortal(deps)` answers requests by Koa and binds no port',
    imports: ['src-shared'],
    packages: 'koa, svelte; it reads through the `PortalSource` that it declares itself',
  },
  {
    path: 'src-renderer',
    holds: "the owner's app in Svelte 5",
    imports: ['src-shared'],
    packages: 'svelte; no Node',
  },
  {
    path: 'src-viewer',
    holds: "a page that is always on in the client's browser: opens sealed files and renders them",
    imports: ['src-shared', 'src-server'],
    packages: '@noble/hashes; no Node',
  },
  { path: 'src-main/clock.ts', holds: 'what time it is, as an argument', imports: [] },
  { path: 'src-main/log.ts', holds: 'lines for whoever runs the program', imports: [] },
  {
    path: 'src-main/async',
    holds: 'one job after the other; calls to a worker and their answers',
    imports: foundations,
  },
  {
    path: 'src-main/secrets',
    holds: 'the secrets of a data folder; keys of shares, sealed and as digests',
    imports: foundations,
  },
  {
    path: 'src-main/http',
    holds: 'binds ports, reads and answers JSON',
    imports: foundations,
  },
  {
    path: 'src-main/passwords',
    holds: 'scrypt in a worker, passphrases',
    imports: [...foundations, 'src-server', 'src-main/async'],
    packages: 'scrypt-js; only types of src-server',
  },
  {
    path: 'src-main/sample',
    holds: 'made-up data of a believable business, up to today',
    imports: foundations,
  },
  {
    path: 'src-main/store/migrations',
    holds: 'the schema, in steps numbered by ten',
    imports: ['src-shared'],
  },
  {
    path: 'src-main/store',
    holds:
      'SQLite: opening, migrating, locking the folder, connections that read or write, settings, profiles, what portal pages read, the access journal',
    imports: [
      ...foundations,
      'src-server',
      'src-main/async',
      'src-main/secrets',
      'src-main/store/migrations',
    ],
    packages: 'better-sqlite3; only types of src-server',
  },
  {
    path: 'src-main/store/bulk',
    holds: 'many new rows at once, by way of a file that SQLite copies from (ADR 110)',
    imports: [...foundations, 'src-main/store'],
  },
  {
    path: 'src-main/store/records',
    holds: 'time records: statements, lists, sums by day',
    imports: [...foundations, 'src-main/store', 'src-main/store/bulk'],
  },
  {
    path: 'src-main/store/catalog',
    holds: 'customers, projects, users, activities and their other names',
    imports: [...foundations, 'src-main/store'],
  },
  {
    path: 'src-main/store/changes',
    holds: 'edits, merges and imports, and how each is taken back',
    imports: [
      ...foundations,
      'src-main/store',
      'src-main/store/records',
      'src-main/store/bulk',
      'src-main/store/catalog',
    ],
  },
  {
    path: 'src-main/store/shares',
    holds: 'shares, their view log, what becomes public with one',
    imports: [...foundations, 'src-main/secrets', 'src-main/store', 'src-main/store/catalog'],
  },
  {
    path: 'src-main/store/kimai',
    holds: 'what a connected Kimai told last, and what of it no import took over yet',
    imports: [...foundations, 'src-main/store'],
  },
  {
    path: 'src-main/context.ts',
    holds: 'what the features below share',
    imports: [...foundations, 'src-main/secrets', 'src-main/store'],
  },
  {
    path: 'src-main/backup',
    holds:
      'backups of everything: made, kept, put back; the one sealed file that moves to another computer',
    imports: [
      ...foundations,
      'src-main/async',
      'src-main/secrets',
      'src-main/store',
      'src-main/context.ts',
    ],
  },
  {
    path: 'src-main/import/rows',
    holds: 'rows of a file on their way through an import, packed',
    imports: [...foundations, ...store],
  },
  {
    path: 'src-main/import/read',
    holds: 'bytes of a file become rows or problems, with line numbers',
    imports: [...foundations, 'src-main/import/rows'],
  },
  {
    path: 'src-main/import/plan',
    holds: 'rows are matched with the store: new, changed, unchanged, removed',
    imports: [...foundations, ...store, 'src-main/import/rows'],
  },
  {
    path: 'src-main/import/kimai',
    holds: 'what a connected Kimai told becomes rows of an import',
    imports: [
      ...foundations,
      ...store,
      'src-main/store/kimai',
      'src-main/import/rows',
      'src-main/import/read',
      'src-main/import/plan',
    ],
  },
  {
    path: 'src-main/import/write',
    holds: 'a plan becomes records, customers and projects; and back',
    imports: [
      ...foundations,
      ...store,
      'src-main/store/bulk',
      'src-main/import/rows',
      'src-main/import/plan',
    ],
  },
  {
    path: 'src-main/import/preview',
    holds: 'a plan as the owner sees it before the commit',
    imports: [...foundations, ...store, 'src-main/import/rows', 'src-main/import/plan'],
  },
  {
    path: 'src-main/import/jobs',
    holds: 'imports from the upload to the commit, in two workers; the watched folder',
    imports: [
      ...foundations,
      ...store,
      'src-main/async',
      'src-main/store/bulk',
      'src-main/store/kimai',
      'src-main/context.ts',
      'src-main/backup',
      'src-main/import/rows',
      'src-main/import/read',
      'src-main/import/plan',
      'src-main/import/kimai',
      'src-main/import/write',
      'src-main/import/preview',
    ],
  },
  {
    path: 'src-main/ssh',
    holds: "what is known about SSH servers: a server's key is pinned at the first connection",
    imports: foundations,
  },
  {
    path: 'src-main/always-on/targets',
    holds: 'web spaces that take files: folder, SFTP, WebDAV, FTP over TLS, S3; their check',
    imports: [...foundations, 'src-main/async', 'src-main/ssh'],
    packages: 'ssh2, basic-ftp, aws4fetch, saxes',
  },
  {
    path: 'src-main/tunnels',
    holds:
      'ways to the portal from anywhere: SSH, cloudflared (fetched if the owner wants it), Tailscale; kept up as long as they are wanted',
    imports: [...foundations, 'src-main/ssh'],
    packages: 'ssh2, nanotar',
  },
  {
    path: 'src-main/always-on',
    holds:
      'shares as encrypted files on a web space: what is uploaded, when, and what goes again; snapshots',
    imports: [
      ...foundations,
      'src-server',
      'src-viewer',
      'src-main/async',
      'src-main/secrets',
      'src-main/passwords',
      'src-main/store',
      'src-main/context.ts',
      'src-main/always-on/targets',
    ],
    packages: 'zod; only types of src-viewer, whose script the build puts in',
  },
  {
    path: 'src-main/publish',
    holds:
      'puts the portal on a port, in this network or at the end of a tunnel, and knows whether clients reach it',
    imports: [
      ...foundations,
      'src-server',
      'src-main/async',
      'src-main/secrets',
      'src-main/http',
      'src-main/store',
      'src-main/context.ts',
      'src-main/tunnels',
    ],
    packages: 'bonjour-service',
  },
  {
    path: 'src-main/sync',
    holds:
      'reads a Kimai over its API, never writes there, and lets the import take over what is new',
    imports: [
      ...foundations,
      'src-main/async',
      'src-main/secrets',
      'src-main/store',
      'src-main/store/kimai',
      'src-main/context.ts',
      'src-main/import/jobs',
    ],
    packages: 'zod',
  },
  {
    path: 'src-main/sign-in',
    holds: 'who is at which window, and how often somebody may try',
    imports: [
      ...foundations,
      'src-main/async',
      'src-main/passwords',
      'src-main/store',
      'src-main/context.ts',
    ],
  },
  {
    path: 'src-main/api',
    holds: 'the router: permission, input, queue, output',
    imports: [...foundations, 'src-main/sign-in', 'src-main/store'],
  },
  {
    path: 'src-main/api/handlers',
    holds: 'a file of queries and one of changes for each part of the contract',
    imports: [
      ...foundations,
      'src-main/sample',
      ...store,
      'src-server',
      'src-main/passwords',
      'src-main/context.ts',
      'src-main/backup',
      'src-main/always-on',
      'src-main/import/rows',
      'src-main/import/jobs',
      'src-main/publish',
      'src-main/sync',
      'src-main/sign-in',
      'src-main/api',
    ],
  },
  {
    path: 'src-main/app.ts',
    holds: 'builds all of the above on a data folder',
    imports: [
      ...foundations,
      ...store,
      'src-server',
      'src-main/secrets',
      'src-main/passwords',
      'src-main/context.ts',
      'src-main/backup',
      'src-main/always-on',
      'src-main/import/jobs',
      'src-main/publish',
      'src-main/sync',
      'src-main/sign-in',
      'src-main/api',
      'src-main/api/handlers',
    ],
  },
  {
    path: 'src-main/program',
    holds:
      'what the three hosts share: arguments, data folder, log, texts, the control endpoint, sample data',
    imports: [
      ...foundations,
      'src-server',
      'src-main/secrets',
      'src-main/http',
      'src-main/sample',
      'src-main/store',
      'src-main/context.ts',
      'src-main/api',
      'src-main/app.ts',
    ],
  },
  {
    path: 'src-main/electron',
    holds: 'the desktop shell; the only room that imports `electron`',
    imports: [...foundations, 'src-main/secrets', 'src-main/app.ts', 'src-main/program'],
    packages: 'electron',
  },
  {
    path: 'src-main/browser-host',
    holds:
      'the same program without Electron: HTTP on 127.0.0.1, server-sent events, the built page',
    imports: [...foundations, 'src-main/http', 'src-main/app.ts', 'src-main/program'],
  },
  {
    path: 'src-main/cli',
    holds: 'the command line over the contract',
    imports: [...foundations, 'src-main/program'],
  },
];

/** The room of a file: the longest path that it lies in. Null: none. */
export function roomOf(file: string): Room | null {
  const inside = rooms.filter(({ path }) => file === path || file.startsWith(`${path}/`));
  return inside.reduce<Room | null>(
    (longest, room) =>
      longest === null || room.path.length > longest.path.length ? room : longest,
    null,
  );
}

/** The same table as zones of the lint rule `import-x/no-restricted-paths`. */
export function restrictedZones(): { target: string; from: string; message: string }[] {
  return rooms.flatMap((room) =>
    rooms
      .filter((other) => other !== room && !room.imports.includes(other.path))
      .map((other) => ({
        target: pattern(room),
        from: pattern(other),
        message: `${room.path} may not import ${other.path} (rooms.config.ts, docs/architecture.md).`,
      })),
  );
}

/** Of a room with rooms inside only its own files. */
function pattern({ path }: Room): string {
  const hasInner = rooms.some((other) => other.path.startsWith(`${path}/`));
  return hasInner ? `./${path}/*.ts` : `./${path}`;
}
