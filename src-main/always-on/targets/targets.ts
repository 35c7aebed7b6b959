import type { TargetConfig, TargetCredentials } from '../../../src-shared/contract/always-on.ts';
import { createFolderTarget } from './folder.ts';
import { createFtpsTarget } from './ftps.ts';
import { createS3Target } from './s3.ts';
import { createSftpTarget } from './sftp.ts';
import type { Target } from './target.ts';
import { createWebdavTarget } from './webdav.ts';

/** Opens no connection before something is asked of it. */
export function createTarget(config: TargetConfig, credentials: TargetCredentials): Target {
  switch (config.kind) {
    case 'folder':
      return createFolderTarget(config);
    case 'sftp':
      return createSftpTarget(config, credentials);
    case 'webdav':
      return createWebdavTarget(config, credentials);
    case 'ftps':
      return createFtpsTarget(config, credentials);
    case 's3':
      return createS3Target(config, credentials);
  }
}
