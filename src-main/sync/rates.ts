/** The rates by the hour, and the fixed ones: they stand in no list of Kimai. */
import type { AppContext } from '../context.ts';
import { noteRates, withoutRates } from '../store/kimai/kimai-records.ts';
import { inTransaction } from '../store/transactions.ts';
import { ratesOf } from './answers-to-rows.ts';
import type { KimaiApi } from './kimai-api.ts';
import { readProgress, writeProgress } from './progress.ts';

/** Each record is a request. */
const maxAPoll = 100;
/** More changed at once, and the others stay without: asking for all would take days. */
const maxRemembered = 5000;

/** Asks for those of records that changed; of many over some polls. */
export async function readRates(
  { readStore, store, writes }: Pick<AppContext, 'readStore' | 'store' | 'writes'>,
  api: KimaiApi,
): Promise<void> {
  const { rateless } = readProgress(readStore);
  const owed = new Set([...rateless, ...withoutRates(readStore, maxRemembered)]);
  const write = (work: () => void): Promise<void> =>
    writes.run(() => {
      inTransaction(store, () => {
        work();
        writeProgress(store, { rateless: [...owed] });
      });
    });
  if (owed.size > rateless.length) await write(() => undefined);
  for (const id of [...owed].slice(0, maxAPoll)) {
    const said = await api.rates(id);
    owed.delete(id);
    await write(() => said && noteRates(store, id, ratesOf(said)));
  }
}
