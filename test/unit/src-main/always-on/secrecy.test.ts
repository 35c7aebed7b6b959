/** What nobody can read: on the web space, in the database, in the log. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  copyPublishedShare,
  header,
  line,
  records,
  type World,
} from '../../../support/published-share.ts';
import { filesIn } from '../../../support/sealed-files.ts';

let world: World;
copyPublishedShare((copy) => (world = copy));

it('nothing readable leaves, sizes do not tell how many records there are, and equal data does not look equal', async () => {
  const marked = line('2025-09-04', 'Crane', 'Hook', 48_151.62);
  await world.app.importBytes('marked.csv', header + records.join('') + marked);
  const { id, url } = await world.published({ options: { showRates: true, locale: 'fo' } });
  const shares = await world.app.call('shares.list', {});
  const { path: live } = shares.find((share) => share.id === id)!;
  const liveKey = live.split('/').find((part) => part.length >= 20)!;
  const bytes = () =>
    new Map(
      filesIn(world.space.folder).map((path) => [
        path,
        readFileSync(join(world.space.folder, path)),
      ]),
    );
  const first = bytes();
  // Random bytes do not have words of this length.
  const words = [
    'Harbour',
    'Quay',
    'Crane',
    'Wall',
    'Hook',
    'Marked',
    'Building',
    '48151',
    '48,151',
  ];
  for (const [path, content] of first) {
    // Assets are the same for everybody, and hold the words of all languages.
    if (path.startsWith('assets/')) continue;
    const text = `${path}\n${content.toString('latin1')}`;
    for (const word of [...words, new URL(url).hash.slice(1), liveKey]) {
      expect(text.includes(word), `${word} in ${path}`).toBe(false);
    }
    if (path.startsWith('data/')) expect(text).not.toMatch(/"(heading|rows|currency|records)"/);
  }
  const sizes = (files: Map<string, Buffer>): number[] =>
    [...files]
      .filter(([path]) => path.startsWith('data/'))
      .map(([, content]) => content.length)
      .toSorted((one, other) => one - other);
  const more = ['08', '09', '10'].map((day) => line(`2025-09-${day}`, 'Crane', `Rope ${day}`));
  await world.app.importBytes('more.csv', header + more.join(''));
  await world.app.uploadChanges();
  expect(sizes(bytes())).toEqual(sizes(first));

  await world.app.call('alwaysOn.disable', { id });
  await world.app.call('alwaysOn.enable', { id });
  await world.app.uploadChanges();
  const second = bytes();
  const data = [...first.keys()].filter((path) => path.startsWith('data/'));
  expect(data.filter((path) => second.has(path))).toEqual([]);
});

it('credentials lie sealed, and are answered to nobody', async () => {
  await world.published();
  const config = {
    ...{ kind: 'webdav' as const, url: 'https://dav.example.com', user: 'owner' },
    publicUrl: 'https://hours.example.com',
  };
  await world.app.storeTarget(config, { secret: 'geheim-0815', privateKey: '' });
  expect(JSON.stringify(await world.app.call('alwaysOn.status'))).not.toContain('geheim-0815');
  expect(readFileSync(world.app.database).includes('geheim-0815')).toBe(false);
  expect(world.app.logged.join('\n')).not.toContain('geheim-0815');
});
