/** Cloudflare's program, fetched on the owner's word and taken away again, and the tunnel by it. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Release } from '../../../../src-main/tunnels/cloudflared-release.ts';
import { findProgram } from '../../../../src-main/tunnels/program.ts';
import { createTestApp, type TestApp } from '../../../support/app.ts';

/** It says what the real one says. */
const program = Buffer.from(`#!/bin/sh
echo 'INF |  https://seasonal-deck-organisms-sf.trycloudflare.com  |' >&2
echo 'INF Registered tunnel connection connIndex=0' >&2
exec sleep 600
${'#'.repeat(1000)}
`);
const isThere = process.platform === 'win32' || findProgram('cloudflared') !== null;

describe.skipIf(isThere)('a computer without cloudflared', () => {
  let app: TestApp;
  let server: Server;
  const waiting: ServerResponse[] = [];
  let dataDir: string;
  let isClosed = false;
  const close = async (): Promise<void> => {
    if (!isClosed) await app.close();
    isClosed = true;
  };
  afterEach(async () => {
    await close();
    server.closeAllConnections();
    server.close();
    rmSync(dataDir, { recursive: true });
  });

  async function start(isHeld = false): Promise<Release> {
    server = createServer((_request, response) => {
      response.write(program.subarray(0, 500));
      if (isHeld) waiting.push(response);
      else response.end(program.subarray(500));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/cloudflared`;
    const release: Release = {
      ...{ name: 'cloudflared', version: '2026.10.0', url, bytes: program.length },
      sha256: createHash('sha256').update(program).digest('hex'),
      mayComeFrom: () => false,
    };
    dataDir = mkdtempSync(join(tmpdir(), 'own cloudflared '));
    isClosed = false;
    app = await createTestApp({ dataDir, publish: { release } });
    return release;
  }

  /** Resolves when what is asked for is so; it is asked again after each change. */
  const until = (isSo: () => Promise<boolean>): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void =>
        void isSo().then((found) => {
          if (found) resolve();
        }, reject);
      app.app.onChanged(look);
      look();
    });
  const tunnelIs = (state: string) =>
    until(async () => (await app.call('publish.status')).tunnel.state === state);

  it('says what it would fetch, fetches it, uses it, and removes it', async () => {
    const { url } = await start();
    const folder = join(dataDir, 'programs');
    await app.call('publish.set', {
      ...{ enabled: true, port: 0, reach: 'tunnel' },
      tunnel: { kind: 'cloudflared_quick' },
    });
    await tunnelIs('failed');
    expect((await app.call('publish.status')).tunnel.error?.code).toBe('tunnel_program_missing');
    expect(await app.call('publish.cloudflared')).toEqual({
      file: null,
      fetched: null,
      offer: { version: '2026.10.0', url, bytes: program.length, folder },
      receivedBytes: null,
    });
    // Nothing is made before the owner agrees, and to nothing but what was shown.
    expect(existsSync(folder)).toBe(false);
    await expect(
      app.call('publish.fetchCloudflared', { version: '2026.9.9' }),
    ).rejects.toMatchObject({ code: 'program_not_offered' });
    expect(existsSync(folder)).toBe(false);

    await app.call('publish.fetchCloudflared', { version: '2026.10.0' });
    const file = join(folder, 'cloudflared-2026.10.0');
    const there = { file, fetched: '2026.10.0', offer: null, receivedBytes: null };
    expect(await app.call('publish.cloudflared')).toEqual(there);
    await tunnelIs('online');
    const { urls } = await app.call('publish.status');
    expect(urls[0]).toBe('https://seasonal-deck-organisms-sf.trycloudflare.com');

    await app.call('publish.removeCloudflared');
    expect(readdirSync(folder)).toEqual([]);
    await tunnelIs('failed');
    expect((await app.call('publish.status')).tunnel.error?.code).toBe('tunnel_program_missing');
  });

  it('tells how much has come, and stops when the owner cancels', async () => {
    await start(true);
    const fetched = app.call('publish.fetchCloudflared', { version: '2026.10.0' });
    const outcome = expect(fetched).rejects.toMatchObject({ code: 'program_cancelled' });
    await until(async () => (await app.call('publish.cloudflared')).receivedBytes === 500);
    // A second click joins the first.
    const again = app.call('publish.fetchCloudflared', { version: '2026.10.0' });
    const second = expect(again).rejects.toMatchObject({ code: 'program_cancelled' });
    await app.call('publish.cancelFetch');
    await Promise.all([outcome, second]);
    expect(waiting).toHaveLength(1);
    expect(readdirSync(join(dataDir, 'programs'))).toEqual([]);
    expect(await app.call('publish.cloudflared')).toMatchObject({ receivedBytes: null });
  });

  it('an older copy serves until the owner fetches the newer one', async () => {
    const release = await start();
    const folder = join(dataDir, 'programs');
    mkdirSync(folder);
    for (const name of ['cloudflared-2026.9.1', 'cloudflared-2026.8.2']) {
      writeFileSync(join(folder, name), program, { mode: 0o755 });
    }
    expect(await app.call('publish.cloudflared')).toMatchObject({
      file: join(folder, 'cloudflared-2026.9.1'),
      fetched: '2026.9.1',
      offer: { version: release.version },
    });
    await app.call('publish.fetchCloudflared', { version: release.version });
    expect(readdirSync(folder)).toEqual(['cloudflared-2026.10.0']);
  });

  it('the program ends while something is fetched: nothing half is left', async () => {
    await start(true);
    const outcome = expect(
      app.call('publish.fetchCloudflared', { version: '2026.10.0' }),
    ).rejects.toMatchObject({ code: 'program_cancelled' });
    await until(async () => (await app.call('publish.cloudflared')).receivedBytes !== null);
    const folder = join(dataDir, 'programs');
    await close();
    await outcome;
    expect(readdirSync(folder)).toEqual([]);
  });
});
