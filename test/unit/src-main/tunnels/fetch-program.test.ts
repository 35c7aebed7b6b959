/** A program is fetched whole and with its published digest, or not at all: from a server of our own. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createTar } from 'nanotar';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  cloudflaredRelease,
  cloudflaredVersion,
  type Release,
} from '../../../../src-main/tunnels/cloudflared-release.ts';
import { fetchProgram } from '../../../../src-main/tunnels/fetch-program.ts';
import { mountSmallDisk } from '../../../support/small-disk.ts';

const program = Buffer.alloc(300_000, 'a program of some length. ');
const archive = gzipSync(
  createTar([
    { name: 'README', data: 'nothing' },
    { name: 'cloudflared', data: program },
  ]),
);
const servers: Server[] = [];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fetch program '));
});
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(folder, { recursive: true, force: true });
});

async function serve(handle: RequestListener): Promise<string> {
  const server = createServer(handle);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What is published: `bytes`, at the address of a server of ours. */
const release = (origin: string, name = 'cloudflared-linux-amd64', bytes = program): Release => ({
  ...{ name, version: '1.2.3', url: `${origin}/${name}`, bytes: bytes.length },
  sha256: createHash('sha256').update(bytes).digest('hex'),
  mayComeFrom: (url) => url.origin === origin,
});

/** Fetches into the folder; `progress`: how much had come, each time that it was told. */
async function run(
  wanted: Release,
  more: { signal?: AbortSignal; silentMs?: number; totalMs?: number; file?: string } = {},
): Promise<number[]> {
  const progress: number[] = [];
  const { file = join(folder, 'cloudflared'), ...options } = more;
  await fetchProgram(wanted, file, {
    ...{ program: 'cloudflared', signal: new AbortController().signal, ...options },
    onProgress: (received) => progress.push(received),
  });
  return progress;
}

const send =
  (bytes: Buffer): RequestListener =>
  (_request, response) =>
    response.end(bytes);

describe('what comes as it was published', () => {
  it.each([
    ['cloudflared-linux-amd64', program],
    ['cloudflared-linux-arm64', program],
    ['cloudflared-windows-amd64.exe', program],
    ['cloudflared-darwin-arm64.tgz', archive],
  ])('%s is there whole, executable, and alone', async (name, bytes) => {
    const wanted = release(await serve(send(bytes)), name, bytes);
    const progress = await run(wanted);
    expect(readdirSync(folder)).toEqual(['cloudflared']);
    const file = join(folder, 'cloudflared');
    expect(readFileSync(file).equals(program)).toBe(true);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o755);
    expect(progress.at(-1)).toBe(bytes.length);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  });

  it('replaces what an interrupted attempt left, and the program that was there', async () => {
    writeFileSync(join(folder, 'cloudflared'), 'the old one');
    writeFileSync(join(folder, 'cloudflared.part'), Buffer.alloc(900_000));
    await run(release(await serve(send(program))));
    expect(readdirSync(folder)).toEqual(['cloudflared']);
    expect(statSync(join(folder, 'cloudflared')).size).toBe(program.length);
  });

  it('comes by a redirect to where it may come from', async () => {
    const origin = await serve((request, response) => {
      if (request.url!.endsWith('/there')) response.end(program);
      else response.writeHead(302, { Location: '/assets/there' }).end();
    });
    await run(release(origin));
    expect(readdirSync(folder)).toEqual(['cloudflared']);
  });
});

describe('anything else is refused, and leaves what was there', () => {
  beforeEach(() => writeFileSync(join(folder, 'cloudflared'), 'the old one'));
  afterEach(() => {
    expect(readdirSync(folder)).toEqual(['cloudflared']);
    expect(readFileSync(join(folder, 'cloudflared'), 'utf8')).toBe('the old one');
  });

  it('another digest', async () => {
    const other = Buffer.from(program);
    other[200_000]! ^= 1;
    await expect(run(release(await serve(send(other))))).rejects.toMatchObject({
      code: 'program_not_genuine',
      params: { program: 'cloudflared' },
    });
  });

  it('an archive with the right digest and no such program', async () => {
    const bytes = gzipSync(createTar([{ name: 'other', data: program }]));
    const wanted = release(await serve(send(bytes)), 'cloudflared-darwin-amd64.tgz', bytes);
    await expect(run(wanted)).rejects.toMatchObject({ code: 'program_not_genuine' });
  });

  it('more bytes than were published, without waiting for their end', async () => {
    const endless: RequestListener = (_request, response) => {
      response.write(program);
      response.write(Buffer.alloc(10));
      // It never ends.
    };
    await expect(run(release(await serve(endless)))).rejects.toMatchObject({
      code: 'program_not_genuine',
    });
  });

  it.each([
    [
      'a connection that breaks off',
      (request, response) => {
        response.writeHead(200, { 'Content-Length': program.length });
        response.write(program.subarray(0, 1000), () => request.socket.destroy());
      },
    ],
    ['an end that comes too early', send(program.subarray(0, 1000))],
    ['a file that is not there', (_request, response) => response.writeHead(404).end()],
    [
      'redirects without an end',
      (request, response) => response.writeHead(302, { Location: request.url! }).end(),
    ],
  ] satisfies [string, RequestListener][])('%s', async (_name, handle) => {
    const origin = await serve(handle);
    await expect(run(release(origin))).rejects.toMatchObject({
      code: 'program_not_fetched',
      params: { program: 'cloudflared', host: new URL(origin).host },
    });
  });

  it('a redirect to another host, which is not asked', async () => {
    let asked = 0;
    const other = await serve((_request, response) => {
      asked++;
      response.end(program);
    });
    const origin = await serve((_request, response) =>
      response.writeHead(302, { Location: `${other}/x` }).end(),
    );
    await expect(run(release(origin))).rejects.toMatchObject({
      code: 'program_redirected',
      params: { host: new URL(other).host },
    });
    expect(asked).toBe(0);
  });

  it.each(['silentMs', 'totalMs'])('a server that sends no more (%s)', async (limit) => {
    const origin = await serve((_request, response) => response.write(program.subarray(0, 1000)));
    await expect(run(release(origin), { [limit]: 50 })).rejects.toMatchObject({
      code: 'program_not_fetched',
    });
  });

  it('what the owner cancels, in the middle', async () => {
    const controller = new AbortController();
    const origin = await serve((request, response) => {
      request.socket.once('close', () => undefined);
      response.write(program.subarray(0, 1000), () => controller.abort());
    });
    await expect(run(release(origin), { signal: controller.signal })).rejects.toThrow();
  });
});

describe('a disk', () => {
  const disk = mountSmallDisk(1_000_000);
  afterAll(() => disk?.remove());

  it.skipIf(disk === null)('that is full is told, and nothing is left on it', async () => {
    disk!.leave(100_000);
    const wanted = release(await serve(send(program)));
    const before = readdirSync(disk!.path);
    await expect(run(wanted, { file: join(disk!.path, 'cloudflared') })).rejects.toMatchObject({
      code: 'disk_full',
    });
    expect(readdirSync(disk!.path)).toEqual(before);
    // The archive fits, and the program in it does not.
    const packed = release(await serve(send(archive)), 'cloudflared-darwin-arm64.tgz', archive);
    await expect(run(packed, { file: join(disk!.path, 'cloudflared') })).rejects.toMatchObject({
      code: 'disk_full',
    });
    expect(readdirSync(disk!.path)).toEqual(before);
  });

  it('without the folder is told', async () => {
    const wanted = release(await serve(send(program)));
    const file = join(folder, 'missing/cloudflared');
    await expect(run(wanted, { file })).rejects.toMatchObject({ code: 'data_folder_unwritable' });
  });
});

describe('Cloudflare’s release', () => {
  it.each([
    ['linux', 'x64', 'cloudflared-linux-amd64'],
    ['linux', 'arm64', 'cloudflared-linux-arm64'],
    ['darwin', 'x64', 'cloudflared-darwin-amd64.tgz'],
    ['darwin', 'arm64', 'cloudflared-darwin-arm64.tgz'],
    ['win32', 'x64', 'cloudflared-windows-amd64.exe'],
    ['win32', 'arm64', 'cloudflared-windows-amd64.exe'],
  ])('%s on %s: one file of one version, with its digest', (platform, arch, name) => {
    const found = cloudflaredRelease(platform, arch)!;
    expect(found).toMatchObject({ name, version: cloudflaredVersion });
    expect(found.url).toBe(
      `https://github.com/cloudflare/cloudflared/releases/download/${cloudflaredVersion}/${name}`,
    );
    expect(found.sha256).toMatch(/^[\da-f]{64}$/);
    expect(found.bytes).toBeGreaterThan(15_000_000);
    expect(found.bytes).toBeLessThan(70_000_000);
  });

  it('there is none for other systems', () => {
    expect(cloudflaredRelease('freebsd', 'x64')).toBeNull();
    expect(cloudflaredRelease('linux', 'riscv64')).toBeNull();
  });

  it('comes from GitHub, encrypted, and from nowhere else', () => {
    const { mayComeFrom } = cloudflaredRelease('linux', 'x64')!;
    const may = (url: string): boolean => mayComeFrom(new URL(url));
    expect(may('https://github.com/x')).toBe(true);
    expect(may('https://release-assets.githubusercontent.com/x?y')).toBe(true);
    for (const url of [
      'http://github.com/x',
      'https://github.com.example/x',
      'https://github.com:8443/x',
      'https://githubusercontent.com.example/x',
      'https://xgithubusercontent.com/x',
    ]) {
      expect(may(url), url).toBe(false);
    }
  });
});
