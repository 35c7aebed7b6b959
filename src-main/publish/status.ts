import type { Health } from '../../src-shared/contract/publish.ts';
import type { pauseAt, Presence } from '../../src-shared/domain/presence.ts';
import type { WireError } from '../../src-shared/errors.ts';
import type { PortalPort } from './portal-port.ts';
import type { PublishStatus } from './publishing.ts';
import { defaultPort, formerUrlOf, type Stored } from './settings.ts';
import type { TunnelReport } from './tunnel-runner.ts';

/** Another program has the port: which one, and which port is free. */
export interface TakenPort {
  freePort: number | null;
  holder: string | null;
}

/** Null: the pages are not paused. */
type Pause = ReturnType<typeof pauseAt>;

interface Known {
  stored: Stored;
  portal: PortalPort;
  tunnel: TunnelReport;
  addresses: PublishStatus['addresses'];
  /** Why the portal is not online although the owner chose it. */
  failure: WireError | null;
  /** When it went online, in ms since 1970 UTC. */
  since: number | null;
  taken: TakenPort | null;
  health: Health;
  pause: Pause;
}

/** What the owner is told about the portal. */
export function publishStatus(known: Known): PublishStatus {
  const { stored, portal, tunnel, addresses, failure, since, taken, health, pause } = known;
  return {
    enabled: stored.enabled,
    reach: stored.reach,
    // 0, any free port, is none to show: it is another one in a moment.
    port: portal.port() ?? (stored.port || defaultPort),
    publicUrl: stored.publicUrl,
    proxyOn: stored.proxyOn,
    trustedHeader: stored.trustedHeader,
    seenHeader: portal.seenHeader(),
    state: portal.port() !== null ? 'online' : failure !== null ? 'failed' : 'stopped',
    urls: addresses.map(({ url }) => url),
    addresses,
    error: failure === null ? null : { code: failure.code, params: { ...failure.params } },
    since,
    freePort: taken?.freePort ?? null,
    portHolder: taken?.holder ?? null,
    tunnel: { settings: stored.tunnel, ...tunnel },
    health,
    seenFromNetworkAt: portal.seenFromNetworkAt(),
    pause: pauseText(pause, stored.presence),
    until: stored.presence.until,
    hours: stored.presence.hours,
    formerUrl: formerUrlOf(stored),
    platform: process.platform,
  };
}

const pauseText = (pause: Pause, { paused }: Presence): PublishStatus['pause'] =>
  pause === null ? null : { backAt: pause.backAt?.getTime() ?? null, byHand: paused };
