import { readFile } from 'node:fs/promises';
import { connect as connectTo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, type Channel, type ConnectConfig } from 'ssh2';
import type { SshTunnel } from '../../src-shared/contract/publish.ts';
import { AppError } from '../../src-shared/errors.ts';
import { PinnedHostKey } from '../ssh/host-key.ts';
import type { Connect, Connection } from './tunnel.ts';

export interface SshOptions {
  settings: SshTunnel;
  /** The password, or the passphrase of the key file. */
  secret: string;
  /** The address of what the server passes on; '': the server tells it, as services do. */
  publicUrl: string;
  /** Of the portal on this computer. */
  port: number;
  env?: NodeJS.ProcessEnv;
  /** Only tests have another one. */
  keepaliveMs?: number;
}

const connectTimeoutMs = 15_000;
/** A connection is lost when so many signs of life, one after each pause, were not answered. */
const keepaliveMs = 10_000;
const maxUnanswered = 3;
/** How long the ends of answers may be on their way to the server when the tunnel is closed. */
const lastBytesMs = 5_000;
/** Of a service's greeting; the address stands among the first lines. */
const maxGreeting = 64 * 1024;

/** A tunnel through an SSH server, which passes connections to a port or socket of its own on to us. */
export function connectSsh(options: SshOptions): Connect {
  const { settings, port } = options;
  const { host, remote } = settings;
  const keepalive = {
    keepaliveInterval: options.keepaliveMs ?? keepaliveMs,
    keepaliveCountMax: maxUnanswered,
  };
  return async (say, signal) => {
    const config = await configOf(options);
    const pin = new PinnedHostKey(settings.hostKey);
    const client = new Client();
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
    // A later error is told by `close`.
    client.on('error', (error) => say(`${error.level ?? 'error'}`));
    const channels = new Set<Channel>();
    const close = async (): Promise<void> => {
      await Promise.race([
        emptied(channels),
        closed,
        pause(lastBytesMs, undefined, { ref: false }),
      ]);
      client.end();
      client.destroy();
      await closed;
    };
    try {
      say(`connecting to ${host}:${settings.port}`);
      await ready(
        client,
        { ...config, ...keepalive, hostVerifier: checking(pin, settings) },
        signal,
      );
      say('signed in');
      forwardTo(client, port, channels);
      const gone = endOf(client, host, signal);
      await Promise.race([askForward(client, remote), gone]);
      const url = options.publicUrl || (await Promise.race([readAddress(client), gone]));
      const ended = closed.then(() => new AppError('tunnel_lost', { host }));
      return { url, ended, close } satisfies Connection;
    } catch (error) {
      client.destroy();
      throw explain(error as Error, pin, settings);
    }
  };
}

/** Only the key that the owner has accepted; the first one is shown to the owner before. */
const checking =
  (pin: PinnedHostKey, { hostKey }: SshTunnel) =>
  (key: Buffer) =>
    pin.verify(key) && hostKey !== '';

async function configOf({
  settings,
  secret,
  env = process.env,
}: SshOptions): Promise<ConnectConfig> {
  const { host, port, user, auth, keyFile } = settings;
  if (host === '' || user === '') throw new AppError('tunnel_incomplete');
  const base = { host, port, username: user, readyTimeout: connectTimeoutMs };
  if (auth === 'password') return { ...base, password: secret };
  if (auth === 'agent') {
    const agent =
      process.platform === 'win32' ? '\\\\.\\pipe\\openssh-ssh-agent' : (env.SSH_AUTH_SOCK ?? '');
    if (agent === '') throw new AppError('tunnel_agent_missing');
    return { ...base, agent };
  }
  try {
    return {
      ...base,
      privateKey: await readFile(keyFile),
      ...(secret ? { passphrase: secret } : {}),
    };
  } catch (error) {
    throw new AppError('tunnel_key_unreadable', { file: keyFile }, { cause: error });
  }
}

function ready(client: Client, config: ConnectConfig, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      client.destroy();
      reject(new AppError('tunnel_lost', { host: config.host ?? '' }));
    };
    signal.addEventListener('abort', stop, { once: true });
    client.once('ready', () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    client.once('error', reject);
    client.once('close', stop);
    try {
      client.connect(config);
    } catch (error) {
      reject(error as Error);
    }
  });
}

/** Rejects when the connection or the owner ends it: an answer that waits for the server would stay. */
function endOf(client: Client, host: string, signal: AbortSignal): Promise<never> {
  const gone = new Promise<never>((_resolve, reject) => {
    const end = (): void => reject(new AppError('tunnel_lost', { host }));
    client.once('close', end);
    signal.addEventListener('abort', end, { once: true });
  });
  // Later it is told by `ended`.
  gone.catch(() => undefined);
  return gone;
}

/** Resolves when no connection is passed on any more. */
async function emptied(channels: ReadonlySet<Channel>): Promise<void> {
  const ends = [...channels].map(
    (channel) => new Promise<void>((resolve) => channel.once('close', () => resolve())),
  );
  await Promise.all(ends);
}

/** Each connection to the remote port becomes one to the portal; either end may close it. */
function forwardTo(client: Client, port: number, channels: Set<Channel>): void {
  const pass = (channel: Channel): void => {
    channels.add(channel);
    channel.once('close', () => channels.delete(channel));
    const socket = connectTo(port, '127.0.0.1');
    channel.on('error', () => socket.destroy());
    socket.on('error', () => channel.close());
    channel.on('close', () => socket.destroy());
    socket.on('close', () => {
      channel.close();
      // Its own end is told when everything that came was read.
      channel.resume();
    });
    channel.pipe(socket).pipe(channel);
  };
  client.on('tcp connection', (_details, accept) => pass(accept()));
  client.on('unix connection', (_details, accept) => pass(accept()));
}

function askForward(
  client: Client,
  { kind, host, port, path }: SshTunnel['remote'],
): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (error?: Error | null): void => {
      const asked = kind === 'port' ? `${host}:${port}` : path;
      if (error) reject(new AppError('tunnel_forward_refused', { asked }, { cause: error }));
      else resolve();
    };
    if (kind === 'port') client.forwardIn(host, port, done);
    else client.openssh_forwardInStreamLocal(path, done);
  });
}

/** A service writes the address that it gave to whoever opens a shell; its other links have paths. */
function readAddress(client: Client): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new AppError('tunnel_no_address')), connectTimeoutMs);
    client.shell(false, (error, channel) => {
      if (error) {
        clearTimeout(timer);
        reject(new AppError('tunnel_no_address', {}, { cause: error }));
        return;
      }
      let greeting = '';
      const read = (chunk: Buffer): void => {
        if (greeting.length < maxGreeting) greeting += chunk.toString('utf8');
        const url = /https:\/\/[\w.-]+\.[a-z]{2,}(?=[\s,])/i.exec(greeting)?.[0];
        if (url === undefined) return;
        clearTimeout(timer);
        resolve(url);
      };
      channel.on('data', read);
      channel.stderr.on('data', read);
      channel.on('error', () => undefined);
    });
  });
}

const unreachableCodes = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
];

function explain(
  error: Error & { level?: string; code?: unknown },
  pin: PinnedHostKey,
  settings: SshTunnel,
): AppError {
  if (pin.seen !== '' && settings.hostKey === '') {
    return new AppError('host_key_unknown', { fingerprint: pin.seen });
  }
  try {
    pin.check();
  } catch (changed) {
    return changed as AppError;
  }
  if (error instanceof AppError) return error;
  const { host, keyFile, user } = settings;
  const cause = { cause: error };
  if (error.level === 'client-authentication')
    return new AppError('tunnel_credentials', { user, host }, cause);
  if (/passphrase|decrypt|bad decrypt|integrity/i.test(error.message)) {
    return new AppError('tunnel_key_locked', { file: keyFile }, cause);
  }
  if (/parse privateKey|Unsupported key/i.test(error.message)) {
    return new AppError('tunnel_key_unreadable', { file: keyFile }, cause);
  }
  if (error.level === 'agent') return new AppError('tunnel_agent_missing', {}, cause);
  const isSilent =
    error.level === 'client-timeout' || unreachableCodes.includes(String(error.code));
  return new AppError(isSilent ? 'tunnel_unreachable' : 'tunnel_lost', { host }, cause);
}
