import { randomBytes } from 'node:crypto';
import type { Output, ParsedInput } from '../../src-shared/contract.ts';
import { dayText } from '../../src-shared/domain/day.ts';
import { monthNumber, type MonthNumber } from '../../src-shared/domain/period.ts';
import { AppError } from '../../src-shared/errors.ts';
import { pageKeyOf, publicIdOf, readSecret, saltBytes } from '../../src-shared/sealed-page/keys.ts';
import { sealManifest, sealPart, type FileEntry } from '../../src-shared/sealed-page/manifest.ts';
import { fileNameOf } from '../../src-shared/sealed-page/seal.ts';
import { localeOrFallback } from '../../src-server/locale.ts';
import type { PortalSource } from '../../src-server/source.ts';
import { buildHead, buildPart } from '../../src-server/view-model/build-parts.ts';
import { headWithin, listParts, partNames } from '../../src-server/view-model/parts.ts';
import type { Clock } from '../clock.ts';
import type { Passwords } from '../passwords/passwords.ts';
import { createShareKey } from '../secrets/share-key.ts';
import { shareKeyDigest } from '../store/always-on.ts';
import type { ReadDb } from '../store/db.ts';
import type { Documents } from './documents.ts';

export interface Snapshots {
  /** Throws `not_found`, also where the share has nothing in that month or year. */
  make(input: ParsedInput<'alwaysOn.snapshot'>): Promise<Output<'alwaysOn.snapshot'>>;
}

/** A share's pages as one file, which opens without any web space: the viewer with the data inside. */
export function createSnapshots(deps: {
  readStore: ReadDb;
  clock: Clock;
  source: PortalSource;
  passwords: Pick<Passwords, 'pageKey'>;
  documents(): Documents;
}): Snapshots {
  const { readStore, clock, source, passwords } = deps;
  return {
    async make({ id, year, month, password, locale }) {
      const digest = shareKeyDigest(readStore, id);
      const share = digest && source.shareByKeyDigest(digest);
      if (!share) throw new AppError('not_found');
      const from = { share, source, now: clock.now() };
      const whole = buildHead(from);
      const head = whole && headWithin(whole, ...rangeOf(year, month));
      if (head === null) throw new AppError('not_found');

      const secretText = createShareKey();
      const secret = readSecret(secretText);
      const [salt, passwordSalt] = [randomBytes(saltBytes), randomBytes(saltBytes)];
      const sealing =
        password === null
          ? null
          : { key: await passwords.pageKey(password, passwordSalt), salt: passwordSalt };
      const version = from.now.getTime();
      const key = pageKeyOf(secret, salt, sealing?.key ?? null);
      const entries: Record<string, FileEntry> = {};
      const files: Record<string, string> = {};
      for (const { projectId, month: at, name } of listParts(head)) {
        const bytes = await sealPart(key, name, version, buildPart(from, projectId, at));
        entries[name] = { file: fileNameOf(bytes), version };
        files[entries[name].file] = base64(bytes);
      }
      const manifest = await sealManifest(
        { secret, version, salt, password: sealing, expiresDay: null },
        { head, files: entries, inside: {} },
        partNames,
      );
      files.manifest = base64(manifest);
      const heading = head.pages[0]!.heading;
      const html = deps.documents().snapshot({
        locale: localeOrFallback(locale, share.options.locale).code,
        publicId: publicIdOf(secret),
        inside: { secret: secretText, files },
        // Who lacks the password must not learn whose page it is.
        title: password === null ? heading : '…',
      });
      return { fileName: fileName(heading, year, month, dayText(head.asOf)), html };
    },
  };
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

function rangeOf(year: number | undefined, month: number | undefined): [MonthNumber, MonthNumber] {
  if (year === undefined) return [0, 999_912];
  if (month === undefined) return [monthNumber(year, 1), monthNumber(year, 12)];
  return [monthNumber(year, month), monthNumber(year, month)];
}

/** A name that every file system takes: `Acme 2026-10.html`. */
function fileName(
  heading: string,
  year: number | undefined,
  month: number | undefined,
  asOf: string,
): string {
  const range =
    year === undefined
      ? asOf
      : [year, ...(month === undefined ? [] : [String(month).padStart(2, '0')])].join('-');
  const name = heading.replace(/[^\p{L}\p{N} ._-]/gu, ' ').replace(/^[ .]+/, '');
  return `${name.slice(0, 80).trim() || 'snapshot'} ${range}.html`;
}
