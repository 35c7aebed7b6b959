/** Texts of cells: those that a workbook keeps in one list, and those within a sheet. */
import { readXml } from './xml.ts';

/** Collects the text of one string; pieces in several fonts belong together. */
export class StringText {
  #text = '';
  #inText = false;
  /** Pronunciations of Japanese texts are no part of them. */
  #inPhonetic = false;

  open(name: string): void {
    if (name === 't') this.#inText = true;
    else if (name === 'rPh') this.#inPhonetic = true;
  }

  text(text: string): void {
    if (this.#inText && !this.#inPhonetic) this.#text += text;
  }

  close(name: string): void {
    if (name === 't') this.#inText = false;
    else if (name === 'rPh') this.#inPhonetic = false;
  }

  /** The text so far; begins afresh. */
  take(): string {
    const text = plainString(this.#text);
    this.#text = '';
    return text;
  }
}

/** Characters that XML cannot hold stand as `_x000D_` in strings (ECMA-376, ST_Xstring). */
export function plainString(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replaceAll(/_x([0-9a-f]{4})_/gi, (_, code: string) =>
    String.fromCharCode(parseInt(code, 16)),
  );
}

/** The workbook's list of strings, in order. */
export async function readSharedStrings(chunks: AsyncIterable<Buffer>): Promise<string[]> {
  const strings: string[] = [];
  const current = new StringText();
  await readXml(chunks, {
    open: (name) => current.open(name),
    text: (text) => current.text(text),
    close(name) {
      if (name === 'si') strings.push(current.take());
      else current.close(name);
    },
  });
  return strings;
}
