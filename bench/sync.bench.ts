/**
 * A Kimai of 100 000 records, made up, which takes as long for each answer as a real one took (2.66 on
 * two cores, docs/kimai-sync.md): the first sync of all of them, and a poll without changes.
 * The program is the built one, in a process of its own.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { SyncStatus } from '../src-shared/contract/sync.ts';
import { startKillable, type Killable } from '../test/reliability/started.ts';
import { madeRecording } from '../test/support/kimai-replay/made.ts';
import { KimaiReplay } from '../test/support/kimai-replay/server.ts';
import { atMost, stated, type Line } from './line.ts';

const records = 100_000;
const made = { version: '2.66.0', versionId: 26_600, records, timeZone: 'Europe/Berlin' };

/** Milliseconds of a real Kimai with so many records. */
function ofKimai(path: string): number {
  if (path.includes('modified_after')) return 76;
  if (path.includes('&page=')) return 150;
  return path.startsWith('timesheets?') ? 33 : 15;
}

export async function run(): Promise<Line[]> {
  const replay = await KimaiReplay.start(madeRecording(made));
  replay.takesMs = ofKimai;
  const dataDir = mkdtempSync(join(tmpdir(), 'bench-sync-'));
  const program = await startKillable(dataDir);
  try {
    const { address } = replay;
    const first = await measure(program, replay, async () => {
      await program.call('sync.connect', { address, token: replay.tokenOf('admin') });
      const { preview } = await statusWhen(program, ({ state }) => state === 'preview');
      const { jobId } = preview!;
      const { digest } = (await program.call('imports.job', { jobId })).preview!;
      await program.call('imports.commit', { jobId, digest });
    });
    const { kimai, log } = await program.call('sync.status', {});
    if (kimai?.records !== records) throw new Error('not all records came');
    const poll = await measure(program, replay, async () => {
      await program.call('sync.now', {});
      const { log: after } = await statusWhen(program, ({ state }) => state === 'waiting');
      if (after[0]!.what !== 'read' || after[0]!.at === log[0]!.at) {
        throw new Error('a poll without changes found some');
      }
    });
    return [
      stated(`${records} records: the time of Kimai itself`, first.ownMs / 1000, 's'),
      atMost('first sync, with its preview and import', first.ratio, '× of that', 1.5),
      stated('the same by the clock', first.ratioByClock, '×'),
      atMost('most memory of the program', mostMemory(program) / 1024, 'MB', 500),
      atMost('a poll without changes', poll.requests, 'requests', 12),
      stated('its time', poll.ratio, '× of Kimai’s'),
    ];
  } finally {
    await program.stop();
    await replay.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/**
 * How long something takes, as a part of the time that Kimai itself takes for it. Kimai is asked for one
 * thing after the other, and what it said is worked up in between: so both times add up. That of the
 * program is its processor's, so that a busy machine does not count.
 */
async function measure(program: Killable, replay: KimaiReplay, work: () => Promise<void>) {
  const asked = replay.asked.length;
  const usedMs = processorMs(program);
  const began = performance.now();
  await work();
  const byClockMs = performance.now() - began;
  const answers = replay.asked.slice(asked);
  const ownMs = answers.reduce((sum, { path }) => sum + ofKimai(path), 0);
  return {
    ownMs,
    requests: answers.length,
    ratio: (ownMs + processorMs(program) - usedMs) / ownMs,
    ratioByClock: byClockMs / ownMs,
  };
}

/** Linux counts hundredths of a second. */
function processorMs({ process: { pid } }: Killable): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function statusWhen(
  program: Killable,
  isWanted: (status: SyncStatus) => boolean,
): Promise<SyncStatus> {
  for (;;) {
    const status = await program.call('sync.status', {});
    if (status.error) throw new Error(status.error.code);
    if (isWanted(status)) return status;
    // Each question costs the program some of the time that is measured.
    await wait(200);
  }
}

/** The most that it ever had in memory, in KiB: Linux counts it. */
function mostMemory({ process: { pid } }: Killable): number {
  const [, most] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(most);
}
