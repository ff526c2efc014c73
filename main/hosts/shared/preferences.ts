import type { Log, PreferenceStore } from '#main/ports';
import { DEFAULT_SCAN_RULES, preferences, type Preferences } from '#shared/domain';

/** The part of electron-store, and of conf, that is used: both keep the same file. */
export interface KeyValueFile {
  /** All of it; throws where the file cannot be read. */
  readonly store: Readonly<Record<string, unknown>>;
  set(values: Readonly<Record<string, unknown>>): void;
}

export const DEFAULT_PREFERENCES: Preferences = {
  theme: 'system',
  downloadFolder: null,
  browseFolder: null,
  connectionId: 'builtin',
  places: {},
  scan: DEFAULT_SCAN_RULES,
};

/** A mapping back from any JSON: what does not fit is the default, key by key. */
export function readPreferences(stored: Readonly<Record<string, unknown>>): Preferences {
  const kept = Object.entries(preferences.shape).flatMap(([key, schema]) => {
    const value = schema.safeParse(stored[key]);
    return value.success ? [[key, value.data]] : [];
  });
  return { ...DEFAULT_PREFERENCES, ...(Object.fromEntries(kept) as Partial<Preferences>) };
}

/**
 * Losing them costs nothing: an unreadable file gives the defaults, and what cannot be written is kept until the end
 * of the process.
 */
export function createPreferenceStore(
  file: KeyValueFile,
  log: Log,
  onChange: (now: Preferences) => void = () => undefined,
): PreferenceStore {
  let now = DEFAULT_PREFERENCES;
  try {
    now = readPreferences(file.store);
  } catch (error) {
    log.error('preferences could not be read; the defaults are used', error);
  }
  return {
    get: () => now,
    set(change) {
      now = { ...now, ...change };
      try {
        file.set(now);
      } catch (error) {
        log.error('preferences could not be written', error);
      }
      onChange(now);
      return now;
    },
  };
}
