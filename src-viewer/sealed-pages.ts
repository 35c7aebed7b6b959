/** Opens what a share's files hold, step by step. Everything throws SealedError. */
import { scryptAsync } from '@noble/hashes/scrypt.js';
import { partNames, type MonthPart, type PagesHead } from '../src-server/view-model/parts.ts';
import { bytesToHex, hexToBytes } from '../src-shared/sealed-page/bytes.ts';
import {
  passwordKeyOf,
  publicIdOf,
  readSecret,
  type Scrypt,
} from '../src-shared/sealed-page/keys.ts';
import {
  checkManifest,
  openContents,
  openManifest,
  openPart,
  type OpenedManifest,
  type OpenedPage,
} from '../src-shared/sealed-page/manifest.ts';
import { SealedError } from '../src-shared/sealed-page/sealed-error.ts';
import type { Files } from './files.ts';
import { rememberedKey, rememberKey, rememberVersion, seenVersion } from './memory.ts';

/** Of the library that hashes here anyway: scrypt-js would bring its own SHA-256 along. */
const scrypt: Scrypt = (password, salt, n, r, p, length) =>
  scryptAsync(password, salt, { N: n, r, p, dkLen: length });

export type Page = OpenedPage<PagesHead>;

export class SealedPages {
  readonly #files: Files;
  readonly #publicId: string;
  readonly #secret: Uint8Array;
  #manifest: OpenedManifest | null = null;

  /** Throws `wrong_link` if the secret and the folder belong to different shares. */
  constructor(files: Files, publicId: string, secret: string) {
    this.#files = files;
    this.#publicId = publicId;
    this.#secret = readSecret(secret);
    if (publicIdOf(this.#secret) !== publicId) throw new SealedError('wrong_link');
  }

  /** Reads the manifest anew. Null: a password is needed. */
  async open(): Promise<Page | null> {
    const manifest = await openManifest(this.#secret, await this.#files.read('manifest'));
    checkManifest(manifest, seenVersion(this.#publicId), today());
    this.#manifest = manifest;
    const { passwordSalt } = manifest;
    if (passwordSalt === null) return this.#openContents(manifest, null);
    const [salt, key] = rememberedKey(this.#publicId)?.split(' ') ?? [];
    if (key === undefined || salt !== bytesToHex(passwordSalt)) return null;
    return this.#openContents(manifest, hexToBytes(key));
  }

  /** Throws `wrong_password`. Takes about a second, and 128 MiB. */
  async openWith(password: string): Promise<Page> {
    const manifest = this.#manifest!;
    const salt = manifest.passwordSalt!;
    const key = await passwordKeyOf(scrypt, password, salt);
    const page = await this.#openContents(manifest, key);
    rememberKey(this.#publicId, `${bytesToHex(salt)} ${bytesToHex(key)}`);
    return page;
  }

  forgetPassword(): void {
    rememberKey(this.#publicId, null);
  }

  get needsPassword(): boolean {
    return this.#manifest !== null && this.#manifest.passwordSalt !== null;
  }

  async part(page: Page, name: string): Promise<MonthPart> {
    const inside = page.inside[name] as MonthPart | undefined;
    if (inside) return inside;
    const entry = page.files[name];
    if (!entry) throw new SealedError('damaged');
    return openPart<MonthPart>(page, name, await this.#files.read(entry.file));
  }

  async #openContents(manifest: OpenedManifest, key: Uint8Array | null): Promise<Page> {
    const page = await openContents<PagesHead>(this.#secret, manifest, key, partNames);
    rememberVersion(this.#publicId, manifest.version);
    return page;
  }
}

/** The reader's own day, `YYYY-MM-DD`. */
function today(): string {
  const now = new Date();
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
