/** UTF-8 that is damaged, or cut off. */

/** Length of `bytes` without a UTF-8 character that is cut off at the end. */
export function completeUtf8(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return size > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** Not valid, but more of its non-ASCII characters are valid than not: no other encoding does that. */
export function isDamagedUtf8(bytes: Buffer): boolean {
  const foreign = bytes.toString('utf8').match(/[^\0-\x7f]/gu) ?? [];
  const broken = foreign.filter((char) => char === '\ufffd').length;
  return foreign.length - broken > broken;
}
