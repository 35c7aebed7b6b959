import { safeStorage } from 'electron';
import type { SecretVault } from '../secrets/secrets.ts';

/**
 * The operating system's secret store, after `ready`. Asking for it may make the system show a
 * question, which can take as long as its owner wants. Null where there is none: on Linux without
 * a key ring Electron would seal with a password that is in its source, which protects nothing.
 */
export async function openVault(): Promise<SecretVault | null> {
  if (!(await safeStorage.isAsyncEncryptionAvailable())) return null;
  if (process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text') {
    return null;
  }
  return {
    seal: (plain) => safeStorage.encryptStringAsync(plain.toString('base64')),
    async open(sealed) {
      const { result } = await safeStorage.decryptStringAsync(sealed);
      return Buffer.from(result, 'base64');
    },
  };
}
