/** How a file is read, and why: for support, and for whoever wonders about an import. */
import type { ImportJob } from '../../src-shared/contract/imports.ts';
import type { Client } from '../program/client.ts';
import { readUpload, uploadFile } from '../program/import-file.ts';
import type { Translate } from '../program/texts.ts';

/** Reads a file and cancels the import; what was decided comes with its reasons, as JSON. */
export async function explainFile(client: Client, file: string, t: Translate): Promise<object> {
  const job = await readUpload(client, await uploadFile(client, file));
  // A job that failed is over, and only leaves the list.
  await client('imports.cancel', { jobId: job.jobId });
  const { reading, error, preview, state } = job;
  return {
    state: state === 'mapping' ? 'asks' : state,
    error: error && { ...error, text: t(`error.${error.code}`, error.params) },
    ...(reading && explainReading(reading, t)),
    notices: (preview?.notices ?? reading?.doubts ?? []).map((key) => t(`imports.notice.${key}`)),
    counts: preview?.counts ?? null,
  };
}

function explainReading(reading: NonNullable<ImportJob['reading']>, t: Translate): object {
  const { columns, choices, samples: _, doubts: __, ...facts } = reading;
  return {
    ...facts,
    columns: columns.map(({ header, column }) => `${header} → ${column}`),
    decisions: choices.map(({ about, chosen, because, options }) => ({
      about,
      chosen,
      because: t(`imports.evidence.${because}`),
      // Value → cells of the file as they would be read.
      options: Object.fromEntries(options.map(({ value, samples }) => [value, samples])),
    })),
  };
}
