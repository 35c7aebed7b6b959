/** How pages are compressed on their way, by what the browser accepts. */
import { promisify } from 'node:util';
import {
  brotliCompress,
  brotliDecompress,
  constants,
  gunzip,
  gzip,
  zstdCompress,
  zstdDecompress,
} from 'node:zlib';
import { remember } from '../../src-shared/remember.ts';

/** As `Content-Encoding` has it; identity: as it is. */
export type Encoding = 'br' | 'zstd' | 'gzip' | 'identity';

/** The best first. Browsers accept the first two only over https and on their own computer. */
const encodings = ['zstd', 'br', 'gzip'] as const;

/** The best of what an `Accept-Encoding` header accepts. Browsers send a handful of headers. */
export const encodingFor = remember(100, (accepted): Encoding => {
  const names = accepted
    .split(',', 20)
    .map((part) => part.replaceAll(' ', '').toLowerCase())
    .filter((part) => !/;q=0(?:\.0*)?$/.test(part))
    .map((part) => part.split(';', 1)[0]);
  return encodings.find((encoding) => names.includes(encoding)) ?? 'identity';
});

interface Coding {
  /** For a page that waits to be sent, and for one that is sent again and again. */
  quick(bytes: Buffer): Promise<Buffer>;
  good(bytes: Buffer): Promise<Buffer>;
  expand(bytes: Buffer): Promise<Buffer>;
}

const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT, ZSTD_c_compressionLevel } = constants;

const byBrotli = (bytes: Buffer, quality: number): Promise<Buffer> =>
  promisify(brotliCompress)(bytes, {
    params: { [BROTLI_PARAM_QUALITY]: quality, [BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
const byZstd = (bytes: Buffer, level: number): Promise<Buffer> =>
  promisify(zstdCompress)(bytes, {
    params: { [ZSTD_c_compressionLevel]: level },
    pledgedSrcSize: bytes.length,
  });
const byGzip = (bytes: Buffer, level: number): Promise<Buffer> => promisify(gzip)(bytes, { level });

/** All by the threads of Node: none keeps other clients waiting. */
export const codings: Record<Exclude<Encoding, 'identity'>, Coding> = {
  br: {
    quick: (bytes) => byBrotli(bytes, 5),
    good: (bytes) => byBrotli(bytes, 9),
    expand: promisify(brotliDecompress) as Coding['expand'],
  },
  zstd: {
    quick: (bytes) => byZstd(bytes, 5),
    good: (bytes) => byZstd(bytes, 15),
    expand: promisify(zstdDecompress) as Coding['expand'],
  },
  gzip: {
    quick: (bytes) => byGzip(bytes, 6),
    good: (bytes) => byGzip(bytes, 9),
    expand: promisify(gunzip) as Coding['expand'],
  },
};
