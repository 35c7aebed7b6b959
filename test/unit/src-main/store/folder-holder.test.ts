import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { holdFolder, type HolderDeps } from '../../../../src-main/store/folder-holder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holder-'));
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

const file = (): string => join(folder, 'holder.json');
const beatMs = 3_000;
/** All computers' clocks go on while one of them waits. */
const computer = (name: string, deps: Partial<HolderDeps> = {}): HolderDeps => ({
  computer: name,
  isAlive: () => true,
  isLocal: () => false,
  wait: (ms) => vi.advanceTimersByTimeAsync(ms),
  ...deps,
});
const hold = (name: string, onTaken = vi.fn(), deps?: Partial<HolderDeps>): Promise<() => void> =>
  holdFolder(folder, onTaken, computer(name, deps));

describe('a folder on a drive whose locks do not reach another computer', () => {
  it('is refused there while it is held, and free once it is given up', async () => {
    const letGo = await hold('desk');
    await expect(hold('laptop')).rejects.toMatchObject({ code: 'data_folder_in_use' });
    letGo();
    expect(existsSync(file())).toBe(false);
    (await hold('laptop'))();
  });

  it('is free after its holder was killed: at once on that computer, elsewhere after a while', async () => {
    await hold('desk');
    const left = readFileSync(file());
    vi.clearAllTimers();
    const wait = vi.fn((ms: number) => vi.advanceTimersByTimeAsync(ms));
    const again = await hold('desk', vi.fn(), { isAlive: () => false, wait });
    expect(wait).toHaveBeenCalledTimes(1);
    again();

    writeFileSync(file(), left);
    (await hold('laptop', vi.fn(), { wait }))();
    expect(wait.mock.calls.slice(1).map(([ms]) => ms)).toEqual([beatMs, beatMs, beatMs, 500]);
  });

  it('a computer that slept learns that another one has taken it, and leaves that alone', async () => {
    const onTaken = vi.fn();
    const letGo = await hold('desk', onTaken);
    const taken = { id: 'other', computer: 'laptop', pid: 1, beat: 7 };
    writeFileSync(file(), JSON.stringify(taken));
    await vi.advanceTimersByTimeAsync(10 * beatMs);
    expect(onTaken).toHaveBeenCalledTimes(1);
    letGo();
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual(taken);
  });

  it('of two that begin at the same moment one is refused', async () => {
    const meanwhile = async (ms: number): Promise<void> => {
      const other = { id: 'other', computer: 'laptop', pid: 1, beat: 0 };
      writeFileSync(file(), JSON.stringify(other));
      await vi.advanceTimersByTimeAsync(ms);
    };
    await expect(hold('desk', vi.fn(), { wait: meanwhile })).rejects.toMatchObject({
      code: 'data_folder_in_use',
    });
  });

  it('a file that is damaged or gone is written again', async () => {
    writeFileSync(file(), '{');
    const onTaken = vi.fn();
    const letGo = await hold('desk', onTaken);
    rmSync(file());
    await vi.advanceTimersByTimeAsync(beatMs);
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toMatchObject({ computer: 'desk', beat: 1 });
    expect(onTaken).not.toHaveBeenCalled();
    letGo();
  });
});

it('a disk of this computer needs none of that', async () => {
  (await hold('desk', vi.fn(), { isLocal: () => true }))();
  expect(existsSync(file())).toBe(false);
  // The disk that tests run on is one.
  (await holdFolder(folder, vi.fn()))();
  expect(existsSync(file())).toBe(false);
});
