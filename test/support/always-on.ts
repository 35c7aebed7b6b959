import Database from 'better-sqlite3';
import type { TargetConfig, TargetCredentials } from '../../src-shared/contract/always-on.ts';
import { writeTarget } from '../../src-main/always-on/stored-target.ts';
import type { AlwaysOnOptions } from '../../src-main/always-on/always-on.ts';
import type { Later } from '../../src-main/async/later.ts';
import { loadSecrets } from '../../src-main/secrets/secrets.ts';
import type { Store } from '../../src-main/store/open.ts';
import { WriteQueue } from '../../src-main/store/write-queue.ts';
import { createTestApp, type TestApp, type TestAppOptions } from './app.ts';

export interface AlwaysOnApp extends TestApp {
  /** Uploads what has changed, as the program does some seconds after a change. */
  uploadChanges(): Promise<void>;
  /** Uploads as the owner asks for it by hand. */
  uploadEverything(): Promise<void>;
  /** Stores a web space that is not checked. */
  storeTarget(config: TargetConfig, credentials?: TargetCredentials): Promise<void>;
}

/** The whole program, whose uploads begin when the test says so. */
export async function createAlwaysOnApp(
  options: TestAppOptions & Pick<AlwaysOnOptions, 'targetOf'>,
): Promise<AlwaysOnApp> {
  const { targetOf, ...others } = options;
  const waiting = new Map<() => Promise<void>, number>();
  const later: Later = (job, ms) => {
    waiting.set(job, ms);
    return () => waiting.delete(job);
  };
  const app = await createTestApp({ ...others, start: true, alwaysOn: { targetOf, later } });
  /** Lets time pass until an upload has run: what waits, else the one of the next look at the day. */
  async function uploadChanges(): Promise<void> {
    for (let isLook = true; isLook;) {
      const [job, ms] = [...waiting].toSorted(([, one], [, other]) => one - other)[0]!;
      waiting.delete(job);
      await job();
      isLook = ms > 60_000;
    }
  }
  return {
    ...app,
    uploadChanges,
    async uploadEverything() {
      await app.call('alwaysOn.upload');
      await uploadChanges();
    },
    async storeTarget(config, credentials = { secret: '', privateKey: '' }) {
      const log = { info: () => undefined, error: () => undefined };
      const { secrets } = await loadSecrets(app.dataDir, null, log);
      const store = new Database(app.database) as Store;
      await writeTarget({ store, writes: new WriteQueue(), secrets }, config, credentials);
      store.close();
    },
  };
}
