/** Messages in parts: what a message is once it is parsed. */
import { IntlMessageFormat } from 'intl-messageformat';
import type { Messages } from './source.ts';

export type MessageParts = ReturnType<IntlMessageFormat['getAst']>;

/** Whether a message is its own text: nothing is filled in, and nothing is quoted. */
export const isPlain = (message: string): boolean => !/[{}']/.test(message);

/** Throws for a message with a mistake. `tag`: BCP 47. */
export const parseMessage = (message: string, tag: string): MessageParts =>
  new IntlMessageFormat(message, tag, undefined, { ignoreTag: true }).getAst();

/**
 * The same messages, each in parts that is not plain. The viewer of pages that are always on is
 * built without the parser, which would be a third of it.
 */
export const inParts = (messages: Messages, tag: string): Messages =>
  Object.fromEntries(
    Object.entries(messages).map(([name, message]) => {
      if (Array.isArray(message)) return [name, message];
      if (typeof message === 'object') return [name, inParts(message as Messages, tag)];
      return [name, isPlain(message) ? message : parseMessage(message, tag)];
    }),
  );
