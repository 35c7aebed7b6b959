/** Reading the XML of a workbook's parts, piece by piece as it is unpacked. */
import { SaxesParser } from 'saxes';
import { asWorkbookError } from './archive.ts';

/** Deeper than any part of a workbook; each open element takes memory. */
const maxDepth = 64;

export type Attributes = Readonly<Record<string, string>>;

export interface XmlHandlers {
  /** `name` without its prefix: some writers call a row `x:row`. */
  open(name: string, attributes: Attributes): void;
  text?(text: string): void;
  close?(name: string): void;
}

/**
 * Feeds the elements of a part to `handlers`; resolves after each chunk, so that the caller can take
 * what has come. Throws what the parser finds wrong with the XML. Entities of a document type are
 * not defined by it: a part that uses one is refused.
 */
export async function* parseXml(
  chunks: AsyncIterable<Buffer>,
  handlers: XmlHandlers,
): AsyncGenerator<void> {
  const parser = new SaxesParser<{ xmlns: false; position: false }>({
    xmlns: false,
    position: false,
  });
  let depth = 0;
  let failed: Error | null = null;
  parser.on('error', (error) => (failed ??= error));
  parser.on('doctype', () => (failed ??= new Error('a workbook has no document type')));
  parser.on('opentag', ({ name, attributes }) => {
    depth += 1;
    if (depth > maxDepth) failed ??= new Error('elements too deep');
    handlers.open(localName(name), attributes);
  });
  parser.on('closetag', ({ name }) => {
    depth -= 1;
    handlers.close?.(localName(name));
  });
  if (handlers.text) {
    const onText = (text: string): void => handlers.text?.(text);
    parser.on('text', onText);
    parser.on('cdata', onText);
  }
  let decoder: TextDecoder | null = null;
  try {
    for await (const chunk of chunks) {
      decoder ??= new TextDecoder(encodingOf(chunk), { fatal: true });
      parser.write(decoder.decode(chunk, { stream: true }));
      if (failed) throw failed;
      yield;
    }
    if (!decoder) throw new Error('an empty part');
    parser.write(decoder.decode()).close();
    if (failed) throw failed;
  } catch (cause) {
    throw asWorkbookError(cause);
  }
  yield;
}

/** Reads a whole part. */
export async function readXml(chunks: AsyncIterable<Buffer>, handlers: XmlHandlers): Promise<void> {
  for await (const _ of parseXml(chunks, handlers));
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** OOXML is UTF-8 or UTF-16 (ECMA-376 part 2). */
function encodingOf(head: Buffer): string {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

/** The value of an attribute by its name without prefix (`r:id`). */
export function attribute(attributes: Attributes, name: string): string | undefined {
  if (Object.hasOwn(attributes, name)) return attributes[name];
  const key = Object.keys(attributes).find((one) => localName(one) === name);
  return key === undefined ? undefined : attributes[key];
}

/** `true`, `1` and `on` of an attribute. */
export function isOn(value: string | undefined): boolean {
  return value === '1' || value === 'true' || value === 'on';
}
