import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { oneTimeAddress, runScript } from '../../support/run-script.ts';

const root = resolve(import.meta.dirname, '../../..');
let copy: string;

/** All that a build needs, and then a build that is newer. */
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'dev-'));
  const sources = readdirSync(root).filter((name) => /^src-|^package|\.config\.[jt]s$/.test(name));
  for (const part of [...sources, 'tsconfig.json', 'scripts', 'locales', 'resources', 'out']) {
    cpSync(join(root, part), join(copy, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
});
afterAll(() => rmSync(copy, { recursive: true }));

/** The owner's page behind a one-time address. */
async function pageBehind(address: string): Promise<string> {
  const opened = await fetch(address, { redirect: 'manual' });
  const Cookie = opened.headers.get('set-cookie')!.split(';')[0]!;
  return (await fetch(new URL('/', address), { headers: { Cookie } })).text();
}

it('npm run dev without Electron: a changed source is built and served, a broken one waits', async () => {
  const dev = runScript(['scripts/dev.js', '--no-open', '--data', join(copy, 'data')], copy);
  await dev.printed(/after every change/);
  const [first] = await dev.printed(oneTimeAddress);
  const page = join(copy, 'src-renderer/index.html');
  const title = '<title>Customer Portal</title>';
  expect(await pageBehind(first)).toContain(title);

  let from = dev.text().length;
  const changed = '<title>Changed while it ran</title>';
  writeFileSync(page, readFileSync(page, 'utf8').replace(title, changed));
  const [second] = await dev.printed(oneTimeAddress, from);
  expect(await pageBehind(second)).toContain(changed);

  from = dev.text().length;
  const source = join(copy, 'src-main/browser-host/main.ts');
  const right = readFileSync(source, 'utf8');
  writeFileSync(source, `${right}\nconst = broken;\n`);
  await dev.printed(/browser-host\/main\.ts/, from);
  await expect(pageBehind(second)).rejects.toThrow('fetch failed');

  from = dev.text().length;
  writeFileSync(source, right);
  const [third] = await dev.printed(oneTimeAddress, from);
  expect(await pageBehind(third)).toContain(changed);
  expect(await dev.stop('SIGTERM')).toBe(0);
  await expect(pageBehind(third)).rejects.toThrow('fetch failed');
});

it('npm start builds first if there is no build', async () => {
  rmSync(join(copy, 'out'), { recursive: true });
  const args = ['scripts/start.js', '--no-open', '--data', join(copy, 'data')];
  const started = runScript(args, copy);
  const [address] = await started.printed(oneTimeAddress);
  expect(started.text()).toMatch(/^Building/);
  expect(await pageBehind(address)).toContain('<script type="module"');
  expect(await started.stop('SIGTERM')).toBe(0);
});
