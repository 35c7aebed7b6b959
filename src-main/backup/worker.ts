/** Worker thread: copies, checks and seals whole stores, so that nobody waits for it. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { BackupContents, ShareChanges } from '../../src-shared/contract/backups.ts';
import { workInBackground } from '../async/background-thread.ts';
import { answerRequests } from '../async/worker-answers.ts';
import {
  compareShares,
  copyFiles,
  copyStore,
  describeCopy,
  isDamage,
  replaceStore,
  resealShares,
  type Replacing,
} from '../store/copies.ts';
import { storeError, verifyStore } from '../store/open.ts';
import { unfinished } from './backup-files.ts';
import { openSealedFile, sealFile } from './sealed-file.ts';

/** Base64: keys that share keys may be sealed under. */
const noteSchema = z.object({ shareKeys: z.array(z.base64()).min(1) });

const operations = {
  async make({ database, file }: { database: string; file: string }): Promise<void> {
    await finish(file, (part) => copyStore(database, part));
  },
  preview({ database, file }: { database: string; file: string }): {
    then: BackupContents;
    now: BackupContents | null;
    shares: ShareChanges;
  } {
    verifyStore(file);
    const then = describeCopy(file);
    try {
      return { then, now: describeCopy(database), shares: compareShares(database, file) };
    } catch (error) {
      if (!isDamage(error)) throw error;
      return { then, now: null, shares: { opened: [], closed: [] } };
    }
  },
  /** For a store that no backup can be made of. */
  keepFiles({ database, file }: { database: string; file: string }): void {
    copyFiles(database, file);
  },
  restore: (input: Replacing): Promise<void> => replaceStore(input),
  async seal(input: {
    database: string;
    file: string;
    passphrase: string;
    shareKeys: string[];
  }): Promise<void> {
    const copy = `${input.file}${unfinished}.sqlite`;
    try {
      await copyStore(input.database, copy);
      await finish(input.file, (part) =>
        sealFile(part, input.passphrase, { shareKeys: input.shareKeys }, copy),
      );
    } finally {
      rmSync(copy, { force: true });
    }
  },
  async unseal(input: {
    sealed: string;
    file: string;
    passphrase: string;
    shareKey: string;
  }): Promise<void> {
    await finish(input.file, async (part) => {
      const note = noteSchema.parse(await openSealedFile(input.sealed, input.passphrase, part));
      verifyStore(part);
      const [shareKey, ...otherShareKeys] = note.shareKeys.map(bytesOf) as [Buffer, ...Buffer[]];
      resealShares(part, { shareKey, otherShareKeys }, { shareKey: bytesOf(input.shareKey) });
    });
  },
};
export type BackupOperations = typeof operations;

const bytesOf = (base64: string): Buffer => Buffer.from(base64, 'base64');

/** A file has its name only when it is whole and on the disk. */
async function finish(file: string, write: (part: string) => Promise<void>): Promise<void> {
  const part = `${file}${unfinished}`;
  try {
    await write(part);
    sync(part);
    renameSync(part, file);
    if (process.platform !== 'win32') sync(dirname(file));
  } finally {
    rmSync(part, { force: true });
  }
}

function sync(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

workInBackground();
answerRequests(operations, storeError);
