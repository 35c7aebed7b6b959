/** Records, scope and keys that change while an upload runs. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { copyPublishedShare, header, line, type World } from '../../../support/published-share.ts';
import { filesIn } from '../../../support/sealed-files.ts';

let world: World;
copyPublishedShare((copy) => (world = copy));

describe('a change while an upload runs', () => {
  const manifests = (from: number): number =>
    world.putsSince(from).filter((request) => request.endsWith('/manifest')).length;

  it('of the records: no page is half of the old and half of the new', async () => {
    const { url, id } = await world.published();
    await world.app.importBytes('more.csv', header + line('2025-09-05', 'Quay', 'Ladder'));
    const before = world.space.requests.length;
    world.space.meanwhile = () =>
      world.app.importBytes('even-more.csv', header + line('2025-10-07', 'Crane', 'Winch'));
    await world.app.uploadChanges();
    expect(manifests(before)).toBe(1);
    const { head, parts } = await world.read(url);
    const texts = ['0/202509', '0/202510'].map((name) => JSON.stringify(parts[name]));
    expect(texts[0]).toContain('Ladder');
    expect(texts[1]).toContain('Winch');
    // The head's year has both hours, too.
    expect(head.pages[0]!.years?.[2025]?.durationS.slice(7)).toEqual([3600, 10800, 7200, 0, 0]);
    expect((await world.app.call('alwaysOn.share', { id })).state).toBe('up_to_date');
    expect(filesIn(join(world.space.folder, 'data'))).toHaveLength(8 + 1);
  });

  it('that never ends leaves the old page, and is uploaded when it has ended', async () => {
    const { url, id } = await world.published();
    const old = JSON.stringify(await world.read(url));
    const before = world.space.requests.length;
    let changes = 0;
    const change = async (): Promise<void> => {
      const text = line('2025-09-05', 'Quay', `Ladder ${++changes}`);
      await world.app.importBytes('more.csv', header + text);
      world.space.meanwhile = change;
    };
    await change();
    await world.app.uploadChanges();
    expect(manifests(before)).toBe(0);
    expect(JSON.stringify(await world.read(url))).toBe(old);
    expect((await world.app.call('alwaysOn.share', { id })).state).toBe('waiting');
    world.space.meanwhile = null;
    await world.app.uploadChanges();
    expect(JSON.stringify(await world.read(url))).toContain(`Ladder ${changes}`);
  });

  it('of the scope: nothing of the wider one is shown, and a month that is gone is no failure', async () => {
    const { url, id } = await world.published();
    const crane = (await world.app.call('projects.list')).find(({ name }) => name === 'Crane')!;
    await world.app.importBytes('more.csv', header + line('2025-08-05', 'Quay', 'Ladder'));
    const before = world.space.requests.length;
    world.space.meanwhile = () =>
      world.app.call('shares.update', {
        id,
        patch: { options: { projectSelection: 'selected' }, projectIds: [crane.id] },
      });
    await world.app.uploadChanges();
    expect(manifests(before)).toBe(1);
    const { head, parts } = await world.read(url);
    expect(head.first).toBe(202509);
    expect(JSON.stringify(parts)).not.toContain('Ladder');
    expect(await world.app.call('alwaysOn.share', { id })).toMatchObject({
      state: 'up_to_date',
      error: null,
    });
    expect(filesIn(join(world.space.folder, 'data'))).toHaveLength(3 + 1);
  });

  it('a removed import, whose month cannot be built any more, is no failure', async () => {
    const { url, id } = await world.published();
    const job = await world.app.importBytes(
      'more.csv',
      header + line('2024-01-05', 'Quay', 'Ladder') + line('2024-02-05', 'Quay', 'Rung'),
    );
    world.space.meanwhile = () => world.app.call('imports.undo', { importId: job.importId! });
    await world.app.uploadChanges();
    expect((await world.read(url)).head.first).toBe(202508);
    expect(await world.app.call('alwaysOn.share', { id })).toMatchObject({ state: 'up_to_date' });
    expect(world.app.logged.join('\n')).not.toContain('failed');
  });

  it.each(['shares.pause', 'alwaysOn.disable'] as const)(
    '%s: the files go at once, and no manifest comes',
    async (method) => {
      const { id } = await world.published();
      await world.app.importBytes('more.csv', header + line('2025-09-05', 'Quay', 'Ladder'));
      const before = world.space.requests.length;
      world.space.meanwhile = () => world.app.call(method, { id });
      await world.app.uploadChanges();
      expect(manifests(before)).toBe(0);
      expect(filesIn(world.space.folder)).toEqual([]);
    },
  );

  it('a new password: the files open with it alone', async () => {
    const { id, url } = await world.published();
    await world.app.importBytes('more.csv', header + line('2025-09-05', 'Quay', 'Ladder'));
    const before = world.space.requests.length;
    world.space.meanwhile = () =>
      world.app.call('shares.update', { id, patch: {}, password: 'right one' });
    await world.app.uploadChanges();
    expect(manifests(before)).toBe(1);
    await expect(world.read(url)).rejects.toMatchObject({ failure: 'wrong_password' });
    expect((await world.app.call('alwaysOn.share', { id })).state).toBe('up_to_date');
  });
});
