import type { RequestListener } from 'node:http';
import { networkInterfaces } from 'node:os';
import { pauseAt } from '../../src-shared/domain/presence.ts';
import { AppError, toWireError, type WireError } from '../../src-shared/errors.ts';
import { SerialQueue } from '../async/serial-queue.ts';
import type { AppContext } from '../context.ts';
import { readSetting, writeSetting } from '../store/settings.ts';
import { cloudflaredRelease } from '../tunnels/cloudflared-release.ts';
import { addressesOf, baseForClients } from './bases.ts';
import { defaultRouteAddress } from './default-route.ts';
import { Questions } from './health.ts';
import { createLinkHealth } from './link-health.ts';
import { publishName, type MdnsName } from './mdns.ts';
import { createOwnCloudflared } from './own-cloudflared.ts';
import { nextFreePort, portHolder } from './port-holder.ts';
import { createPortalPort } from './portal-port.ts';
import type { Publisher, PublisherOptions, PublishStatus } from './publishing.ts';
import { publishStatus, type TakenPort } from './status.ts';
import {
  defaultPort,
  linkBaseAt,
  moved,
  patched,
  readStored,
  withHostKey,
  type Stored,
} from './settings.ts';
import { createTunnelRunner, tunnelHeader } from './tunnel-runner.ts';

/** How often the network is looked at, a taken port is tried again, and links are opened. */
const lookEveryMs = 5_000;
const checkEveryMs = 15 * 60_000;

/**
 * Only here the client's pages get a port, and a tunnel to it. `handle` is the portal; it binds
 * nothing itself.
 */
export function createPublisher(
  context: AppContext,
  handle: RequestListener,
  { canListen = true, tunnelDelaysMs, release = cloudflaredRelease() }: PublisherOptions = {},
): Publisher {
  const { clock, log, readStore, store, writes } = context;
  const now = (): number => clock.now().getTime();
  let stored = readStored(readSetting(readStore, 'publish'));
  let since: number | null = null;
  let failure: WireError | null = null;
  let taken: TakenPort | null = null;
  let route: string | null = null;
  let name: MdnsName | null = null;
  let timers: NodeJS.Timeout[] = [];
  /** What was last told of addresses and pauses: a change is noticed while running. */
  let shown = '';
  /** Two clicks never fight over the port. */
  const changes = new SerialQueue();
  const changed = (): void => context.changed('publish');
  const portal = createPortalPort({ handle, trustedHeader, now, onSeen: changed });
  const cloudflared = createOwnCloudflared(context, { release, exchange });
  const tunnel = createTunnelRunner(context, {
    onChange: onTunnelChange,
    cloudflared: cloudflared.find,
    ...(tunnelDelaysMs ? { delaysMs: tunnelDelaysMs } : {}),
  });

  const questions = new Questions();
  const links = createLinkHealth(
    questions,
    () => ({
      stored,
      base: portal.port() === null ? undefined : addresses()[0]?.url,
      tunnelUrl: tunnel.url,
      isConnecting: stored.reach === 'tunnel' && tunnel.report().state === 'starting',
      isPaused: () => pause() !== null,
    }),
    { now, onChange: changed },
  );
  const { check } = links;

  function trustedHeader(): string {
    const own = stored.reach === 'tunnel' ? tunnelHeader(stored.tunnel) : '';
    return own || stored.trustedHeader;
  }

  /** Asked for each request, so that nothing is looked up for it. */
  function publicUrl(): string {
    if (stored.reach === 'own') return stored.publicUrl;
    return stored.reach === 'tunnel' ? (tunnel.url() ?? '') : '';
  }

  async function save(next: Stored): Promise<void> {
    await writes.run(() => writeSetting(store, 'publish', next));
    stored = next;
  }

  async function goOffline(): Promise<void> {
    for (const timer of timers.splice(0)) clearInterval(timer);
    if (portal.port() !== null) log.info('portal offline');
    // The way to the clients goes last: answers that run are still on it.
    await portal.close();
    await Promise.all([tunnel.stop(), name?.stop()]);
    name = null;
    since = null;
    failure = null;
    taken = null;
    links.forget();
  }

  async function goOnline(): Promise<void> {
    watch();
    failure = null;
    taken = null;
    const { reach, proxyOn } = stored;
    const isWide = reach === 'lan' || (reach === 'own' && proxyOn === 'lan');
    const wanted = stored.port ?? defaultPort;
    try {
      const port = await portal.open(wanted, isWide);
      since = now();
      log.info(`portal online, port ${port}, ${reach}`);
      if (port !== stored.port) await save({ ...stored, port });
      route = isWide ? await defaultRouteAddress() : null;
      if (reach === 'lan') name = publishName(port, (error) => log.error('no mDNS name', error));
      if (reach === 'tunnel') await tunnel.run(stored.tunnel, port);
      await settled();
    } catch (error) {
      failure = toWireError(error);
      if (failure.code === 'port_in_use') {
        taken = { freePort: await nextFreePort(wanted), holder: portHolder(wanted) };
      }
      throw error;
    }
  }

  /** The owner's app must open all the same: there the port can be changed. */
  async function goOnlineSafely(): Promise<void> {
    try {
      await goOnline();
    } catch (error) {
      log.error('could not publish', error);
    }
  }

  /** Looks at what changes by itself, as long as the owner wants to be online. */
  function watch(): void {
    for (const timer of timers.splice(0)) clearInterval(timer);
    timers = [
      setInterval(() => void look(), lookEveryMs),
      setInterval(() => void check(), checkEveryMs),
    ];
    for (const timer of timers) timer.unref();
  }

  async function look(): Promise<void> {
    if (taken !== null && stored.enabled) {
      await changes.run(takePort);
      return;
    }
    if (name !== null) route = await defaultRouteAddress();
    const next = JSON.stringify([addresses(), pause()]);
    if (next === shown) return;
    shown = next;
    await changes.run(settled);
    changed();
  }

  /** The program that had the port may have ended. */
  async function takePort(): Promise<void> {
    if (taken === null) return;
    try {
      await goOnline();
      changed();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  }

  /** Called when the addresses may be others: remembers what links begin with, and looks at it. */
  async function settled(): Promise<void> {
    shown = JSON.stringify([addresses(), pause()]);
    const url = baseForClients(addresses());
    if (url !== null && url !== stored.lastUrl) {
      await save(moved(stored, url, now()));
    }
    void check();
  }

  function onTunnelChange(): void {
    const { state } = tunnel.report();
    if (state === 'online') void changes.run(settled);
    else if (state !== 'starting') void check();
    changed();
  }

  const pause = (): { backAt: Date | null } | null => pauseAt(stored.presence, clock.now());

  function addresses(): PublishStatus['addresses'] {
    const port = portal.port();
    if (port === null) return [];
    const interfaces = networkInterfaces();
    const around = { port, interfaces, route, name: name?.host ?? null, tunnel: tunnel.url() };
    return addressesOf(stored, around);
  }

  /** Goes offline and online again only where the port or who may reach it changes. */
  async function apply(before: Stored): Promise<void> {
    const isMoved =
      before.reach !== stored.reach ||
      before.port !== stored.port ||
      before.proxyOn !== stored.proxyOn;
    const isOnline = portal.port() !== null;
    if (!stored.enabled || (isOnline && isMoved)) await goOffline();
    if (!stored.enabled || !canListen) return;
    const port = portal.port();
    if (port === null) await goOnline();
    else {
      if (stored.reach === 'tunnel') await tunnel.run(stored.tunnel, port);
      await settled();
    }
  }

  /** Cloudflare's program changes only while no tunnel runs it. */
  function exchange(work: () => Promise<void>): Promise<void> {
    return changes.run(async () => {
      const runs = stored.reach === 'tunnel' && stored.tunnel.kind.startsWith('cloudflared');
      const port = runs ? portal.port() : null;
      if (port !== null) await tunnel.stop();
      await work();
      if (port !== null) await tunnel.run(stored.tunnel, port);
      changed();
    });
  }

  const change = (next: () => Promise<Stored> | Stored): Promise<void> =>
    changes.run(async () => {
      const before = stored;
      await save(await next());
      try {
        await apply(before);
      } finally {
        changed();
      }
    });

  /** Stores what the port and the tunnel have nothing to do with. */
  const keep = (next: () => Partial<Stored>): Promise<void> =>
    changes.run(async () => {
      await save({ ...stored, ...next() });
      if (portal.port() !== null) void check();
      changed();
    });

  return {
    start: () =>
      changes.run(async () => {
        if (!stored.enabled) return;
        await goOnlineSafely();
        changed();
      }),
    stop: () => cloudflared.cancel().then(() => changes.run(goOffline)),
    reload: () =>
      changes.run(async () => {
        await goOffline();
        stored = readStored(readSetting(readStore, 'publish'));
        if (stored.enabled && canListen) await goOnlineSafely();
        changed();
      }),
    set: (patch) =>
      change(async () => {
        if (patch.tunnelSecret !== undefined) await tunnel.keepSecret(patch.tunnelSecret);
        return patched(stored, patch, now());
      }),
    acceptHostKey: (fingerprint) =>
      change(() => withHostKey(stored, tunnel.report().error, fingerprint, now())),
    setPresence: (patch) => keep(() => ({ presence: { ...stored.presence, ...patch } })),
    check,
    forgetFormer: () => keep(() => ({ former: [] })),
    linkBaseAt: (at) => linkBaseAt(stored, at),
    tunnelLines: () => tunnel.lines(),
    cloudflared: cloudflared.report,
    ownCloudflared: cloudflared,
    status: () =>
      publishStatus({
        stored,
        portal,
        tunnel: tunnel.report(),
        addresses: addresses(),
        failure,
        since,
        taken,
        health: links.health(),
        pause: pause(),
      }),
    failure: () => failure,
    trustedHeader,
    publicUrl,
    paused: pause,
    answerCheck: questions.answer,
  };
}
