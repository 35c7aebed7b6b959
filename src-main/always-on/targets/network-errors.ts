import { AppError } from '../../../src-shared/errors.ts';

const certificateCodes =
  /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|HOSTNAME_MISMATCH|INVALID_CA)/;

/** The system's code of a failed connection, also where `fetch` put it into the cause. */
function codeOf(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code } = at as NodeJS.ErrnoException;
    if (typeof code === 'string') return code;
  }
  return '';
}

/** A connection that failed, as an error that says which of both it is. */
export const unreachable = (host: string, error: unknown): AppError =>
  new AppError(
    certificateCodes.test(codeOf(error)) ? 'target_certificate' : 'target_unreachable',
    { host },
    {
      cause: error,
    },
  );
