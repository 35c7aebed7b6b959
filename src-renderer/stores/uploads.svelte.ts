import { ClientError, toClientError } from '../client.ts';
import { router } from '../router.svelte.ts';
import { importFile } from '../uploads.ts';

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

/**
 * Starts an import of each file, one after another, and opens the page that shows it: the one
 * job, or the list of them.
 */
export async function startImports(files: Iterable<File>): Promise<void> {
  const list = [...files];
  if (list.length === 0) return;
  router.go('/imports');
  const jobIds: string[] = [];
  for (const file of list) {
    const jobId = await send(file);
    if (jobId !== null) jobIds.push(jobId);
  }
  const isStillThere = router.segments.join('/') === 'imports';
  if (list.length === 1 && jobIds.length === 1 && isStillThere) {
    router.go(`/imports/job/${jobIds[0]}`);
  }
}

async function send(file: File): Promise<string | null> {
  const id = ++lastId;
  uploads.push({ id, fileName: file.name, sizeBytes: file.size, sentBytes: 0, error: null });
  // The proxy in the list, so that changes show.
  const upload = uploads.at(-1)!;
  try {
    const jobId = await importFile(file, (sent) => (upload.sentBytes = sent));
    dismissUpload(id);
    return jobId;
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
