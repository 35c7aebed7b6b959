import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ErrorCode } from '../../src-shared/errors.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { ImportJob } from '../../src-shared/contract/imports.ts';
import type { Client } from './client.ts';

const partBytes = 1024 * 1024;
/** Another process has no events; the program answers such a look in well under 1 ms. */
const lookEveryMs = 50;

/** Sends a file through the contract, as a browser would; returns the upload's id. */
export async function uploadFile(client: Client, path: string): Promise<string> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const { uploadId } = await client('uploads.begin', { fileName: basename(path), size });
    const part = Buffer.alloc(partBytes);
    for (let offset = 0; ;) {
      const { bytesRead } = await file.read(part, 0, partBytes, offset);
      if (bytesRead === 0) return uploadId;
      const base64 = part.toString('base64', 0, bytesRead);
      await client('uploads.append', { uploadId, offset, base64 });
      offset += bytesRead;
    }
  } finally {
    await file.close();
  }
}

/**
 * Reads an upload, as one import with `others`, until its preview is there, a person is asked, or it
 * failed.
 */
export async function readUpload(
  client: Client,
  uploadId: string,
  others: string[] = [],
): Promise<ImportJob> {
  const { jobId } = await client('imports.open', { uploadId, others });
  for (;;) {
    const job = await client('imports.job', { jobId });
    if (['preview', 'mapping', 'failed', 'cancelled'].includes(job.state)) return job;
    await wait(lookEveryMs);
  }
}

/**
 * Reads an upload until its preview is there. Throws `mapping_incomplete` if a person has to say
 * first what the columns are, else the job's own error.
 */
export async function previewUpload(
  client: Client,
  uploadId: string,
  others: string[] = [],
): Promise<ImportJob> {
  const job = await readUpload(client, uploadId, others);
  if (job.state === 'preview') return job;
  if (job.error !== null) throw new AppError(job.error.code as ErrorCode, job.error.params);
  if (job.state === 'cancelled') throw new AppError('import_cancelled');
  await client('imports.cancel', { jobId: job.jobId });
  throw new AppError('mapping_incomplete', { reason: 'open' });
}

/** Uploads and reads files until their one preview is there. Throws as `previewUpload` does. */
export async function previewFiles(
  client: Client,
  first: string,
  others: readonly string[],
): Promise<ImportJob> {
  const uploadId = await uploadFile(client, first);
  const otherIds: string[] = [];
  for (const path of others) otherIds.push(await uploadFile(client, path));
  return previewUpload(client, uploadId, otherIds);
}
