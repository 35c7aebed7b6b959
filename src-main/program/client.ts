import type { Input, MethodName, Output, Reply, Request } from '../../src-shared/contract.ts';
import { AppError } from '../../src-shared/errors.ts';

/** Calls the contract with its types; throws the reply's error as `AppError`. */
export type Client = <M extends MethodName>(method: M, input: Input<M>) => Promise<Output<M>>;

export function createClient(call: (request: Request) => Promise<Reply>): Client {
  return async (method, input) => {
    const reply = await call({ method, input });
    if (!reply.ok) throw new AppError(reply.error.code, reply.error.params);
    return reply.value as Output<typeof method>;
  };
}
