import { safeStorage } from 'electron';
import type { Log, Secrets } from '#main/ports';
import { sluiceError } from '#shared/errors';
import { openSecretFile } from './secret-file.ts';

/** @returns why keys cannot be kept safely on this computer; null where they can. Once the app is ready. */
export async function whyNoSecrets(platform: NodeJS.Platform = process.platform): Promise<string | null> {
  if (platform === 'linux') {
    // Linux always finds some way to encrypt; without a keyring that way protects nothing.
    const backend = safeStorage.getSelectedStorageBackend();
    if (backend === 'basic_text' || backend === 'unknown') return 'this desktop has no keyring';
  }
  if (!(await safeStorage.isAsyncEncryptionAvailable()))
    return 'the keychain of this system is not available';
  return null;
}

/** Keys in a file of our own, encrypted with a key that the system's keychain holds. */
export function setupSecrets(folder: string, log: Log): Secrets {
  const file = openSecretFile(folder);

  const mustBeSafe = async () => {
    const reason = await whyNoSecrets();
    if (reason !== null) throw sluiceError('SECRETS_UNAVAILABLE', { reason });
  };

  return {
    async get(name) {
      const blob = await attempt(() => file.get(name));
      if (blob === null) return null;
      await mustBeSafe();
      // A failure leaves the blob alone: the keychain may only be locked for now.
      const { result, shouldReEncrypt } = await attempt(() => safeStorage.decryptStringAsync(blob));
      if (shouldReEncrypt) {
        await safeStorage
          .encryptStringAsync(result)
          .then((fresh) => file.put(name, fresh))
          .catch((error: unknown) => log.error('a secret was not encrypted anew', error));
      }
      return result;
    },
    async set(name, value) {
      await mustBeSafe();
      const blob = await attempt(() => safeStorage.encryptStringAsync(value));
      await attempt(() => file.put(name, blob));
    },
    async remove(name) {
      await attempt(() => file.put(name, null));
    },
  };
}

async function attempt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw sluiceError('SECRETS_UNAVAILABLE', { reason }, error);
  }
}
