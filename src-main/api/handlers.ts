import type { Contract, MethodName, Output, ParsedInput } from '../../src-shared/contract.ts';
import type { Method } from '../../src-shared/contract/method.ts';
import type { Caller } from '../sign-in/caller.ts';

export type Handler<M extends MethodName> = (
  input: ParsedInput<M>,
  caller: Caller,
) => Output<M> | Promise<Output<M>>;

/** A missing handler does not compile. */
export type Handlers = { [M in MethodName]: Handler<M> };

type NamesOf<Part, Kind extends Method['kind']> = {
  [M in keyof Part & MethodName]: Contract[M]['kind'] extends Kind ? M : never;
}[keyof Part & MethodName];

/**
 * The query handlers of one part of the contract, such as `QueriesOf<typeof shareMethods>`. They
 * are made by functions that take a `QueryContext`, so that one that writes does not compile.
 */
export type QueriesOf<Part extends Partial<Contract>> = Pick<Handlers, NamesOf<Part, 'query'>>;

/** Its other handlers: mutations and commands. */
export type ChangesOf<Part extends Partial<Contract>> = Pick<
  Handlers,
  NamesOf<Part, 'mutation' | 'command'>
>;
