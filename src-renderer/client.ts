import type { Input, MethodName, Output, Reply, Topic } from '../src-shared/contract.ts';
import type { ErrorCode, ErrorParams } from '../src-shared/errors.ts';
import type { Transport } from './transport.ts';

/** `disconnected`: the main side did not answer at all; every other code comes from it. */
export type ClientErrorCode = ErrorCode | 'disconnected';

/** A call that failed. Its text is `error.<code>` of the locale files, filled with `params`. */
export class ClientError extends Error {
  readonly code: ClientErrorCode;
  readonly params: ErrorParams;

  constructor(code: ClientErrorCode, params: ErrorParams = {}, options?: { cause?: unknown }) {
    super(code, options);
    this.name = 'ClientError';
    this.code = code;
    this.params = params;
  }
}

let transport: Transport | undefined;
const topicListeners = new Set<(topics: Topic[]) => void>();
const signedOutListeners = new Set<() => void>();

/** Sets the one transport of this page; called once, before anything is shown. */
export function connect(next: Transport): void {
  transport = next;
  next.onChanged((topics) => {
    for (const listener of topicListeners) listener(topics);
  });
}

/** Calls a method of the contract. Throws a `ClientError`, never anything else. */
export async function call<M extends MethodName>(method: M, input: Input<M>): Promise<Output<M>> {
  if (!transport) throw new ClientError('disconnected');
  let reply: Reply;
  try {
    reply = await transport.invoke(method, input);
  } catch (cause) {
    throw new ClientError('disconnected', {}, { cause });
  }
  // The router parsed this value with the method's output schema.
  if (reply.ok) return reply.value as Output<M>;
  const { code, params } = reply.error;
  if (code === 'locked' || code === 'not_signed_in') {
    for (const listener of signedOutListeners) listener();
  }
  throw new ClientError(code, params);
}

/** Turns anything thrown into a `ClientError`, for the places that show errors. */
export function toClientError(thrown: unknown): ClientError {
  return thrown instanceof ClientError
    ? thrown
    : new ClientError('internal', {}, { cause: thrown });
}

/** Calls the listener whenever one of the topics changed. Returns the function that ends it. */
export function onTopics(topics: readonly Topic[], listener: () => void): () => void {
  const check = (changed: Topic[]) => {
    if (changed.some((topic) => topics.includes(topic))) listener();
  };
  topicListeners.add(check);
  return () => topicListeners.delete(check);
}

/** Calls the listener when a call was refused since the app is locked or nobody is signed in. */
export function onSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}
