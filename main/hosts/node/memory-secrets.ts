import type { Secrets } from '#main/ports';

/** Secrets of this process only: without an OS keychain nothing is written down. */
export function memorySecrets(): Secrets {
  const held = new Map<string, string>();
  return {
    get: async (name) => held.get(name) ?? null,
    set: async (name, value) => void held.set(name, value),
    remove: async (name) => void held.delete(name),
  };
}
