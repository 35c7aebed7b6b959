/** Where the files of a page come from: the web space, or the snapshot's own document. */
import { SealedError } from '../src-shared/sealed-page/sealed-error.ts';

export interface Files {
  /** Throws SealedError `gone`, `unreachable`. */
  read(name: string): Promise<Uint8Array>;
  /** The secret, if it does not stand in the address. */
  secret: string | null;
}

export const webFiles = (folder: string): Files => ({
  secret: null,
  async read(name) {
    let response: Response;
    try {
      // The manifest is written over; the others have the hash of their bytes in the name.
      response = await fetch(`${folder}${name}`, {
        // Padded files of one second look the same to servers that tell them apart by size and time.
        cache: name === 'manifest' ? 'no-store' : 'default',
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
      });
    } catch (error) {
      throw new SealedError('unreachable', { cause: error });
    }
    if (response.status === 404 || response.status === 410) throw new SealedError('gone');
    if (!response.ok) throw new SealedError('unreachable');
    return new Uint8Array(await response.arrayBuffer());
  },
});

/** What a snapshot holds: files by name as base64, and the secret. */
export interface Inside {
  secret: string;
  files: Record<string, string>;
}

export const insideFiles = ({ secret, files }: Inside): Files => ({
  secret,
  read(name) {
    const text = files[name];
    if (text === undefined) return Promise.reject(new SealedError('gone'));
    return Promise.resolve(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)));
  },
});
