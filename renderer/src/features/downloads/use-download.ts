import { useMemo } from 'react';
import { type FileRef } from '#shared/contract';
import { type OnExistingFile } from '#shared/domain';
import { attempt, counted, tell } from '#renderer/components';
import { useChoosePlace } from '#renderer/features/picker';
import { overlay } from '#renderer/lib';
import { useWorkbench } from '#renderer/state';

/** Results of runs, or files as they were uploaded. */
export interface DownloadOf {
  readonly kind: 'outputs' | 'originals';
  readonly ids: readonly string[];
}

/**
 * Asks where to, and what is to become of files that stand there; then it goes through the queue.
 * @returns null where this host has no folders to download into
 */
export function useDownload(): ((of: DownloadOf) => Promise<void>) | null {
  const { client, state } = useWorkbench();
  const choosePlace = useChoosePlace();
  return useMemo(() => {
    if (choosePlace === null) return null;
    const begin = async (
      of: DownloadOf,
      folder: FileRef,
      existing: 'ask' | OnExistingFile,
    ): Promise<void> => {
      const { transfers, inTheWay } = await client.downloads.add({
        of: { kind: of.kind, ids: [...of.ids] },
        folder,
        existing,
      });
      if (inTheWay !== null) {
        const onChosen = (chosen: OnExistingFile) => attempt(() => begin(of, folder, chosen));
        overlay.set({ kind: 'in-the-way', ...inTheWay, onChosen });
        return;
      }
      state.apply([{ kind: 'transfers', transfers }]);
      tell(`${counted(transfers.length, 'file')} on the way here; see Downloads below.`);
    };
    return async (of) => {
      const folder = await choosePlace('save-folder');
      if (folder !== null) await begin(of, folder, 'ask');
    };
  }, [client, state, choosePlace]);
}
