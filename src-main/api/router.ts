import {
  contract,
  isMethodName,
  type MethodName,
  type Reply,
  type Request,
} from '../../src-shared/contract.ts';
import type { Method } from '../../src-shared/contract/method.ts';
import { AppError, toWireError } from '../../src-shared/errors.ts';
import type { Log } from '../log.ts';
import { storeError } from '../store/open.ts';
import type { WriteQueue } from '../store/write-queue.ts';
import type { Caller } from '../sign-in/caller.ts';
import type { Handlers } from './handlers.ts';

export interface RouterDeps {
  handlers: Handlers;
  writes: WriteQueue;
  log: Log;
  /** Throws `not_signed_in`, `locked` or `permission_denied`. */
  authorise(permission: Method['permission'], caller: Caller): void;
}

export type Call = (request: Request, caller: Caller) => Promise<Reply>;

/**
 * Answers calls of the contract and never throws. It accepts own properties of the contract only,
 * checks the permission before it looks at the input, parses the input, and puts mutations into
 * the write queue. Outputs are parsed too: what is not in the schema never leaves.
 */
export function createRouter({ handlers, writes, log, authorise }: RouterDeps): Call {
  async function answer({ method, input }: Request, caller: Caller): Promise<unknown> {
    if (!isMethodName(method)) throw new AppError('unknown_method');
    const definition: Method = contract[method];
    authorise(definition.permission, caller);
    const parsed = definition.input.safeParse(input ?? {});
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw new AppError('invalid_input', { field: issue?.path.join('.') ?? '' });
    }
    const handle = handlers[method] as (input: unknown, caller: Caller) => unknown;
    const value =
      definition.kind === 'mutation'
        ? await writes.run(() => {
            // Between the call and its turn somebody may have locked the app.
            authorise(definition.permission, caller);
            return handle(parsed.data, caller);
          })
        : await handle(parsed.data, caller);
    return definition.output.parse(value);
  }

  return async (request, caller) => {
    try {
      return { ok: true, value: await answer(request, caller) };
    } catch (thrown) {
      const error = storeError(thrown);
      const wire = toWireError(error);
      if (wire.code === 'internal') log.error(`${label(request)} failed`, error);
      return { ok: false, error: wire };
    }
  };
}

/** Only known names reach the log: anything else could be a secret typed into the wrong place. */
function label(request: Request): MethodName | 'unknown method' {
  return isMethodName(request.method) ? request.method : 'unknown method';
}
