import type { Contract, MethodName, Output, ParsedInput } from '../../src-shared/contract.ts';

/** Who calls: each window, browser tab or command line has a session of its own. */
export interface Caller {
  sessionId: string;
}

export type Handler<M extends MethodName> = (
  input: ParsedInput<M>,
  caller: Caller,
) => Output<M> | Promise<Output<M>>;

/** A missing handler does not compile. */
export type Handlers = { [M in MethodName]: Handler<M> };

/** The handlers of one part of the contract, such as `HandlersOf<typeof shareMethods>`. */
export type HandlersOf<Part extends Partial<Contract>> = Pick<Handlers, keyof Part & MethodName>;
