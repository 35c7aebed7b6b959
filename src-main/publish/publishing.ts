import type { Output } from '../../src-shared/contract.ts';
import type { Health } from '../../src-shared/contract/publish.ts';
import type { Presence } from '../../src-shared/domain/presence.ts';
import type { WireError } from '../../src-shared/errors.ts';
import type { Release } from '../tunnels/cloudflared-release.ts';
import type { TunnelLine } from '../tunnels/tunnel-log.ts';
import type { OwnCloudflared } from './own-cloudflared.ts';
import type { PublishPatch } from './settings.ts';

export type PublishStatus = Output<'publish.status'>;

export interface PublisherOptions {
  /** False: a choice is stored and takes effect at the next start, as for a command that ends at once. */
  canListen?: boolean;
  tunnelDelaysMs?: readonly number[];
  /** What can be fetched of Cloudflare's program; null: nothing. Only tests have another one. */
  release?: Release | null;
}

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
  /** Accepts the SSH server's key that was shown. Throws `host_key_changed` if it was another. */
  acceptHostKey(fingerprint: string): Promise<void>;
  /** Pauses the pages, or tells when they are on. */
  setPresence(patch: Partial<Presence>): Promise<void>;
  check(): Promise<Health>;
  /** The clients have their new links. */
  forgetFormer(): Promise<void>;
  /** What a link began with that was made at this time, in ms since 1970 UTC; '': it had no address yet. */
  linkBaseAt(at: number): string;
  tunnelLines(): TunnelLine[];
  /** Cloudflare's program: where it is, and what can be fetched. */
  cloudflared(): Output<'publish.cloudflared'>;
  /** See `OwnCloudflared`. */
  ownCloudflared: Pick<OwnCloudflared, 'fetch' | 'cancel' | 'remove'>;
  /** Header of the trusted hop in front, '' if there is none. */
  trustedHeader(): string;
  /** The address in front of the portal, '' if there is none. */
  publicUrl(): string;
  /** Whether the pages are paused, see `pauseAt`. */
  paused(): { backAt: Date | null } | null;
  /** For the portal: answers what the program asks itself. */
  answerCheck(question: string): string | null;
}
