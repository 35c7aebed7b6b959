/** A reading worker whose answer has a hole where the contract wants a line of samples. */
import { parentPort } from 'node:worker_threads';

const port = parentPort!;
const post = port.postMessage.bind(port);
port.postMessage = (message: { value?: { analysis?: { samples: string[][] } } }) => {
  const samples = message.value?.analysis?.samples;
  if (samples?.flat().includes('Holes')) samples.length++;
  post(message);
};

await import('../../src-main/import/jobs/reader-worker.ts');
