import { Client, type SFTPWrapper } from 'ssh2';
import type { TargetConfig, TargetCredentials } from '../../../src-shared/contract/always-on.ts';
import { AppError } from '../../../src-shared/errors.ts';
import { PinnedHostKey } from '../../ssh/host-key.ts';
import { unreachable } from './network-errors.ts';
import { foldersAbove, joinPath, partName, type Target } from './target.ts';

type SftpConfig = Extract<TargetConfig, { kind: 'sftp' }>;

/** Codes of the SFTP protocol. */
const status = { noSuchFile: 2, permissionDenied: 3, failure: 4 } as const;
const connectTimeoutMs = 15_000;

/** Files over SSH. The server's key is pinned at the first connection. */
export function createSftpTarget(
  config: SftpConfig,
  { secret, privateKey }: TargetCredentials,
): Target {
  const pin = new PinnedHostKey(config.hostKey);
  const known = new Set<string>();
  let connection: Promise<{ client: Client; sftp: SFTPWrapper }> | null = null;

  function connect(): Promise<{ client: Client; sftp: SFTPWrapper }> {
    const client = new Client();
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        client.destroy();
        reject(explain(error));
      };
      client.on('error', fail);
      client.on('close', () => {
        connection = null;
        fail(new AppError('target_unreachable', { host: config.host }));
      });
      client.on('ready', () => {
        client.sftp((error, sftp) => {
          if (error) fail(error);
          else {
            // One for each request that is on its way.
            sftp.setMaxListeners(0);
            resolve({ client, sftp });
          }
        });
      });
      try {
        client.connect({
          host: config.host,
          port: config.port,
          username: config.user,
          readyTimeout: connectTimeoutMs,
          keepaliveInterval: connectTimeoutMs,
          hostVerifier: pin.verify,
          ...(privateKey === '' ? { password: secret } : { privateKey, passphrase: secret }),
        });
      } catch (error) {
        // A private key that cannot be read, or whose passphrase is wrong.
        fail(new AppError('target_credentials', {}, { cause: error }));
      }
    });
  }

  function explain(error: Error & { level?: string }): AppError {
    if (error instanceof AppError) return error;
    try {
      pin.check();
    } catch (changed) {
      return changed as AppError;
    }
    if (error.level === 'client-authentication') {
      return new AppError('target_credentials', {}, { cause: error });
    }
    return unreachable(config.host, error);
  }

  /** Calls a function of the protocol; its errors become ours. */
  async function ask<T>(
    call: (sftp: SFTPWrapper, done: (error: Error | null | undefined, value?: T) => void) => void,
  ): Promise<T> {
    connection ??= connect();
    const own = connection;
    let sftp: SFTPWrapper;
    try {
      ({ sftp } = await own);
    } catch (error) {
      connection = null;
      throw error;
    }
    return new Promise((resolve, reject) => {
      const cut = (): void => {
        reject(new AppError('target_unreachable', { host: config.host }));
      };
      sftp.once('close', cut);
      call(sftp, (error, value) => {
        sftp.off('close', cut);
        if (error) reject(error);
        else resolve(value as T);
      });
    });
  }

  const at = (path: string): string => joinPath(config.folder, path) || '.';
  const codeOf = (error: unknown): number | undefined => (error as { code?: number }).code;

  async function told<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof AppError) throw error;
      const code = codeOf(error);
      if (code === status.permissionDenied) {
        throw new AppError('target_not_writable', {}, { cause: error });
      }
      if (code === status.noSuchFile) {
        throw new AppError('target_folder_missing', {}, { cause: error });
      }
      throw new AppError('target_failed', {}, { cause: error });
    }
  }

  async function makeFolders(path: string): Promise<void> {
    for (const folder of foldersAbove(path)) {
      if (known.has(folder)) continue;
      try {
        await ask<undefined>((sftp, done) => {
          sftp.mkdir(at(folder), done);
        });
      } catch (error) {
        // Servers answer "failure" for a folder that is there.
        if (codeOf(error) !== status.failure) throw error;
      }
      known.add(folder);
    }
  }

  const unlink = async (path: string): Promise<void> => {
    try {
      await ask<undefined>((sftp, done) => {
        sftp.unlink(at(path), done);
      });
    } catch (error) {
      if (codeOf(error) !== status.noSuchFile) throw error;
    }
  };

  /** In one step where the server can (OpenSSH and most others), else by removing first. */
  async function replace(part: string, path: string): Promise<void> {
    try {
      await ask<undefined>((sftp, done) => {
        sftp.ext_openssh_rename(at(part), at(path), done);
      });
    } catch (error) {
      if (error instanceof AppError || !/not supported/i.test((error as Error).message))
        throw error;
      await unlink(path);
      await ask<undefined>((sftp, done) => {
        sftp.rename(at(part), at(path), done);
      });
    }
  }

  return {
    parallel: 16,
    list: (folder) =>
      told(async () => {
        try {
          const entries = await ask<{ filename: string }[]>((sftp, done) => {
            sftp.readdir(at(folder), done);
          });
          return entries.map(({ filename }) => filename);
        } catch (error) {
          if (codeOf(error) === status.noSuchFile) return [];
          throw error;
        }
      }),
    put: (path, bytes) =>
      told(async () => {
        await makeFolders(path);
        await ask<undefined>((sftp, done) => {
          sftp.writeFile(at(partName(path)), Buffer.from(bytes), done);
        });
        await replace(partName(path), path);
      }),
    remove: (path) =>
      told(async () => {
        await unlink(path);
        await unlink(partName(path));
      }),
    removeFolder: (folder) =>
      told(async () => {
        known.delete(folder);
        try {
          await ask<undefined>((sftp, done) => {
            sftp.rmdir(at(folder), done);
          });
        } catch (error) {
          // It is gone already, or something of somebody else's lies in it.
          const code = codeOf(error);
          if (code !== status.noSuchFile && code !== status.failure) throw error;
        }
      }),
    hostKey: () => pin.seen,
    async close() {
      const open = connection;
      connection = null;
      try {
        (await open)?.client.destroy();
      } catch {
        // The connection never opened: its error went to the call that needed it.
      }
    },
  };
}
