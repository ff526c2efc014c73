import { nativeTheme, type Rectangle } from 'electron';
import Store from 'electron-store';
import { z } from 'zod';
import type { Log, PreferenceStore } from '#main/ports';
import { createPreferenceStore, type KeyValueFile } from '../shared/index.ts';
import type { WindowMemory } from './window.ts';

export interface Settings {
  readonly preferences: PreferenceStore;
  readonly windowMemory: WindowMemory;
}

const rectangle = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
});

/** @param folder where `preferences.json` is kept */
export function setupSettings(folder: string, log: Log): Settings {
  const file = openFile(folder, log);
  const preferences = createPreferenceStore(file, log, ({ theme }) => {
    nativeTheme.themeSource = theme;
  });
  nativeTheme.themeSource = preferences.get().theme;
  return { preferences, windowMemory: windowMemory(file, log) };
}

function openFile(folder: string, log: Log): KeyValueFile {
  try {
    return new Store({ cwd: folder, name: 'preferences', clearInvalidConfig: true });
  } catch (error) {
    log.error('the file of preferences cannot be used; they last until Sluice quits', error);
    let store: Readonly<Record<string, unknown>> = {};
    return {
      get store() {
        return store;
      },
      set(values) {
        store = { ...store, ...values };
      },
    };
  }
}

function windowMemory(file: KeyValueFile, log: Log): WindowMemory {
  const attempt = <T>(work: () => T): T | null => {
    try {
      return work();
    } catch (error) {
      log.error('the size of the window could not be kept', error);
      return null;
    }
  };
  return {
    load: () => attempt(() => rectangle.safeParse(file.store['window']).data ?? null),
    save: (bounds: Rectangle) => void attempt(() => file.set({ window: bounds })),
  };
}
