/**
 * Runs in the document itself: what every visit reads first is under way before the viewer's script
 * is there. Where a provider's policy forbids scripts in documents, the viewer reads it later.
 */
import { requestFile, requestWords } from './requests.ts';
import { readSettings } from './settings.ts';

const { texts, data } = readSettings();
if (typeof texts === 'string' && data !== null) {
  globalThis.early = { words: requestWords(texts), manifest: requestFile(data, 'manifest') };
  // The viewer says what failed, once it is there.
  for (const request of Object.values(globalThis.early)) request.catch(() => undefined);
}
