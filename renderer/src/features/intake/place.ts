import { type Preferences } from '#shared/domain';
import { attempt } from '#renderer/components';
import { usePreferences, useWorkbench } from '#renderer/state';

/** Where new sessions of a connection put files. */
export interface Place {
  /** Whether files keep their names, below `folder`; else each session has a folder of its own. */
  readonly keepNames: boolean;
  /** Without slashes at its ends; may be empty, which is the top of the bucket. */
  readonly folder: string;
}

/** @returns what keys start with where names are kept; null for a folder of the session's own */
export function folderOf(preferences: Preferences | null, connectionId: string): string | null {
  const place = preferences?.places[connectionId];
  return place?.keepNames === true ? place.folder : null;
}

/** The place that is remembered for a connection, and how to choose another. */
export function usePlace(connection: { readonly id: string; readonly prefix: string } | null): {
  readonly place: Place;
  readonly setPlace: (change: Partial<Place>) => void;
} {
  const { client, state } = useWorkbench();
  const places = usePreferences()?.places ?? {};
  const place = places[connection?.id ?? ''] ?? { keepNames: false, folder: connection?.prefix ?? '' };
  return {
    place,
    setPlace: (change) => {
      if (connection === null) return;
      const next = { ...places, [connection.id]: { ...place, ...change } };
      // At once: what is chosen has to hold for a drop that follows on its heels.
      state.preferences.set((now) => (now === null ? now : { ...now, places: next }));
      attempt(() => client.system.setPreferences({ places: next }));
    },
  };
}

/** As the engine takes it: no slashes at its ends, and none doubled. */
export const tidyFolder = (text: string): string =>
  text
    .trim()
    .replace(/\/+/g, '/')
    .replace(/^\/|\/$/g, '');
