/**
 * A ZIP archive of texts, not compressed: a month is small. By hand, since it is less than a tenth
 * of what a library would add to the first visit of every client.
 */
export function zip(files: Record<string, string>): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const locals: Uint8Array[] = [];
  const entries: Uint8Array[] = [];
  let at = 0;
  for (const [name, text] of Object.entries(files)) {
    const nameBytes = encoder.encode(name);
    const bytes = encoder.encode(text);
    // Version 2.0, not compressed, 1 January 1980; CRC-32 and the two sizes; length of the name.
    const facts = new DataView(new ArrayBuffer(26));
    facts.setUint16(0, 20, true);
    facts.setUint16(8, 0x21, true);
    facts.setUint32(10, crc32(bytes), true);
    facts.setUint32(14, bytes.length, true);
    facts.setUint32(18, bytes.length, true);
    facts.setUint16(22, nameBytes.length, true);
    const local = joinBytes([Uint8Array.of(0x50, 0x4b, 3, 4), bytesOf(facts), nameBytes, bytes]);
    const place = new DataView(new ArrayBuffer(14));
    place.setUint32(10, at, true);
    const begin = Uint8Array.of(0x50, 0x4b, 1, 2, 20, 0);
    entries.push(joinBytes([begin, bytesOf(facts), bytesOf(place), nameBytes]));
    locals.push(local);
    at += local.length;
  }
  const directory = joinBytes(entries);
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(8, entries.length, true);
  end.setUint16(10, entries.length, true);
  end.setUint32(12, directory.length, true);
  end.setUint32(16, at, true);
  return joinBytes([...locals, directory, bytesOf(end)]);
}

const bytesOf = (view: DataView): Uint8Array => new Uint8Array(view.buffer);

function joinBytes(parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
