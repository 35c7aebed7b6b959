/** How the files of a page are asked for. */

/** Requests that early.ts began; each is taken once. */
export interface EarlyRequests {
  words?: Promise<Response>;
  manifest?: Promise<Response>;
}

declare global {
  var early: EarlyRequests | undefined;
}

export const requestWords = (path: string): Promise<Response> => fetch(path);

/** `folder` ends with `/`. */
export const requestFile = (folder: string, name: string): Promise<Response> =>
  fetch(`${folder}${name}`, {
    // The manifest is written over; the others have the hash of their bytes in the name. Padded
    // files of one second look the same to servers that tell them apart by size and time.
    cache: name === 'manifest' ? 'no-store' : 'default',
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
  });

/** What early.ts has begun to ask for, the first time. */
export function takeEarly(what: keyof EarlyRequests): Promise<Response> | undefined {
  const request = globalThis.early?.[what];
  delete globalThis.early?.[what];
  return request;
}
