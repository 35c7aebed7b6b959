/** Programs of others that make tunnels: stand-ins that write what the real ones write. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectCloudflared } from '../../../../src-main/tunnels/cloudflared.ts';
import { connectTailscale } from '../../../../src-main/tunnels/tailscale.ts';
import { TunnelLog } from '../../../../src-main/tunnels/tunnel-log.ts';
import type { Connect } from '../../../../src-main/tunnels/tunnel.ts';

const path = process.env.PATH;
const clock = { now: () => new Date() };

describe.skipIf(process.platform === 'win32')('a tunnel by a program', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'programs '));
    process.env.PATH = `${folder}${delimiter}${path}`;
  });
  afterEach(() => {
    process.env.PATH = path;
    rmSync(folder, { recursive: true });
  });

  /** A program that keeps its arguments and token, writes lines, and then does something. */
  function standIn(name: string, lines: string[], then = 'exec sleep 600'): void {
    const file = join(folder, name);
    const say = lines.map((line) => `echo '${line}' >&2`).join('\n');
    writeFileSync(
      file,
      `#!/bin/sh\necho "$@" > "${file}.args"\necho "$TUNNEL_TOKEN" > "${file}.token"\n${say}\n${then}\n`,
    );
    chmodSync(file, 0o755);
  }
  const kept = (name: string): string => readFileSync(join(folder, name), 'utf8').trim();
  const up = (connect: Connect, log = new TunnelLog(clock, [])) =>
    connect(log.say, new AbortController().signal);

  const quickLines = [
    '2026-11-24T12:00:00Z INF Requesting new quick Tunnel on trycloudflare.com...',
    '2026-11-24T12:00:01Z INF |  Your quick Tunnel has been created! Visit it at:  |',
    '2026-11-24T12:00:01Z INF |  https://seasonal-deck-organisms-sf.trycloudflare.com  |',
    '2026-11-24T12:00:02Z INF Registered tunnel connection connIndex=0 protocol=quic',
  ];

  it('cloudflared: a quick tunnel tells its address, and its end is noticed', async () => {
    standIn('cloudflared', quickLines);
    const connection = await up(connectCloudflared(8723, '', ''));
    expect(connection.url).toBe('https://seasonal-deck-organisms-sf.trycloudflare.com');
    expect(kept('cloudflared.args')).toBe('tunnel --no-autoupdate --url http://127.0.0.1:8723');
    await connection.close();
    expect((await connection.ended).code).toBe('tunnel_program_ended');
  });

  it('cloudflared: the token of a named tunnel is no argument, and not in the log', async () => {
    standIn('cloudflared', ['INF Token eyJhIjoi', quickLines[3]!]);
    const log = new TunnelLog(clock, ['eyJhIjoi']);
    const connection = await up(connectCloudflared(1, 'eyJhIjoi', 'https://t.example'), log);
    expect(connection.url).toBe('https://t.example');
    expect(kept('cloudflared.args')).toBe('tunnel --no-autoupdate run');
    expect(kept('cloudflared.token')).toBe('eyJhIjoi');
    expect(JSON.stringify(log.lines())).not.toContain('eyJhIjoi');
    await connection.close();
  });

  it.each([
    ['cloudflared', 'Provided Tunnel token is not valid.', 'tunnel_token'],
    ['cloudflared', 'ERR failed to request quick Tunnel: dial tcp: lookup', 'tunnel_unreachable'],
    ['tailscale', 'Funnel is not enabled on your tailnet.', 'tunnel_not_allowed'],
    ['tailscale', 'Logged out.', 'tunnel_not_signed_in'],
    ['tailscale', 'something else', 'tunnel_program_ended'],
  ])('%s: "%s" is told as %s', async (name, line, code) => {
    standIn(name, [line], 'exit 1');
    const connect =
      name === 'tailscale'
        ? connectTailscale(8723, 'funnel')
        : connectCloudflared(8723, 'token', 'https://t.example');
    await expect(up(connect)).rejects.toMatchObject({ code });
  });

  it('Tailscale: serves and funnels in the foreground, at the address that it tells', async () => {
    standIn('tailscale', [
      ...['Available on the internet:', '', 'https://desk.tail1234.ts.net/'],
      ...['|-- proxy http://127.0.0.1:8723', 'Press Ctrl+C to exit.'],
    ]);
    for (const mode of ['serve', 'funnel'] as const) {
      const connection = await up(connectTailscale(8723, mode));
      expect(connection.url).toBe('https://desk.tail1234.ts.net');
      expect(kept('tailscale.args')).toBe(`${mode} 8723`);
      await connection.close();
    }
  });

  it('a program that is not there is named', async () => {
    process.env.PATH = folder;
    await expect(up(connectTailscale(1, 'serve'))).rejects.toMatchObject({
      code: 'tunnel_program_missing',
      params: { program: 'tailscale' },
    });
  });
});
