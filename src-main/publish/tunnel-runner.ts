import { createHash } from 'node:crypto';
import type { Output } from '../../src-shared/contract.ts';
import type { TunnelSettings } from '../../src-shared/contract/publish.ts';
import { toWireError } from '../../src-shared/errors.ts';
import type { AppContext } from '../context.ts';
import { openText, sealText } from '../secrets/sealed-text.ts';
import { sealedSettings, tunnelPurpose as purpose } from '../store/sealed-settings.ts';
import { readSetting, writeSetting } from '../store/settings.ts';
import { connectCloudflared } from '../tunnels/cloudflared.ts';
import { keepUp } from '../tunnels/keep-up.ts';
import { connectSsh } from '../tunnels/ssh.ts';
import { connectTailscale } from '../tunnels/tailscale.ts';
import { TunnelLog, type TunnelLine } from '../tunnels/tunnel-log.ts';
import type { Connect, Tunnel } from '../tunnels/tunnel.ts';

export type TunnelReport = Omit<Output<'publish.status'>['tunnel'], 'settings'>;

const settingKey = sealedSettings.tunnel;

export interface TunnelRunner {
  /**
   * Runs the tunnel of these settings to this port. Nothing happens if it does so already; one that
   * is down is tried at once.
   */
  run(settings: TunnelSettings, port: number): Promise<void>;
  stop(): Promise<void>;
  /** Stores the password, passphrase or token, sealed as keys of shares are. '' forgets it. */
  keepSecret(secret: string): Promise<void>;
  url(): string | null;
  report(): TunnelReport;
  lines(): TunnelLine[];
}

export interface TunnelRunnerOptions {
  /** The status of the tunnel is another one. */
  onChange(): void;
  /** Where Cloudflare's program is; null: nowhere. */
  cloudflared(): string | null;
  delaysMs?: readonly number[];
}

/** One tunnel at a time. */
export function createTunnelRunner(
  { clock, secrets, readStore, store, writes }: AppContext,
  { onChange, cloudflared, delaysMs }: TunnelRunnerOptions,
): TunnelRunner {
  let tunnel: Tunnel | null = null;
  let log: TunnelLog | null = null;
  let running = '';

  function readSecret(): string {
    const sealed = readSetting(readStore, settingKey);
    return typeof sealed === 'string' ? (openText(sealed, purpose, secrets) ?? '') : '';
  }

  async function stop(): Promise<void> {
    const ending = tunnel;
    tunnel = null;
    running = '';
    await ending?.stop();
  }

  return {
    async run(settings, port) {
      const secret = readSecret();
      const digest = createHash('sha256').update(JSON.stringify([settings, port, secret]));
      const wanted = digest.digest('base64');
      const isUp = tunnel !== null && ['starting', 'online'].includes(tunnel.status().state);
      if (wanted === running && isUp) return;
      await stop();
      running = wanted;
      log = new TunnelLog(clock, [secret]);
      const { say } = log;
      const connect = connectorOf(settings, port, secret, cloudflared);
      tunnel = keepUp(connect, { clock, say, onChange, ...(delaysMs ? { delaysMs } : {}) });
      tunnel.start();
    },
    stop,
    async keepSecret(secret) {
      const sealed = secret === '' ? null : sealText(secret, purpose, secrets);
      await writes.run(() => writeSetting(store, settingKey, sealed));
    },
    url: () => tunnel?.url() ?? null,
    report() {
      const status = tunnel?.status() ?? { state: 'stopped', error: null };
      const error = status.error === null ? null : toWireError(status.error);
      return {
        hasSecret: typeof readSetting(readStore, settingKey) === 'string',
        state: status.state,
        url: tunnel?.url() ?? null,
        since: 'since' in status ? status.since : null,
        reconnects: 'reconnects' in status ? status.reconnects : 0,
        retryAt: 'retryAt' in status ? status.retryAt : null,
        error: error === null ? null : { code: error.code, params: { ...error.params } },
      };
    },
    lines: () => log?.lines() ?? [],
  };
}

function connectorOf(
  { kind, ssh, publicUrl }: TunnelSettings,
  port: number,
  secret: string,
  cloudflared: () => string | null,
): Connect {
  switch (kind) {
    case 'ssh':
      return connectSsh({ settings: ssh, secret, publicUrl, port });
    case 'cloudflared_quick':
      return connectCloudflared(port, '', '', cloudflared);
    case 'cloudflared_named':
      return connectCloudflared(port, secret, publicUrl, cloudflared);
    case 'tailscale_serve':
      return connectTailscale(port, 'serve');
    case 'tailscale_funnel':
      return connectTailscale(port, 'funnel');
  }
}

/** In which header the program at the near end of a tunnel names the client; '': in none. */
export const tunnelHeader = ({ kind }: TunnelSettings): string => {
  if (kind.startsWith('cloudflared')) return 'CF-Connecting-IP';
  return kind.startsWith('tailscale') ? 'X-Forwarded-For' : '';
};
