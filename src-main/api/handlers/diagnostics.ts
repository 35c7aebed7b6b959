import { readdirSync, statfsSync, statSync } from 'node:fs';
import { arch, cpus, homedir, platform, release, totalmem, userInfo } from 'node:os';
import { join } from 'node:path';
import {
  maxLogEntries,
  type diagnosticsMethods,
} from '../../../src-shared/contract/diagnostics.ts';
import type { Output } from '../../../src-shared/contract.ts';
import type { QueryContext } from '../../context.ts';
import { parseLog, type KeptLog, type LogEntry } from '../../log.ts';
import { describeStore, schemaVersion } from '../../store/copies.ts';
import type { QueriesOf } from '../handlers.ts';
import { readSettings } from './app.ts';
import { readDesktopSettings } from './desktop.ts';

/** So much of the log is looked at. */
const maxLogBytes = 512 * 1024;
/** So many entries of it go with the diagnostics. */
const sentEntries = 200;

export interface DiagnosticsOptions {
  host: 'electron' | 'browser' | 'cli';
  version: string;
  readLog: KeptLog['read'];
  /** Unforeseen errors since the start. */
  unexpected(): number;
  publishing(): Pick<Output<'publish.status'>, 'state' | 'reach'>;
}

/** What the program noted, and what whoever is asked for help wants to know. */
export function createDiagnosticsQueries(
  context: QueryContext,
  options: DiagnosticsOptions,
): QueriesOf<typeof diagnosticsMethods> {
  const readEntries = (): LogEntry[] => parseLog(options.readLog(maxLogBytes));
  return {
    'app.log': ({ level }) => ({
      entries: readEntries()
        .filter((entry) => level === 'info' || entry.level === level)
        .slice(-maxLogEntries)
        .reverse(),
    }),
    'app.diagnostics': () => {
      const now = context.clock.now().toISOString();
      const text = [
        `Customer Portal: diagnostics of ${now}`,
        ...section('Program', programFacts(options)),
        ...section('Computer', computerFacts()),
        ...section('Data folder', folderFacts(context.dataDir)),
        ...section('Data', dataFacts(context)),
        ...section('Settings', {
          ...readSettings(context.readStore),
          ...readDesktopSettings(context.readStore),
        }),
        '',
        `Log, the last ${sentEntries} entries at most`,
        ...readEntries()
          .slice(-sentEntries)
          .map(({ at, level, text }) => `${new Date(at).toISOString()} ${level} ${text}`),
        '',
      ].join('\n');
      return {
        fileName: `customer-portal-diagnostics-${now.slice(0, 10)}.txt`,
        text: withoutPaths(text, context.dataDir),
      };
    },
  };
}

type Facts = Record<string, string | number | boolean | null>;

const section = (title: string, facts: Facts): string[] => [
  '',
  title,
  ...Object.entries(facts).map(([name, value]) => `  ${name}: ${value ?? 'none'}`),
];

function programFacts({ version, host, unexpected, publishing }: DiagnosticsOptions): Facts {
  const { node, electron } = process.versions as { node: string; electron?: string };
  const { state, reach } = publishing();
  return {
    version,
    host,
    Node: node,
    Electron: electron ?? null,
    'running for (minutes)': Math.round(process.uptime() / 60),
    'memory (MB)': megabytes(process.memoryUsage.rss()),
    'unforeseen errors since the start': unexpected(),
    publishing: `${state}, ${reach}`,
  };
}

const computerFacts = (): Facts => ({
  system: `${platform()} ${release()} ${arch()}`,
  processors: cpus().length,
  'memory (MB)': megabytes(totalmem()),
  language: Intl.DateTimeFormat().resolvedOptions().locale,
  'time zone': Intl.DateTimeFormat().resolvedOptions().timeZone,
});

/** The program's files by kind. Names of other files in the folder may be anything. */
function folderFacts(dataDir: string): Facts {
  const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const backups = backupFiles(join(dataDir, 'backups'));
  return {
    'database (bytes)': sizeOf(join(dataDir, 'portal.sqlite')),
    'its log (bytes)': sizeOf(join(dataDir, 'portal.sqlite-wal')),
    backups: backups.length,
    'backups (MB)': megabytes(backups.reduce((sum, path) => sum + sizeOf(path), 0)),
    'free on the disk (MB)': freeMegabytes(dataDir),
  };
}

function backupFiles(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    // None was made yet.
    return [];
  }
}

function freeMegabytes(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return megabytes(bavail * bsize);
  } catch {
    return null;
  }
}

function dataFacts({ readStore }: QueryContext): Facts {
  const { newestDay: _day, ...counts } = describeStore(readStore);
  return { schema: schemaVersion(readStore), ...counts };
}

const megabytes = (bytes: number): number => Math.round(bytes / 2 ** 20);

/** Folders have names of people in them. */
function withoutPaths(text: string, dataDir: string): string {
  const home = homedir();
  const hidden: [string, string][] = [
    [dataDir, '[data folder]'],
    [home, '[home]'],
    [userInfo().username, '[user]'],
  ];
  // Of a short name, such as that of root, every other word would have a part.
  return hidden
    .filter(([part]) => part.length > 4)
    .reduce((rest, [part, by]) => rest.replaceAll(part, by), text);
}
