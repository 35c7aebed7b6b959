import { Readable } from 'node:stream';
import { Client, FTPError } from 'basic-ftp';
import type { TargetConfig, TargetCredentials } from '../../../src-shared/contract/always-on.ts';
import { AppError } from '../../../src-shared/errors.ts';
import { SerialQueue } from '../../async/serial-queue.ts';
import { unreachable } from './network-errors.ts';
import { foldersAbove, joinPath, partName, type Target } from './target.ts';

type FtpsConfig = Extract<TargetConfig, { kind: 'ftps' }>;

const timeoutMs = 30_000;

/** Cheap web space: FTP over TLS, never without. One connection does one thing at a time. */
export function createFtpsTarget(config: FtpsConfig, { secret }: TargetCredentials): Target {
  const queue = new SerialQueue();
  const known = new Set<string>();
  let client: Client | null = null;

  async function connected(): Promise<Client> {
    if (client !== null && !client.closed) return client;
    const fresh = new Client(timeoutMs);
    const { host, port, user } = config;
    try {
      await fresh.access({ host, port, user, password: secret, secure: true });
    } catch (error) {
      fresh.close();
      if (error instanceof FTPError && error.code === 530) {
        throw new AppError('target_credentials', {}, { cause: error });
      }
      if (error instanceof FTPError) throw new AppError('target_failed', {}, { cause: error });
      throw unreachable(host, error);
    }
    client = fresh;
    return fresh;
  }

  const at = (path: string): string => joinPath(config.folder, path);

  const told = <T>(work: (ftp: Client) => Promise<T>): Promise<T> =>
    queue.run(async () => {
      const ftp = await connected();
      try {
        return await work(ftp);
      } catch (error) {
        if (error instanceof AppError) throw error;
        if (!(error instanceof FTPError)) throw unreachable(config.host, error);
        throw new AppError(codeOf(error), {}, { cause: error });
      }
    });

  /** 550 and 553 are "no": a folder that is missing, or no right to it. */
  function codeOf({ code, message }: FTPError) {
    if (code === 530 || code === 532) return 'target_credentials';
    if (code === 452 || code === 552) return 'target_full';
    if (code === 550 && /no such|not found|directory/i.test(message))
      return 'target_folder_missing';
    if (code === 550 || code === 553 || code === 450) return 'target_not_writable';
    return 'target_failed';
  }

  async function makeFolders(ftp: Client, path: string): Promise<void> {
    // The owner's own folder has to be there: a wrong name must not become a new folder.
    if (config.folder !== '' && !known.has('')) {
      const before = await ftp.pwd();
      await ftp.cd(config.folder);
      await ftp.cd(before);
      known.add('');
    }
    for (const folder of foldersAbove(path)) {
      if (known.has(folder)) continue;
      // Servers answer 550 for a folder that is there, and for one that may not be made: then the
      // upload says so.
      await ftp.sendIgnoringError(`MKD ${at(folder)}`);
      known.add(folder);
    }
  }

  async function removeFile(ftp: Client, path: string): Promise<void> {
    const answer = await ftp.sendIgnoringError(`DELE ${at(path)}`);
    if (answer.code < 400) return;
    const name = path.slice(path.lastIndexOf('/') + 1);
    const names = await namesIn(ftp, path.slice(0, -name.length - 1));
    if (names.includes(name)) throw new AppError('target_not_writable');
  }

  async function namesIn(ftp: Client, folder: string): Promise<string[]> {
    try {
      return (await ftp.list(at(folder))).map(({ name }) => name);
    } catch (error) {
      if (error instanceof FTPError && error.code === 550) return [];
      throw error;
    }
  }

  return {
    parallel: 1,
    list: (folder) =>
      told(async (ftp) => (await namesIn(ftp, folder)).filter((name) => !/^\.\.?$/.test(name))),
    put: (path, bytes) =>
      told(async (ftp) => {
        await makeFolders(ftp, path);
        await ftp.uploadFrom(Readable.from([Buffer.from(bytes)]), at(partName(path)));
        await ftp.rename(at(partName(path)), at(path));
      }),
    remove: (path) =>
      told(async (ftp) => {
        await removeFile(ftp, path);
        await ftp.sendIgnoringError(`DELE ${at(partName(path))}`);
      }),
    removeFolder: (folder) =>
      told(async (ftp) => {
        known.delete(folder);
        await ftp.sendIgnoringError(`RMD ${at(folder)}`);
      }),
    hostKey: () => '',
    close: () =>
      queue.run(() => {
        client?.close();
        client = null;
      }),
  };
}
