/** Where the files of a page come from: the web space, or the snapshot's own document. */
import { SealedError } from '../src-shared/sealed-page/sealed-error.ts';
import { requestFile, takeEarly } from './requests.ts';

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
      const early = name === 'manifest' ? takeEarly('manifest') : undefined;
      response = await (early ?? requestFile(folder, name));
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
