import { useCallback } from 'react';
import { type FileRef } from '#shared/contract';
import { overlay } from '#renderer/lib';
import { useCapabilities, useWorkbench } from '#renderer/state';

/** Asks for a folder or a file of the engine's machine, by whichever dialog this host has. */
export type ChoosePlace = (what: 'save-folder' | 'csv-file' | 'file') => Promise<FileRef | null>;

/** @returns null where this host can do neither */
export function useChoosePlace(): ChoosePlace | null {
  const { client } = useWorkbench();
  const { nativePicker, hostPaths } = useCapabilities();
  const native = useCallback<ChoosePlace>(
    async (what) => {
      const [picked] = await client.files.pick({ what: what === 'file' ? 'files' : what });
      return picked?.file ?? null;
    },
    [client],
  );
  if (nativePicker) return native;
  return hostPaths ? inPage : null;
}

const inPage: ChoosePlace = (what) =>
  new Promise((resolve) => {
    const wanted = what === 'save-folder' ? 'folder' : what;
    overlay.set({ kind: 'picker', wanted, onChosen: ([file]) => resolve(file ?? null) });
  });
