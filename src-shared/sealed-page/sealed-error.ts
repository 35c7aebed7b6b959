/** Why a page that was published as files cannot be shown. */
export const sealedFailures = [
  /** The address is not whole, or its two halves belong to different shares. */
  'wrong_link',
  'wrong_password',
  /** The bytes are not the ones that were uploaded. */
  'damaged',
  /** A file of this share stands where another one belongs. */
  'exchanged',
  /** The web space gives out an older page than this browser has already seen. */
  'rolled_back',
  'expired',
  /** There are no files, any more or yet. */
  'gone',
  /** The web space does not answer. */
  'unreachable',
  /** A newer version of the program wrote the files. */
  'newer_format',
] as const;
export type SealedFailure = (typeof sealedFailures)[number];

/** Branch on `failure`. It holds nothing secret. */
export class SealedError extends Error {
  readonly failure: SealedFailure;

  constructor(failure: SealedFailure, options?: { cause?: unknown }) {
    super(failure, options);
    this.name = 'SealedError';
    this.failure = failure;
  }
}
