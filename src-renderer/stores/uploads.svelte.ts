import { ClientError, toClientError } from '../client.ts';
import { router } from '../router.svelte.ts';
import { openUploads, uploadFile } from '../uploads.ts';
import { showFailure } from './toasts.svelte.ts';

export interface Upload {
  id: number;
  fileName: string;
  sizeBytes: number;
  sentBytes: number;
  error: ClientError | null;
}

let uploads = $state<Upload[]>([]);
let lastId = 0;

/** Files on their way to the main side, and those that did not get there. */
export const uploadList = {
  get all(): readonly Upload[] {
    return uploads;
  },
};

/** Files of one import. The main side keeps 50 uploads that wait; another window may have some. */
const maxFiles = 40;

/**
 * Starts one import of all the files, and opens the page that shows it. A file that does not get
 * there stays in the list with its error, and the others go on.
 */
export async function startImports(files: Iterable<File>): Promise<void> {
  const list = [...files];
  if (list.length === 0) return;
  router.go('/imports');
  const jobIds: string[] = [];
  for (let first = 0; first < list.length; first += maxFiles) {
    const jobId = await startImport(list.slice(first, first + maxFiles));
    if (jobId !== null) jobIds.push(jobId);
  }
  const isStillThere = router.segments.join('/') === 'imports';
  if (jobIds.length === 1 && isStillThere) router.go(`/imports/job/${jobIds[0]}`);
}

async function startImport(files: readonly File[]): Promise<string | null> {
  const uploadIds: string[] = [];
  for (const file of files) {
    const uploadId = await send(file);
    if (uploadId !== null) uploadIds.push(uploadId);
  }
  const [first, ...others] = uploadIds;
  if (first === undefined) return null;
  try {
    return await openUploads(first, others);
  } catch (thrown) {
    showFailure(thrown);
    return null;
  }
}

async function send(file: File): Promise<string | null> {
  const id = ++lastId;
  uploads.push({ id, fileName: file.name, sizeBytes: file.size, sentBytes: 0, error: null });
  // The proxy in the list, so that changes show.
  const upload = uploads.at(-1)!;
  try {
    const uploadId = await uploadFile(file, (sent) => (upload.sentBytes = sent));
    dismissUpload(id);
    return uploadId;
  } catch (thrown) {
    // A folder, or a file that went away, fails in the browser's own file reader.
    upload.error =
      thrown instanceof DOMException ? new ClientError('file_unreadable') : toClientError(thrown);
    return null;
  }
}

export function dismissUpload(id: number): void {
  uploads = uploads.filter((upload) => upload.id !== id);
}
