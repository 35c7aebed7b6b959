/** Turns the bytes of one file into text, chunk by chunk. */
export interface Decoder {
  /** The text of the next bytes; keeps what is not complete yet. Throws `file_encoding`. */
  decode(bytes: Buffer, last: boolean): string;
}
