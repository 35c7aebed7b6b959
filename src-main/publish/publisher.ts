import type { IncomingMessage, RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { z } from 'zod';
import { comesFromLoopback, peerAddress } from '../../src-server/access/client-address.ts';
import { portalHeaders } from '../../src-server/access/headers.ts';
import type { Output, ParsedInput } from '../../src-shared/contract.ts';
import { normalPublicUrl } from '../../src-shared/domain/public-url.ts';
import { toWireError, type WireError } from '../../src-shared/errors.ts';
import { SerialQueue } from '../async/serial-queue.ts';
import type { AppContext } from '../context.ts';
import { listen, type Listener } from '../http/listen.ts';
import { readSetting, writeSetting } from '../store/settings.ts';
import { lanAddresses } from './addresses.ts';
import { forwardedHeader } from './forwarded-header.ts';

export type PublishStatus = Output<'publish.status'>;
export type PublishPatch = ParsedInput<'publish.set'>;

export interface Publisher {
  /** Goes online if the owner had published. A port that cannot be had is told by `status`. */
  start(): Promise<void>;
  /** Goes offline for this run; what the owner chose stays stored. */
  stop(): Promise<void>;
  status(): PublishStatus;
  /** Why the portal is not online although the owner chose it; null otherwise. */
  failure(): WireError | null;
  /** Stores the choice, then applies it. Throws what `listen` throws; the choice stays. */
  set(patch: PublishPatch): Promise<void>;
  /** The stored choice was replaced: goes where it says. */
  reload(): Promise<void>;
  /** Header of the trusted hop in front, '' if there is none. */
  trustedHeader(): string;
}

/** The port of a fresh installation. If another program has it, the owner is told, and chooses. */
export const defaultPort = 8723;

const storedSchema = z.object({
  enabled: z.boolean().default(false),
  reach: z.enum(['loopback', 'lan']).default('loopback'),
  /** Null: never published yet. */
  port: z.int().min(0).max(65535).nullable().default(null),
  publicUrl: z.string().default(''),
  trustedHeader: z.string().default(''),
});
type Stored = z.infer<typeof storedSchema>;

/**
 * Only here the client's pages get a port. `handle` is the portal; it binds nothing itself.
 * `canListen` false: a choice is stored and takes effect at the next start, as for a command that
 * ends at once.
 */
export function createPublisher(
  context: AppContext,
  handle: RequestListener,
  { canListen = true } = {},
): Publisher {
  const { clock, log, readStore, store, writes } = context;
  const readStored = (): Stored => storedSchema.parse(readSetting(readStore, 'publish') ?? {});
  let stored = readStored();
  let listener: Listener | null = null;
  let since: number | null = null;
  let failure: WireError | null = null;
  let seenHeader: string | null = null;
  /** Two clicks never fight over the port. */
  const changes = new SerialQueue();

  async function save(next: Stored): Promise<void> {
    await writes.run(() => writeSetting(store, 'publish', next));
    stored = next;
  }

  async function goOffline(): Promise<void> {
    await listener?.stop();
    if (listener !== null) log.info('portal offline');
    listener = null;
    since = null;
    failure = null;
    seenHeader = null;
  }

  async function goOnline(): Promise<void> {
    try {
      listener = await listenAsStored();
      since = clock.now().getTime();
      log.info(`portal online, port ${listener.port}, ${stored.reach}`);
      if (listener.port !== stored.port) await save({ ...stored, port: listener.port });
    } catch (error) {
      failure = toWireError(error);
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

  function listenAsStored(): Promise<Listener> {
    // Loopback only unless the owner chose the network.
    const where = stored.reach === 'lan' ? {} : { host: '127.0.0.1' };
    const options = { ...where, headers: portalHeaders, strangers: { peerOf } };
    return listen(answer, { port: stored.port ?? defaultPort, ...options });
  }

  /** Told once: the page that shows it is fetched anew. */
  function noteProxy(request: IncomingMessage): void {
    if (stored.trustedHeader !== '' || seenHeader !== null) return;
    seenHeader = forwardedHeader(request);
    if (seenHeader !== null) context.changed('publish');
  }

  const answer: RequestListener = (request, response) => {
    noteProxy(request);
    handle(request, response);
  };

  /** The proxy that the owner named is many clients. */
  const peerOf = (socket: Socket): string | null =>
    stored.trustedHeader !== '' && comesFromLoopback({ socket }) ? null : peerAddress(socket);

  return {
    start: () =>
      changes.run(async () => {
        if (!stored.enabled) return;
        await goOnlineSafely();
        context.changed('publish');
      }),
    stop: () => changes.run(goOffline),
    reload: () =>
      changes.run(async () => {
        await goOffline();
        stored = readStored();
        if (stored.enabled && canListen) await goOnlineSafely();
        context.changed('publish');
      }),
    set: (patch) =>
      changes.run(async () => {
        const before = stored;
        await save({ ...stored, ...normalised(patch) });
        const moved = before.reach !== stored.reach || before.port !== stored.port;
        try {
          if (listener !== null && (moved || !stored.enabled)) await goOffline();
          if (!stored.enabled) failure = null;
          if (canListen && stored.enabled && listener === null) {
            failure = null;
            await goOnline();
          }
        } finally {
          context.changed('publish');
        }
      }),
    status: () => ({
      enabled: stored.enabled,
      reach: stored.reach,
      // 0, any free port, is none to show: it is another one in a moment.
      port: listener?.port ?? (stored.port || defaultPort),
      publicUrl: stored.publicUrl,
      trustedHeader: stored.trustedHeader,
      seenHeader: stored.trustedHeader === '' ? seenHeader : null,
      state: listener !== null ? 'online' : failure !== null ? 'failed' : 'stopped',
      urls: listener === null ? [] : addressesOf(listener.port, stored),
      error: failure === null ? null : { code: failure.code, params: { ...failure.params } },
      since,
    }),
    failure: () => failure,
    trustedHeader: () => stored.trustedHeader,
  };
}

/** Where clients can come from outside first; `localhost` keeps the owner's cookies apart. */
function addressesOf(port: number, { reach, publicUrl }: Stored): string[] {
  const own = [...(reach === 'lan' ? lanAddresses() : []), 'localhost'];
  const urls = own.map((host) => `http://${host}${port === 80 ? '' : `:${port}`}`);
  return publicUrl === '' ? urls : [publicUrl, ...urls];
}

/** What the caller left out is left as it was; an address gets its one spelling. */
function normalised(patch: PublishPatch): Partial<Stored> {
  const { publicUrl } = patch;
  const spelled = publicUrl ? { ...patch, publicUrl: normalPublicUrl(publicUrl) ?? '' } : patch;
  return Object.fromEntries(Object.entries(spelled).filter(([, value]) => value !== undefined));
}
