import { createHash } from 'node:crypto';
import type { Next } from 'koa';
import { localDay } from '../../src-shared/domain/day.ts';
import { shareState } from '../../src-shared/domain/share-state.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { PortalContext } from '../context.ts';
import type { PortalDeps } from '../source.ts';

/**
 * Every refusal leaves this long after its request came. The work before takes some 0.1 ms, and a
 * few microseconds more for a key that once was one. A timer has steps of 1 ms, so nobody can
 * measure the difference.
 */
const refusalAfterMs = 10;

/**
 * Finds the share of the address's key and leaves it in `ctx.state`. Unknown, paused,
 * expired and deleted keys are refused in the same way, at the same time, with the same bytes.
 * Throws `not_found`.
 */
export function createLoadShare({ source, clock }: Pick<PortalDeps, 'source' | 'clock'>) {
  return async (ctx: PortalContext, next: Next): Promise<void> => {
    let timer: NodeJS.Timeout | undefined;
    const refusalTime = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, refusalAfterMs);
    });
    const digest = createHash('sha256').update(ctx.state.key).digest();
    ctx.state.version = source.version();
    const share = source.shareByKeyDigest(digest);
    if (share === null || shareState(share, localDay(clock.now())) !== 'active') {
      await refusalTime;
      throw new AppError('not_found');
    }
    clearTimeout(timer);
    ctx.state.share = share;
    await next();
  };
}
