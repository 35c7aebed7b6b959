import { safeStorage } from 'electron';
import type { SecretVault } from '../secrets/secrets.ts';

/**
 * The operating system's secret store, after `ready`. Null where there is none: on Linux without
 * a key ring Electron would seal with a password that is in its source, which protects nothing.
 */
export function createVault(): SecretVault | null {
  if (!safeStorage.isEncryptionAvailable()) return null;
  if (process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text') {
    return null;
  }
  return {
    seal: (plain) => safeStorage.encryptString(plain.toString('base64')),
    open: (sealed) => Buffer.from(safeStorage.decryptString(sealed), 'base64'),
  };
}
