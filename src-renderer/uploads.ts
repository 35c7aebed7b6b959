import { call } from './client.ts';

/** The contract takes at most 1 MiB a part; half of that keeps every message small. */
const chunkBytes = 512 * 1024;

/** Sends a file in parts; returns the upload's id. Throws a `ClientError`. */
export async function uploadFile(
  file: File,
  onProgress: (sentBytes: number) => void = () => undefined,
): Promise<string> {
  const { uploadId } = await call('uploads.begin', {
    fileName: file.name.slice(-255),
    size: file.size,
  });
  for (let offset = 0; offset < file.size; offset += chunkBytes) {
    const base64 = await readBase64(file.slice(offset, offset + chunkBytes));
    const { received } = await call('uploads.append', { uploadId, offset, base64 });
    onProgress(received);
  }
  return uploadId;
}

/** Starts to read uploaded files as one import. Returns the id of its job, which goes on by itself. */
export async function openUploads(uploadId: string, others: string[]): Promise<string> {
  const { jobId } = await call('imports.open', { uploadId, others });
  return jobId;
}

/** Rejects with the browser's error if the file cannot be read any more. */
function readBase64(part: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      const url = reader.result as string;
      resolve(url.slice(url.indexOf(',') + 1));
    };
    reader.onerror = () => reject(reader.error ?? new Error('unreadable'));
    reader.readAsDataURL(part);
  });
}
